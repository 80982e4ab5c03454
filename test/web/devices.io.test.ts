import assert from "node:assert/strict";
import { request } from "node:http";
import { describe, it } from "node:test";
import type { DevicesView, DeviceView } from "../../src/model/devices/view.ts";
import type { View } from "../../src/model/view.ts";
import { type HistoryReader, noHistory } from "../../src/web/routes.ts";
import { exampleClient, exampleMesh, exampleNetwork, lostRouter } from "../fakes/example-network.ts";
import { okView } from "./fixtures.ts";
import { listen, startTestWeb } from "./harness.ts";

const anna = exampleClient(1, {
  name: "Anna's Phone",
  ip: "10.0.0.7",
  macs: ["00:11:22:00:00:01", "02:00:00:00:00:aa"],
});
const printer = exampleClient(2, { name: "Printer", vendor: "Brother", ip: "10.0.0.8" });
const leased = exampleClient(3, { name: "Old laptop", lastSeen: 0 });

const withNetwork = (network: Partial<DevicesView>, at = 1_768_478_400_000): View => ({
  ...okView(at),
  network: exampleNetwork(network),
});
const house = withNetwork({
  devices: [anna, printer],
  unseen: [leased],
  routers: [lostRouter()],
  meshPoints: [exampleMesh()],
  devicesOnline: 2,
  unknownDevices: 0,
  suggestions: [{ macs: [anna.mac, printer.mac], names: ["Anna's Phone", "Printer"], reasons: ["same host name"] }],
  ignored: [{ mac: "00:11:22:00:00:09", name: "TV" }],
});

interface Answer {
  readonly error?: string;
  readonly devices_rev: number;
  readonly total: number;
  readonly devices: readonly DeviceView[];
  readonly unseen: readonly DeviceView[];
  readonly device: DeviceView;
  readonly activity: readonly object[];
  readonly events: readonly object[];
}
const getJson = async (url: string) => {
  const response = await fetch(url);
  return { status: response.status, body: (await response.json()) as Answer };
};
const ids = (devices: readonly DeviceView[]) => devices.map(({ name }) => name);

describe("all devices", () => {
  it("are told whole, those that were never seen apart", async () => {
    await using web = await startTestWeb();
    web.push(house);
    const { status, body } = await getJson(`${web.url}api/devices`);
    assert.equal(status, 200);
    assert.deepEqual(body.devices, [anna, printer]);
    assert.deepEqual(body.unseen, [leased]);
    assert.equal(body.total, 3);
  });

  for (const [q, names] of [
    ["anna", ["Anna's Phone"]],
    ["PRINT", ["Printer"]],
    ["brother attic", ["Printer"]],
    ["10.0.0", ["Anna's Phone", "Printer"]],
    ["02:00:00:00:00:AA", ["Anna's Phone"]],
    ["0200000000aa", ["Anna's Phone"]],
    ["laptop", ["Old laptop"]],
    ["anna printer", []],
    ["%' or 1=1", []],
    ["  ", ["Anna's Phone", "Printer", "Old laptop"]],
  ] as const)
    it(`are found by "${q}"`, async () => {
      await using web = await startTestWeb();
      web.push(house);
      const { body } = await getJson(`${web.url}api/devices?q=${encodeURIComponent(q)}`);
      assert.deepEqual([...ids(body.devices), ...ids(body.unseen)], names);
      assert.equal(body.total, names.length);
    });

  it("are no more than were asked for, and the answer says how many there are", async () => {
    await using web = await startTestWeb();
    web.push(withNetwork({ devices: Array.from({ length: 1_000 }, (_, n) => exampleClient(n)), unseen: [leased] }));
    const { body } = await getJson(`${web.url}api/devices?limit=10`);
    assert.deepEqual([body.devices.length, body.unseen.length, body.total], [10, 0, 1_001]);
    const all = await getJson(`${web.url}api/devices`);
    assert.deepEqual([all.body.devices.length, all.body.unseen.length], [1_000, 1], "not what was asked before");
  });

  for (const query of ["limit=0", "limit=5001", "limit=many", `q=${"x".repeat(101)}`, "sort=name"])
    it(`are refused with a reason to ${query.slice(0, 20)}`, async () => {
      await using web = await startTestWeb();
      const { status, body } = await getJson(`${web.url}api/devices?${query}`);
      assert.equal(status, 400);
      assert.match(body.error ?? "", /\w{4}/);
    });

  it("travel packed when the browser takes that", async () => {
    await using web = await startTestWeb();
    web.push(withNetwork({ devices: Array.from({ length: 1_000 }, (_, n) => exampleClient(n)) }));
    const sizes = await Promise.all(
      ["gzip", "identity"].map(
        (encoding) =>
          new Promise<number>((resolve) => {
            request(`${web.url}api/devices`, { headers: { "accept-encoding": encoding } }, (answer) => {
              let size = 0;
              answer.on("data", (part: Buffer) => {
                size += part.length;
              });
              answer.on("end", () => resolve(size));
            }).end();
          }),
      ),
    );
    assert.ok((sizes[0] ?? 0) * 5 < (sizes[1] ?? 0), sizes.join(" against "));
    assert.equal((await getJson(`${web.url}api/devices`)).body.devices.length, 1_000);
  });
});

describe("the state", () => {
  it("tells of routers, counts and suggestions, and not of the devices", async () => {
    await using web = await startTestWeb();
    web.push(house);
    const { devices: _d, unseen: _u, ...rest } = house.network;
    const body = (await (await fetch(`${web.url}api/state`)).json()) as { readonly network: object };
    assert.deepEqual(body.network, JSON.parse(JSON.stringify(rest)));
  });

  it("says by a number when the devices changed, and by the same one when they did not", async () => {
    await using web = await startTestWeb();
    const rev = async () => {
      const state = (await (await fetch(`${web.url}api/state`)).json()) as Answer;
      const { body } = await getJson(`${web.url}api/devices`);
      assert.equal(state.devices_rev, body.devices_rev);
      return state.devices_rev;
    };
    web.push(house);
    const first = await rev();
    web.push({ ...house, site: "other", network: { ...house.network, devices: [...house.network.devices] } });
    assert.equal(await rev(), first, "the same devices in another list");
    web.push(withNetwork({ ...house.network, devices: [{ ...anna, ip: "10.0.0.9" }, printer] }));
    const second = await rev();
    assert.notEqual(second, first);
    web.push(withNetwork({ ...house.network, devices: [printer], unseen: [] }));
    assert.notEqual(await rev(), second);
  });

  it("of a thousand devices is no larger in the stream than that of one", async () => {
    await using web = await startTestWeb();
    const client = await listen(web.url);
    await client.next();
    web.push(withNetwork({ devices: [anna] }));
    const one = await client.next();
    await web.clock.advance(250);
    web.push(withNetwork({ devices: Array.from({ length: 1_000 }, (_, n) => exampleClient(n)) }));
    const many = await client.next();
    assert.ok(Math.abs(many.data.length - one.data.length) < 20);
    client.close();
  });
});

describe("one device", () => {
  const cells = (hour: number, mask: number) => Array.from({ length: 24 }, (_, n) => (n === hour ? mask : 0));

  it("comes with its days, those of all its MACs together, and with what happened to it", async () => {
    const asked: unknown[] = [];
    const history: HistoryReader = {
      ...noHistory,
      activity: async (span) => {
        asked.push(span);
        return span.id === anna.id
          ? [
              { id: anna.id, day: "2026-01-14", cells: cells(3, 1) },
              { id: anna.id, day: "2026-01-15", cells: cells(4, 1) },
            ]
          : [{ id: "0200000000aa", day: "2026-01-15", cells: cells(4, 6) }];
      },
      deviceEvents: async (given) => {
        asked.push(given);
        return [
          { event_type: "device_joined", at: 1_768_478_300_000, text: "Anna joined.", fields: { mac: anna.mac } },
        ];
      },
    };
    await using web = await startTestWeb({ history });
    web.push(house);
    const { status, body } = await getJson(`${web.url}api/devices/02-00-00-00-00-AA?days=2`);
    assert.equal(status, 200);
    assert.deepEqual(body.device, anna);
    assert.deepEqual(body.activity, [
      { day: "2026-01-14", cells: cells(3, 1) },
      { day: "2026-01-15", cells: cells(4, 7) },
    ]);
    assert.deepEqual(
      body.events.map((event) => ({ ...event, at: Date.parse((event as { at: string }).at) })),
      [{ event_type: "device_joined", at: 1_768_478_300_000, text: "Anna joined.", mac: anna.mac }],
    );
    assert.deepEqual(asked, [
      { fromDay: "2026-01-14", toDay: "2026-01-15", id: anna.id },
      { fromDay: "2026-01-14", toDay: "2026-01-15", id: "0200000000aa" },
      { macs: anna.macs, limit: 100 },
    ]);
  });

  it("is found although it was never seen", async () => {
    await using web = await startTestWeb();
    web.push(house);
    assert.deepEqual((await getJson(`${web.url}api/devices/${leased.id}`)).body.device, leased);
  });

  for (const [path, status] of [
    ["00:11:22:00:00:99", 404],
    ["nonsense", 400],
    ["..%2f..%2fetc", 400],
    ["00:11:22:00:00:01?days=401", 400],
    ["00:11:22:00:00:01?from=1", 400],
  ] as const)
    it(`answers ${status} to ${path}`, async () => {
      await using web = await startTestWeb();
      web.push(house);
      const answer = await getJson(`${web.url}api/devices/${path}`);
      assert.equal(answer.status, status);
      assert.match(answer.body.error ?? "", /\w{4}/);
    });

  it("is 503 when the history fails", async () => {
    const history = { ...noHistory, activity: () => Promise.reject(new Error("disk I/O error")) };
    await using web = await startTestWeb({ history });
    web.push(house);
    assert.equal((await getJson(`${web.url}api/devices/${anna.mac}`)).status, 503);
  });
});

describe("commands for devices", () => {
  const post = (url: string, body: string) =>
    fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
  const [one, two] = [anna.mac, printer.mac];

  it("reach the program with their MACs in one form", async () => {
    await using web = await startTestWeb();
    for (const [name, body] of [
      ["acknowledge", { mac: "00-11-22-00-00-01" }],
      ["acknowledge", { mac: one, name: "  Anna's <b>phone</b> " }],
      ["ignore", { mac: "001122000002" }],
      ["join", { macs: [one, two, one], name: "Anna" }],
      ["join", { macs: [two] }],
    ] as const)
      assert.equal((await post(`${web.url}api/commands/${name}`, JSON.stringify(body))).status, 202);
    assert.deepEqual(web.commands, [
      { name: "acknowledge", mac: one },
      { name: "acknowledge", mac: one, deviceName: "Anna's <b>phone</b>" },
      { name: "ignore", mac: two },
      { name: "join", macs: [one, two], deviceName: "Anna" },
      { name: "join", macs: [two] },
    ]);
  });

  for (const [name, body] of [
    ["acknowledge", ""],
    ["acknowledge", {}],
    ["acknowledge", { mac: "router" }],
    ["acknowledge", { mac: "ff:ff:ff:ff:ff:ff" }],
    ["acknowledge", { mac: one, name: "two\nlines" }],
    ["acknowledge", { mac: one, name: "x".repeat(65) }],
    ["acknowledge", { mac: one, known: true }],
    ["ignore", { mac: 7 }],
    ["ignore", { mac: one, name: "x" }],
    ["join", { macs: [] }],
    ["join", { macs: [one, "x"] }],
    ["join", { macs: Array(51).fill(one) }],
  ] as const)
    it(`${name} is refused with ${JSON.stringify(body).slice(0, 50)}`, async () => {
      await using web = await startTestWeb();
      const response = await post(
        `${web.url}api/commands/${name}`,
        typeof body === "string" ? body : JSON.stringify(body),
      );
      assert.equal(response.status, 400);
      assert.match(((await response.json()) as Answer).error ?? "", /\w{4}/);
      assert.deepEqual(web.commands, []);
    });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { toReading } from "../../../src/sources/amplifi/reading.ts";
import { kitchen, list, mesh, nas, phone, point, radio, router } from "./lists.ts";

const read = (parts: Parameters<typeof list>[0]) => toReading(list(parts), "Alien").reading;
const onlyClient = (parts: Parameters<typeof list>[0]) => {
  const { clients } = read(parts);
  assert.equal(clients.length, 1);
  return clients[0];
};

describe("a Wi-Fi client of an AmpliFi", () => {
  it("has all that the association and the directory say", () => {
    const row = {
      Address: "192.168.1.110",
      HostName: "Annas-iPhone",
      LeaseValidity: 2_520,
      Mode: "802.11ax",
      SignalQuality: 74,
      HappinessScore: 75,
      Inactive: 30,
      RxBitrate: 1_300_000,
      TxBitrate: 866_700,
      RxBytes: 5_000_000,
      TxBytes: 400_000,
      RxBytes_60sec: 94_676,
      TxBytes_60sec: 148_526,
    };
    const directory = { [phone]: { connection: "wireless", description: " Anna ", manufacturer: "Apple" } };
    assert.deepEqual(onlyClient({ wifi: radio({ [phone.toUpperCase()]: row }), directory }), {
      mac: phone,
      connected: true,
      link: "wifi",
      accessPoint: router,
      band: "5",
      network: "user",
      signalPercent: 74,
      idleS: 30,
      receivedBytes: 5_000_000,
      sentBytes: 400_000,
      counter: `${router} 5`,
      recent: { seconds: 60, receivedBytes: 94_676, sentBytes: 148_526 },
      linkDownBps: 1_300_000_000,
      linkUpBps: 866_700_000,
      ip: "192.168.1.110",
      hostname: "Annas-iPhone",
      description: "Anna",
      vendor: "Apple",
      lease: { expiresInS: 2_520 },
    });
  });

  it("has only the fields that the router gives", () => {
    assert.deepEqual(onlyClient({ wifi: radio({ [phone]: {} }) }), {
      mac: phone,
      connected: true,
      link: "wifi",
      accessPoint: router,
      band: "5",
      network: "user",
      counter: `${router} 5`,
    });
  });

  it("takes the description of the association before that of the directory", () => {
    const directory = { [phone]: { connection: "wireless", description: "old", host_name: "iphone", ip: "10.0.0.9" } };
    const client = onlyClient({ wifi: radio({ [phone]: { Description: "new" } }), directory });
    assert.deepEqual([client?.description, client?.hostname, client?.ip], ["new", "iphone", "10.0.0.9"]);
  });

  for (const [text, band] of [
    ["2.4 GHz", "2.4"],
    ["5 GHz", "5"],
    ["5GHz", "5"],
    ["6 GHz", "6"],
    ["60 GHz", undefined],
    ["default", undefined],
  ] as const)
    it(`on "${text}" is on band ${band}`, () => {
      assert.equal(onlyClient({ wifi: radio({ [phone]: {} }, { band: text }) })?.band, band);
    });

  for (const [text, network] of [
    ["User network", "user"],
    ["Guest network", "guest"],
    ["Device network", "device"],
    ["Something new", "user"],
  ] as const)
    it(`on "${text}" is on the ${network} network`, () => {
      assert.equal(onlyClient({ wifi: radio({ [phone]: {} }, { network: text }) })?.network, network);
    });

  for (const [what, row, expected] of [
    [
      "the 64-bit counter before the full 32-bit one",
      { RxBytes: 4_294_967_295, RxBytes64: 4_429_155_451 },
      4_429_155_451,
    ],
    ["nothing from a full counter", { RxBytes: 4_294_967_295 }, undefined],
    ["nothing from a full counter of the other kind", { RxBytes: 4_294_967_295, RxBytes64: 4_294_967_295 }, undefined],
    ["a counter that is nearly full", { RxBytes: 4_294_967_294 }, 4_294_967_294],
    ["nothing from a counter that is no number", { RxBytes: "12" }, undefined],
    ["nothing from a counter below zero", { RxBytes: -1 }, undefined],
  ] as const)
    it(`takes ${what}`, () => {
      assert.equal(onlyClient({ wifi: radio({ [phone]: row }) })?.receivedBytes, expected);
    });

  it("counts anew on another access point or band", () => {
    const counterAt = (at: Parameters<typeof radio>[1]) => onlyClient({ wifi: radio({ [phone]: {} }, at) })?.counter;
    const counters = [{}, { band: "2.4 GHz" }, { accessPoint: kitchen }].map(counterAt);
    assert.equal(new Set(counters).size, 3);
  });

  it("that has hardly received anything is noted, and only then", () => {
    const notes = (row: object) => onlyClient({ wifi: radio({ [phone]: row }) })?.notes;
    assert.deepEqual(notes({ RxBytes: 999, LeaseValidity: 60 }), ["low RxBytes value (999) with lease 60s"]);
    assert.deepEqual(notes({ RxBytes: 1 }), ["low RxBytes value (1)"]);
    assert.equal(notes({ RxBytes: 1_000 }), undefined);
    assert.equal(notes({ RxBytes: 4_294_967_295 }), undefined);
    assert.equal(notes({ RxBytes: 500, RxBytes64: 5_000_000_000 }), undefined);
  });

  it("keeps what is good of an odd row, as one line", () => {
    const row = {
      Address: "not an address",
      HostName: "a\nb\u0007",
      SignalQuality: 300,
      Inactive: null,
      RxBitrate: [],
    };
    const client = onlyClient({ wifi: radio({ [phone]: row }) });
    assert.deepEqual([client?.ip, client?.hostname, client?.signalPercent], [undefined, "a b", undefined]);
  });

  it("with an IPv6 address has it as such", () => {
    const client = onlyClient({
      wifi: radio({ [phone]: { Address: "fd00::5" } }),
      directory: { [phone]: { ip: "10.0.0.5" } },
    });
    assert.deepEqual([client?.ip, client?.ipv6], ["10.0.0.5", ["fd00::5"]]);
  });
});

describe("a client under two access points at once", () => {
  const both = (here: object, there: object) =>
    onlyClient({
      mesh: mesh({ wifi: { [kitchen]: point(kitchen, "Kitchen") } }),
      wifi: { ...radio({ [phone]: here }), ...radio({ [phone]: there }, { accessPoint: kitchen }) },
    })?.accessPoint;

  it("is where it was heard last", () => {
    assert.equal(both({ Inactive: 40, RxBytes_60sec: 9_000 }, { Inactive: 1 }), kitchen);
    assert.equal(both({ Inactive: 0 }, { Inactive: 1, RxBytes_60sec: 9_000 }), router);
  });
  it("is where it carries most when it was heard at the same time", () => {
    assert.equal(both({ Inactive: 2, RxBytes_60sec: 100 }, { Inactive: 2, TxBytes_60sec: 101 }), kitchen);
    assert.equal(both({ Inactive: 2, RxBytes_60sec: 200 }, { Inactive: 2, TxBytes_60sec: 101 }), router);
  });
  it("is not where nobody says how long it has been silent", () => {
    assert.equal(both({}, { Inactive: 300 }), kitchen);
  });
  it("is not at one that is lost, and with that one alone it is not connected", () => {
    const wifi = {
      ...radio({ [phone]: { Inactive: 9 } }),
      ...radio({ [phone]: { Inactive: 0 } }, { accessPoint: kitchen }),
    };
    const lost = mesh({ offline: { [kitchen]: point(kitchen, "Kitchen") } });
    assert.equal(onlyClient({ mesh: lost, wifi })?.accessPoint, router);
    const alone = onlyClient({ mesh: lost, wifi: radio({ [phone]: {} }, { accessPoint: kitchen }) });
    assert.deepEqual([alone?.connected, alone?.accessPoint], [false, kitchen]);
  });
});

describe("a wired client of an AmpliFi", () => {
  it("is one that the directory says is wired, with its port where there is one", () => {
    const directory = {
      [nas]: {
        connection: "ethernet",
        host_name: "nas",
        description: "Storage",
        ip: "192.168.1.20",
        lease_validity: 9,
      },
      "00:11:32:00:00:21": { connection: "ethernet" },
      "00:11:32:00:00:22": { connection: "wireless" },
    };
    const { clients } = read({ directory, ports: { [router]: { [nas]: 1, "00:11:32:00:00:22": 2 } } });
    assert.deepEqual(clients, [
      {
        ip: "192.168.1.20",
        hostname: "nas",
        description: "Storage",
        lease: { expiresInS: 9 },
        mac: nas,
        connected: true,
        link: "wired",
        accessPoint: router,
        interface: "eth-1",
      },
      { mac: "00:11:32:00:00:21", connected: true, link: "wired" },
    ]);
  });

  it("may be told by its port alone, if the directory knows it", () => {
    const { clients } = read({ directory: { [nas]: {} }, ports: { [router]: { [nas]: 3, [phone]: 4 } } });
    assert.deepEqual(
      clients.map((client) => [client.mac, client.interface]),
      [[nas, "eth-3"]],
    );
  });

  it("is not counted twice when it is on the radio too", () => {
    const directory = { [phone]: { connection: "ethernet" } };
    assert.equal(onlyClient({ wifi: radio({ [phone]: {} }), directory })?.link, "wifi");
    const lost = mesh({ offline: { [kitchen]: point(kitchen, "Kitchen") } });
    const left = radio({ [phone]: {} }, { accessPoint: kitchen });
    assert.equal(onlyClient({ mesh: lost, wifi: left, directory })?.link, "wired");
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { toReading } from "../../../src/sources/amplifi/reading.ts";
import { SourceError } from "../../../src/sources/source.ts";
import { attic, kitchen, list, mesh, nas, phone, point, radio, router } from "./lists.ts";

const read = (parts: Parameters<typeof list>[0]) => toReading(list(parts), "Alien").reading;

describe("the mesh of an AmpliFi", () => {
  it("has the router and any number of points, in groups of any name and behind each other", () => {
    const garden = "f0:9f:c2:00:00:04";
    const shed = "f0:9f:c2:00:00:05";
    const reading = read({
      mesh: mesh({
        wifi: {
          [kitchen]: point(kitchen, "Kitchen (AFi-P-HD-000002)", {
            children: { wifi: { [garden]: point(garden, "Garden", { active_band: "2.4 GHz" }) } },
          }),
        },
        ethernet: { [attic]: point(attic, "Attic", { active_band: undefined, rssi_min: undefined }) },
        offline: { [shed]: { friendly_name: "Shed", mac: shed, role: "Extender" } },
      }),
    });
    assert.deepEqual(reading.accessPoints, [
      { id: router, name: "Home", main: true },
      { id: kitchen, name: "Kitchen", main: false },
      { id: attic, name: "Attic", main: false },
      { id: shed, name: "Shed", main: false },
      { id: garden, name: "Garden", main: false },
    ]);
    const common = { online: true, model: "AFi-P-HD", ip: "192.168.1.239", uptimeS: 2_008 };
    assert.deepEqual(reading.router?.meshPoints, [
      { ...common, mac: kitchen, name: "Kitchen", signalDbm: -63, band: "5", uplink: "Home" },
      { ...common, mac: attic, name: "Attic", band: "wired", uplink: "Home" },
      { mac: shed, name: "Shed", online: false },
      { ...common, mac: garden, name: "Garden", signalDbm: -63, band: "2.4", uplink: "Kitchen" },
    ]);
  });

  it("loses what hangs behind a lost point, and what it last said of its way back", () => {
    const reading = read({
      mesh: mesh({
        offline: { [kitchen]: point(kitchen, "Kitchen", { children: { wifi: { [attic]: point(attic, "Attic") } } }) },
      }),
    });
    const lost = { online: false, model: "AFi-P-HD", ip: "192.168.1.239" };
    assert.deepEqual(reading.router?.meshPoints, [
      { ...lost, mac: kitchen, name: "Kitchen" },
      { ...lost, mac: attic, name: "Attic" },
    ]);
  });

  it("counts a point once, online where it stands in two groups", () => {
    const row = point(kitchen, "Kitchen");
    for (const groups of [
      { wifi: { [kitchen]: row }, offline: { [kitchen]: row } },
      { offline: { [kitchen]: row }, wifi: { [kitchen]: row } },
    ]) {
      const points = read({ mesh: mesh(groups) }).router?.meshPoints;
      assert.deepEqual(
        points?.map(({ mac, online }) => [mac, online]),
        [[kitchen, true]],
      );
    }
  });

  it("keeps a point for the one reading in which its live facts are missing", () => {
    const bare = { friendly_name: "Kitchen", mac: kitchen, role: "Extender" };
    const [only] = read({ mesh: mesh({ wifi: { [kitchen]: bare } }) }).router?.meshPoints ?? [];
    assert.deepEqual(only, { mac: kitchen, name: "Kitchen", online: true, uplink: "Home" });
  });

  it("tells points of the same name apart", () => {
    const wifi = { [kitchen]: point(kitchen, "Mesh (AFi-P-HD-02)"), [attic]: point(attic, "Mesh (AFi-P-HD-03)") };
    const names = read({ mesh: mesh({ wifi }) }).router?.meshPoints?.map(({ name }) => name);
    assert.deepEqual(names, ["Mesh (AFi-P-HD-02)", "Mesh (AFi-P-HD-03)"]);
  });

  it("knows the router by its role, wherever it stands", () => {
    const own = (mesh() as Record<string, object>)[router];
    const nested = { [attic]: point(attic, "Attic", { children: { wifi: { [router]: own } } }) };
    assert.deepEqual(
      read({ mesh: nested }).accessPoints?.find(({ main }) => main),
      { id: router, name: "Home", main: true },
    );
    const noRole = { [router]: { friendly_name: "Home" }, [attic]: { friendly_name: "Attic" } };
    assert.equal(read({ mesh: noRole }).router?.mac, router);
  });

  it("and its way back are no clients", () => {
    const wifi = {
      [router]: {
        "5 GHz": {
          "User network": { [phone]: {}, [attic]: {} },
          "Internal network": { "F0:9F:C2:00:00:F2": { SignalQuality: 97, RxBitrate: 195_000, TxBitrate: 173_300 } },
        },
      },
    };
    const directory = Object.fromEntries(
      [router, kitchen, attic, "f0:9f:c2:00:00:f2"].map((mac) => [mac, { connection: "ethernet" }]),
    );
    const nodes = {
      wifi: { [kitchen]: point(kitchen, "Kitchen") },
      ethernet: { [attic]: point(attic, "Attic", { active_band: "wired" }) },
    };
    const reading = read({ mesh: mesh(nodes), wifi, directory });
    assert.deepEqual(
      reading.clients.map(({ mac }) => mac),
      [phone],
    );
    const [first, second] = reading.router?.meshPoints ?? [];
    assert.deepEqual([first?.signalPercent, first?.rateMbps, second?.signalPercent], [97, 173.3, undefined]);
  });

  it("takes no guess at which of two ways back is whose", () => {
    const internal = { "f0:9f:c2:00:00:f2": { SignalQuality: 97 }, "f0:9f:c2:00:00:f3": { SignalQuality: 42 } };
    const wifi = radio(internal, { network: "Internal network" });
    const nodes = mesh({ wifi: { [kitchen]: point(kitchen, "Kitchen"), [attic]: point(attic, "Attic") } });
    const quality = (parts: object) =>
      read({ mesh: nodes, wifi, ...parts }).router?.meshPoints?.map((one) => one.signalPercent);
    assert.deepEqual(quality({}), [undefined, undefined]);
    const named = radio({ ...internal, [attic]: { SignalQuality: 55 } }, { network: "Internal network" });
    assert.deepEqual(quality({ wifi: named }), [undefined, 55]);
  });

  it("keeps the clients of an access point that it does not list", () => {
    const stranger = "f0:9f:c2:00:00:99";
    const reading = read({ wifi: radio({ [phone]: {} }, { accessPoint: stranger }) });
    assert.equal(reading.clients[0]?.accessPoint, stranger);
    assert.deepEqual(reading.accessPoints?.at(-1), { id: stranger, name: stranger, main: false });
  });
});

describe("the ports of an AmpliFi", () => {
  const links = {
    [router.toUpperCase()]: {
      "eth-0": { link: true, link_speed: 1000, rx_bitrate: 21_931, tx_bitrate: 542 },
      "eth-1": { link: false },
    },
    [kitchen]: { "eth-0": { link: false } },
  };

  it("are the router's interfaces, and eth-0 is the way out", () => {
    assert.deepEqual(read({ links }).router, {
      mac: router,
      model: "AFi-R-HD",
      identity: "Home",
      uptimeS: 33_652,
      wan: { up: true, interface: "eth-0" },
      interfaces: [
        { name: "eth-0", running: true, linkMbps: 1000, rxBps: 21_931_000, txBps: 542_000 },
        { name: "eth-1", running: false },
      ],
      meshPoints: [],
    });
  });
  it("tell when the way out is down", () => {
    assert.deepEqual(read({ links: { [router]: { "eth-0": { link: false } } } }).router?.wan, {
      up: false,
      interface: "eth-0",
    });
    assert.equal(read({}).router?.wan, undefined);
  });
});

describe("a list of an AmpliFi", () => {
  it("loses a row that makes no sense, and no other", () => {
    const wifi = radio({
      [phone]: { SignalQuality: 50 },
      "no mac": {},
      "3c:06:30:00:00:11": "text",
      "3c:06:30:00:00:12": null,
    });
    const directory = { [nas]: { connection: "ethernet" }, "00:11:32:00:00:21": 7 };
    const { reading, dropped } = toReading(list({ wifi, directory }), "Alien");
    assert.deepEqual([reading.clients.map(({ mac }) => mac), dropped], [[phone, nas], 4]);
  });

  it("without clients is a network without clients", () => {
    for (const empty of [{}, []]) {
      const { clients, coverage } = read({ wifi: empty, directory: empty, ports: empty, links: empty });
      assert.deepEqual([clients, coverage], [[], "full"]);
    }
    assert.deepEqual(toReading([mesh(), {}, {}], "Alien").reading.clients, []);
  });

  for (const [what, broken] of [
    ["nothing", []],
    ["no router", [{}, {}, {}]],
    ["a router without an address", [{ home: { role: "Router" } }, {}, {}]],
    ["a mesh that is a text", ["mesh", {}, {}]],
    ["no associations", [mesh()]],
    ["associations that are null", [mesh(), null, {}]],
    ["associations that are a list", [mesh(), [1], {}]],
    ["no directory", [mesh(), {}]],
    ["a directory that is a text", [mesh(), {}, "full"]],
  ] as const)
    it(`with ${what} is an error, not zero clients`, () => {
      assert.throws(
        () => toReading(broken, "Alien"),
        (error) => error instanceof SourceError && error.code === "protocol" && error.message.startsWith("Alien "),
      );
    });
});

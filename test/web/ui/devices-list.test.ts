import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { DeviceView } from "../../../src/model/devices/view.ts";
import { countsOf, keepSame, type Wanted, wantedDevices } from "../../../src/web/ui/devices/list.ts";
import { bytes, plain, rate } from "../../../src/web/ui/format.ts";
import { hashOf, pageOf } from "../../../src/web/ui/route.ts";
import { exampleClient, unknownClient } from "../../fakes/example-network.ts";

const place = { source: "alien", router: "Alien", accessPoint: "Attic", main: false } as const;
const anna = exampleClient(1, { name: "anna 10", place: { ...place, signalDbm: -70 }, known: false });
const bert = exampleClient(2, { name: "Anna 9", place: { ...place, accessPoint: "Cellar", signalPercent: 90 } });
const gone = exampleClient(3, { name: "Zoe", connected: false, lastSeen: 5, place });
const { place: _place, ...nowhere } = unknownClient(4, { name: "Émile", lastSeen: 9 });
const all = { devices: [anna, bert, gone, nowhere], unseen: [exampleClient(5, { name: "Leased" })] };

const names = (more: Partial<Wanted>) =>
  wantedDevices(all, { q: "", filter: "all", sort: "name", descending: false, ...more }).map(({ name }) => name);

describe("the list of devices", () => {
  it("is sorted as people read: numbers as numbers, case and accents aside", () => {
    assert.deepEqual(names({}), ["Anna 9", "anna 10", "Émile", "Zoe"]);
    assert.deepEqual(names({ descending: true }), ["Zoe", "Émile", "anna 10", "Anna 9"]);
  });

  it("puts what has no place or no signal last, whichever way", () => {
    assert.deepEqual(names({ sort: "place" }), ["anna 10", "Zoe", "Anna 9", "Émile"]);
    assert.deepEqual(names({ sort: "place", descending: true }), ["Anna 9", "anna 10", "Zoe", "Émile"]);
    assert.deepEqual(names({ sort: "signal" }), ["Anna 9", "anna 10", "Émile", "Zoe"]);
    assert.deepEqual(names({ sort: "signal", descending: true }), ["anna 10", "Anna 9", "Émile", "Zoe"]);
  });

  it("by last seen begins with who is here", () => {
    assert.deepEqual(names({ sort: "seen" }), ["Anna 9", "anna 10", "Émile", "Zoe"]);
    assert.deepEqual(names({ sort: "seen", descending: true }), ["Zoe", "Émile", "Anna 9", "anna 10"]);
  });

  it("shows what a filter and the search leave, and how many each filter has", () => {
    assert.deepEqual(names({ filter: "online" }), ["Anna 9", "anna 10"]);
    assert.deepEqual(names({ filter: "new" }), ["anna 10"]);
    assert.deepEqual(names({ filter: "unseen" }), ["Leased"]);
    assert.deepEqual(names({ q: "ANNA attic" }), ["anna 10"]);
    assert.deepEqual(names({ q: "anna", filter: "unseen" }), []);
    assert.deepEqual(countsOf(all), { all: 4, online: 2, new: 1, unseen: 1 });
  });

  it("does not say that who cannot be told of is online", () => {
    assert.equal(names({ filter: "online" }).includes("Émile"), false);
  });

  it("keeps the objects of devices that did not change", () => {
    const copy = (device: DeviceView): DeviceView => structuredClone(device);
    const after = keepSame(all.devices, [copy(bert), { ...copy(anna), ip: "10.0.0.9" }]);
    assert.equal(after[0], bert);
    assert.notEqual(after[1], anna);
    assert.equal(after[1]?.ip, "10.0.0.9");
    assert.equal(after.length, 2);
  });
});

describe("figures of traffic", () => {
  it("have the unit that fits", () => {
    for (const [bps, words] of [
      [undefined, "–"],
      [0, "0 kbit/s"],
      [640, "0.6 kbit/s"],
      [46_000, "46 kbit/s"],
      [999_499, "999 kbit/s"],
      [1_200_000, "1.2 Mbit/s"],
      [12_345_678, "12 Mbit/s"],
    ] as const)
      assert.equal(rate(bps), words);
    assert.equal(bytes(undefined), "–");
    assert.equal(bytes(0), "0 kB");
    assert.equal(bytes(40_000), "40 kB");
    assert.equal(bytes(5_000_000), "5.0 MB");
    assert.equal(bytes(1_234_567_890), "1.2 GB");
    assert.equal(bytes(2.5e13), "25 TB");
  });
});

describe("a sentence with a stranger's name", () => {
  it("cannot be turned around by it", () => {
    assert.equal(plain("\u202eenohp\u2066 joined \u05d0\u05d1"), "enohp joined \u05d0\u05d1");
  });
});

describe("the address of a page", () => {
  it("names it, and what it does not know is the first page", () => {
    assert.equal(pageOf("#/devices"), "devices");
    for (const hash of ["", "#", "#/", "#/nothing", "#/devices/../x", "#/__proto__"]) assert.equal(pageOf(hash), "now");
    assert.equal(pageOf(hashOf("devices")), "devices");
    assert.equal(pageOf(hashOf("now")), "now");
  });
});

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, suite, test } from "node:test";
import { type FakeAmplifi, startAmplifi } from "../fakes/amplifi/amplifi.ts";
import { createNetwork } from "../fakes/amplifi/network.ts";
import { type FakeDdwrt, startDdwrt } from "../fakes/ddwrt/server.ts";
import { type Relay, startRelay } from "../fakes/relay.ts";
import { type FakeRouter, startFakeRouter } from "../fakes/routeros/router.ts";
import { eventually } from "../ha/eventually.ts";
import { type Bench, createBench, targets } from "./home-assistant-setup.ts";

const phone = { mac: "a2:11:22:33:44:01", hostname: "Annas-Phone", ip: "192.168.88.21" };
const desk = { mac: "3c:11:22:33:44:02", hostname: "desk", ip: "192.168.88.22" };
const attic = "f0:9f:c2:00:00:02";
const alienMac = "f0:9f:c2:00:00:01";
const macupdPort = 12_056;

/** A home with an AmpliFi and its mesh point, a MikroTik behind it and a DD-WRT in the attic; the whole program between. */
suite("Home Assistant and a home with three routers", { timeout: 300_000 }, () => {
  let bench: Bench;
  let alien: FakeAmplifi;
  let hex: FakeRouter;
  let shed: FakeDdwrt;
  let alienWire: Relay;
  let settings: () => string;
  const closing: (() => Promise<void>)[] = [];

  before(async () => {
    bench = await createBench({});
    closing.push(() => bench.close());
    const network = createNetwork({ mac: alienMac, name: "Alien" });
    network.addPoint({ mac: attic, name: "Attic" });
    network.join(phone, { at: alienMac, band: "5 GHz", quality: 90 });
    network.join(desk, { at: alienMac, port: 2 });
    alien = await startAmplifi({ password: "open sesame", network });
    hex = await startFakeRouter({ password: "a pass word" });
    hex.home.come({ mac: phone.mac, ip: phone.ip, name: phone.hostname }, "ether2");
    shed = await startDdwrt({ password: "third" });
    closing.push(alien.close, hex.close, shed.close);
    const relay = async (to: string) => {
      const started = await startRelay(bench.lab.management.root, to);
      closing.push(started.close);
      return started;
    };
    alienWire = await relay(alien.host);
    const [hexWire, shedWire] = [await relay(hex.host), await relay(shed.host)];
    settings = () =>
      [
        "routers:",
        `  - { kind: amplifi, name: Alien, host: "${alienWire.host}", password: open sesame, interval: 1 }`,
        `  - { kind: routeros, name: Hex, host: "${hexWire.host}", username: ${hex.user}, password: a pass word, tls: off, interval: 1 }`,
        `  - { kind: ddwrt, name: Shed, host: "${shedWire.host}", password: third, interval: 1 }`,
        `macupd: { enabled: true, port: ${macupdPort}, senders: [${bench.lab.management.root}] }`,
        `known: ["${desk.mac}|Desk"]`,
        "presence: { away_after: 5 }",
        "entities: { clients: full }",
        "",
      ].join("\n");
    bench.startProgram(targets, settings());
  });
  afterEach((context) => {
    if ("error" in context && context.error !== null) console.error(bench.output().slice(-6000));
  });
  after(async () => {
    for (const close of closing.reverse()) await close().catch(console.error);
  });

  const idOf = async (subject: string, key: string) => {
    const wanted = `netwarden_home_${subject}_${key}`;
    const row = [...(await bench.ha.entities()).values()].find(({ unique_id }) => unique_id === wanted);
    return row?.entity_id;
  };
  const entity = (subject: string, key: string) =>
    eventually(`${subject} ${key} is an entity`, () => idOf(subject, key), 30_000);
  const clientOf = ({ mac }: { mac: string }) => `client_${mac.replaceAll(":", "")}`;
  const eventSeen = (type: string, wanted: (attributes: Readonly<Record<string, unknown>>) => boolean) =>
    bench.ha.waitFor(
      "event.home_hub_event",
      ({ attributes }) => attributes["event_type"] === type && wanted(attributes),
      30_000,
    );
  const trackerOf = (who: { mac: string }) => entity(clientOf(who), "presence");

  test("a phone that two routers see is one device with one tracker, where its radio is", async () => {
    const tracker = await trackerOf(phone);
    const seen = await bench.ha.waitFor(tracker, "home", 20_000);
    assert.equal(tracker, "device_tracker.home_annas_phone_presence");
    const { source_type, ip, mac, host_name, in_zones } = seen.attributes;
    assert.deepEqual(
      { source_type, ip, mac, host_name, in_zones },
      { source_type: "router", ip: phone.ip, mac: phone.mac, host_name: phone.hostname, in_zones: ["zone.home"] },
    );
    const devices = [...(await bench.ha.devices()).values()].filter(({ name }) => name === phone.hostname);
    assert.equal(devices.length, 1);
    await bench.ha.waitFor(await entity(clientOf(phone), "access_point"), "Alien", 20_000);
    await bench.ha.waitFor(tracker, ({ attributes }) => String(attributes["sources"]) === "Alien,Hex", 20_000);
  });

  test("it roams to the mesh point and back without ever leaving", async () => {
    const tracker = await trackerOf(phone);
    const point = await entity(clientOf(phone), "access_point");
    const changed = (await bench.ha.states()).get(tracker)?.last_changed;
    for (const [at, name] of [
      [attic, "Attic"],
      [alienMac, "Alien"],
    ] as const) {
      alien.network.roam(phone.mac, { at, band: "5 GHz", quality: 80 });
      await bench.ha.waitFor(point, name, 20_000);
    }
    assert.equal((await bench.ha.states()).get(tracker)?.last_changed, changed);
  });

  test("the three routers and the mesh point are devices of their own", async () => {
    for (const id of ["router_alien", "router_hex", "router_shed"])
      await bench.ha.waitFor(await entity(id, "reachable"), "on", 20_000);
    await bench.ha.waitFor(await entity(`mesh_${attic.replaceAll(":", "")}`, "online"), "on", 20_000);
    await bench.ha.waitFor(await entity("router_hex", "clients"), ({ state }) => Number(state) >= 0, 20_000);
    await bench.ha.waitFor("sensor.home_hub_devices_online", "2", 20_000);
    await bench.ha.waitFor("sensor.home_hub_unknown_devices", "1", 20_000);
  });

  test("a stranger is told as an unknown device; acknowledged over MQTT it is known, with its name", async () => {
    const stranger = { mac: "3c:11:22:33:44:07", hostname: "espresso", ip: "192.168.88.30" };
    const listening = eventSeen("unknown_device", ({ mac }) => mac === stranger.mac);
    alien.network.join(stranger, { at: attic, band: "2.4 GHz", quality: 70 });
    const { attributes } = await listening;
    assert.deepEqual([attributes["name"], attributes["ip"]], [stranger.hostname, stranger.ip]);
    const acknowledged = JSON.stringify({ mac: stranger.mac, name: "Coffee" });
    await bench.publish("netwarden/home/command/acknowledge", acknowledged);
    const named = async () => [...(await bench.ha.devices()).values()].some(({ name }) => name === "Coffee");
    await eventually("the device has its new name", named, 20_000);
    await bench.ha.waitFor("sensor.home_hub_unknown_devices", "1", 20_000);
  });

  test("who leaves is told at once as gone, and as away after the time that is set", async () => {
    const listening = eventSeen("device_left", ({ mac }) => mac === desk.mac);
    alien.network.leave(desk.mac);
    await listening;
    await bench.ha.waitFor(await entity(clientOf(desk), "connected"), "off", 20_000);
    await bench.ha.waitFor(await trackerOf(desk), "not_home", 20_000);
    alien.network.join(desk, { at: alienMac, port: 2 });
    await bench.ha.waitFor(await trackerOf(desk), "home", 20_000);
  });

  test("a device that only reports tell of is there too", async () => {
    const camera = "3c:11:22:33:44:09";
    shed.house.join(camera, { name: "camera", ip: "192.168.88.40", place: "wired", inArp: true });
    const report = async () => {
      await shed.sendReports(macupdPort, bench.lab.management.mon);
      return await idOf(clientOf({ mac: camera }), "presence");
    };
    const tracker = await eventually("the camera is a device", report, 20_000);
    await bench.ha.waitFor(tracker, "home", 20_000);
  });

  test("a lost router takes its own entities away, and nobody who it alone saw leaves", async () => {
    const alone = await trackerOf(desk);
    const seenByTwo = await trackerOf(phone);
    const status = await entity("router_alien", "wan");
    alienWire.cut();
    await bench.ha.waitFor(status, "unavailable", 60_000);
    await bench.ha.waitFor(await entity("router_alien", "reachable"), "off", 20_000);
    await bench.ha.waitFor(alone, "unknown", 20_000);
    await bench.ha.waitFor(seenByTwo, "home", 20_000);
    alienWire.open();
    await bench.ha.waitFor(alone, "home", 70_000);
    await bench.ha.waitFor(status, "on", 20_000);
  });

  test("after a restart of the program all is as it was, and nobody is told to have come", async () => {
    const tracker = await trackerOf(phone);
    await bench.stopProgram("SIGTERM");
    await bench.ha.waitFor(tracker, "unavailable", 20_000);
    const { code, out } = await bench.command("devices", "--json");
    assert.equal(code, 0);
    const known = JSON.parse(out) as readonly { readonly mac: string; readonly name: string }[];
    assert.equal(known.find(({ mac }) => mac === desk.mac)?.name, "Desk");
    assert.ok(known.some(({ name }) => name === "Coffee"));
    const before = eventLog();
    bench.startProgram(targets, settings());
    for (const who of [phone, desk]) await bench.ha.waitFor(await trackerOf(who), "home", 20_000);
    await bench.ha.waitFor("sensor.home_hub_devices_online", ({ state }) => Number(state) >= 3, 20_000);
    assert.equal(eventLog(), before);
  });

  const eventLog = () => textOf(/^\d\d-\d\d-\d{4}-netlog\.txt$/);
  const textOf = (pattern: RegExp) => {
    const evidence = join(bench.lab.dir, "data/evidence");
    const name = readdirSync(evidence).find((file) => pattern.test(file));
    assert.ok(name !== undefined, String(pattern));
    return readFileSync(join(evidence, name), "utf8");
  };

  test("the event log and macupd's logs tell it in the older tools' words", () => {
    assert.match(eventLog(), /Ethernet device Desk \(192\.168\.88\.22\) left @ \d\d:\d\d:\d\d \+-1s/);
    assert.match(textOf(/^macupd_tracker\.\d{8}\.log$/), /3c:11:22:33:44:09/);
    assert.match(textOf(/^macupd_report\.html$/), /3c:11:22:33:44:09/);
  });
});

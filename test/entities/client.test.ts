import assert from "node:assert/strict";
import { test } from "node:test";
import { createSubjects } from "../../src/entities/subjects.ts";
import { isoTime } from "../../src/lib/clock.ts";
import { exampleClient, exampleNetwork, exampleRouter, unknownClient } from "../fakes/example-network.ts";
import { exampleView } from "../fakes/example-view.ts";
import { published } from "./published.ts";

const id = "client_001122000001";

test("by default a client is a tracker and a connectivity sensor, both enabled", () => {
  const shown = published({ devices: [exampleClient(1)] });
  assert.deepEqual(shown.keys(id), ["presence", "connected"]);
  assert.deepEqual(shown.disabled(id), []);
  const { presence, connected } = shown.announcement(id).components;
  assert.equal(presence?.platform, "device_tracker");
  assert.equal(presence?.["source_type"], "router");
  assert.equal(presence?.default_entity_id, "device_tracker.home_phone_1_presence");
  assert.equal(presence?.unique_id, "netwarden_home_client_001122000001_presence");
  assert.equal(connected?.default_entity_id, "binary_sensor.home_phone_1_connected");
  assert.equal(connected?.["device_class"], "connectivity");
  assert.deepEqual(shown.state(id), { presence: "home", connected: "ON" });
});

test("with the tier none no client is shown, with full all that is known", () => {
  assert.deepEqual(published({ devices: [exampleClient(1)] }, "none").subjects.includes(id), false);
  const full = published({ devices: [exampleClient(1)] }, "full");
  assert.deepEqual(full.disabled(id), ["received_month", "sent_month", "last_seen"]);
  assert.deepEqual(full.state(id), {
    presence: "home",
    connected: "ON",
    ip: "192.0.2.77",
    access_point: "Attic",
    band: "5 GHz",
    signal: -57,
    signal_quality: 83,
    download_rate: 12,
    upload_rate: 0.05,
    received: 1234.5,
    sent: 9.9,
    received_today: 5,
    sent_today: 0,
    received_month: 80,
    sent_month: 7,
    last_seen: isoTime(Date.UTC(2026, 10, 21, 11, 59)),
  });
});

test("a device is below the hub, is called as it is now, and keeps its ids when it is renamed", () => {
  const before = published({ devices: [exampleClient(1)] });
  const after = before.next({ devices: [exampleClient(1, { name: "Anna's phone" })] });
  assert.deepEqual(after.announcement(id).device, {
    identifiers: ["netwarden_home_client_001122000001"],
    name: "Anna's phone",
    manufacturer: "Example Phones",
    model: "Network client",
    via_device: "netwarden_home_hub",
  });
  assert.deepEqual(after.announcement(id).components, before.announcement(id).components);
  const { vendor: _, ...nameless } = exampleClient(2);
  assert.equal("manufacturer" in published({ devices: [nameless] }).announcement("client_001122000002").device, false);
});

test("a client that no source can tell of is unknown, and never away", () => {
  const shown = published({ devices: [unknownClient(1)] }, "full");
  assert.deepEqual([shown.state(id).presence, shown.state(id).connected], [null, null]);
  assert.deepEqual(shown.attributes(id).in_zones, []);
  assert.deepEqual(
    [shown.state(id).access_point, shown.state(id).signal, shown.state(id).download_rate],
    [null, null, null],
  );
  assert.deepEqual(
    shown.announcement(id).availability,
    [{ topic: "netwarden/home/status" }],
    "it is available all the same",
  );
});

test("attributes are those of a tracker, with the zone that it is in", () => {
  const shown = published({ devices: [exampleClient(1)] });
  assert.deepEqual(shown.attributes(id), {
    in_zones: ["zone.home"],
    ip: "192.0.2.77",
    mac: "00:11:22:00:00:01",
    host_name: "phone-1",
    sources: ["Alien", "Hex"],
    traffic_source: "Alien",
  });
  const away = shown.next({ devices: [exampleClient(1, { connected: false, presence: "not_home", sources: [] })] });
  assert.deepEqual(away.attributes(id).in_zones, []);
  const order = [...shown.topics.keys()].filter((topic) => topic.startsWith(`netwarden/home/${id}`));
  assert.deepEqual(order, [`netwarden/home/${id}/attributes`, `netwarden/home/${id}/state`]);
});

test("what changes at each poll changes no attribute and no state of a client", () => {
  const client = exampleClient(1);
  const shown = published({ devices: [client] }, "full");
  const polled = exampleClient(1, {
    nameAt: client.nameAt + 10_000,
    sources: ["Alien"],
    ...(client.place && { place: { ...client.place, signalDbm: -60 } }),
    ...(client.traffic && { traffic: { ...client.traffic, receivedBytes: 2e9, downBps: 7 } }),
  });
  const then = shown.next({ devices: [polled] });
  assert.equal(then.fingerprint(id), shown.fingerprint(id));
  const topic = `netwarden/home/${id}/state`;
  assert.equal(then.topics.get(topic)?.urgent, shown.topics.get(topic)?.urgent);
  const roamed = exampleClient(1, { ...(client.place && { place: { ...client.place, accessPoint: "Cellar" } }) });
  assert.notEqual(shown.next({ devices: [roamed] }).topics.get(topic)?.urgent, shown.topics.get(topic)?.urgent);
});

test("a total never shows less than before", () => {
  const received = (bytes: number) => {
    const client = exampleClient(1);
    const devices = [{ ...client, ...(client.traffic && { traffic: { ...client.traffic, receivedBytes: bytes } }) }];
    return published({ devices }, "full").state(id).received as number;
  };
  let last = 0;
  for (let bytes = 0; bytes < 1_000_000; bytes += 7_777) {
    const now = received(bytes);
    assert.ok(now >= last);
    last = now;
  }
});

test("a client that did not change keeps its subject, and roaming announces nothing", () => {
  const show = createSubjects("full");
  const same = exampleClient(1);
  const view = (more: object) =>
    exampleView({ network: exampleNetwork({ routers: [exampleRouter()], devices: [same, exampleClient(2, more)] }) });
  const find = (shown: ReturnType<typeof show>, client: string) => shown.subjects.find((one) => one.id === client);
  const first = show(view({}));
  const second = show(view({ place: { source: "hex", router: "Hex", accessPoint: "Hex", main: true } }));
  assert.equal(find(second, id), find(first, id));
  const [before, after] = [first, second].map((shown) => find(shown, "client_001122000002"));
  assert.notEqual(after, before);
  assert.equal(after?.device, before?.device);
  assert.equal(after?.rows, before?.rows);
});

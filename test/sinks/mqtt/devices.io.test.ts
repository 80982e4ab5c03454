import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import type { DevicesView } from "../../../src/model/devices/view.ts";
import {
  exampleClient,
  exampleMesh,
  exampleNetwork,
  exampleRouter,
  lostRouter,
  unreadRouter,
} from "../../fakes/example-network.ts";
import { eventually } from "../../ha/eventually.ts";
import { type Mosquitto, startMosquitto } from "../../ha/mosquitto.ts";
import { type Running, runSink, sampleView, watch } from "./sample.ts";

const status = "netwarden/home/status";
const discovery = (subject: string) => `homeassistant/device/netwarden_home_${subject}/config`;
const state = (subject: string) => `netwarden/home/${subject}/state`;
const availability = (subject: string) => `netwarden/home/${subject}/availability`;
const phone = "client_001122000001";
const point = "mesh_0a0b0c0d0e0f";

let broker: Mosquitto;
let sinks: Running[] = [];
let watchers: { close(): Promise<unknown> }[] = [];

before(async () => {
  broker = await startMosquitto();
});
after(() => broker.close());
afterEach(async () => {
  await Promise.all([...sinks.map((sink) => sink.stop()), ...watchers.map((watcher) => watcher.close())]);
  [sinks, watchers] = [[], []];
  await broker.stop();
  await broker.start();
});

function start(more: Parameters<typeof runSink>[1] = {}) {
  const sink = runSink(broker.port, more);
  sinks.push(sink);
  let step = 0;
  const show = (network: Partial<DevicesView>) => {
    step += 1;
    sink.show(sampleView({ at: step, network: exampleNetwork(network) }));
  };
  return { ...sink, show };
}

async function look() {
  const watcher = await watch(broker.port);
  watchers.push(watcher);
  const online = () => eventually("online", () => watcher.held.get(status) === "online", 20_000);
  const count = (topic: string) => watcher.messages.filter((message) => message.topic === topic).length;
  /** Whatever was shown before is published: this hub's state comes after it. */
  const settled = async (sink: ReturnType<typeof start>, network: Partial<DevicesView>) => {
    const unknownDevices = Math.round(Math.random() * 1e9);
    sink.show({ ...network, unknownDevices });
    await eventually("settled", () => watcher.json(state("hub"))?.["unknown_devices"] === unknownDevices);
  };
  return { ...watcher, online, count, settled };
}

test("a router that is lost is unavailable, and available again when it is back", async () => {
  const seen = await look();
  const sink = start();
  sink.show({ routers: [exampleRouter()], meshPoints: [exampleMesh()] });
  await seen.online();
  assert.equal(seen.held.get(availability("router_hex")), "online");
  assert.equal(seen.held.get(availability(point)), "online");
  sink.show({ routers: [lostRouter()], meshPoints: [exampleMesh({ available: false })] });
  await eventually("both offline", () =>
    ["router_hex", point].every((subject) => seen.held.get(availability(subject)) === "offline"),
  );
  await eventually("not reachable", () => seen.json(state("router_hex"))?.["reachable"] === "OFF");
  sink.show({ routers: [exampleRouter()], meshPoints: [exampleMesh()] });
  await eventually("online", () => seen.held.get(availability("router_hex")) === "online");
  assert.equal(seen.count(discovery("router_hex")), 1);
});

test("after a restart routers and mesh points keep their entities until the routers are read", async () => {
  const seen = await look();
  const first = start();
  const whole = { routers: [exampleRouter()], meshPoints: [exampleMesh(), exampleMesh({ id: "0a0b0c0d0e10" })] };
  first.show(whole);
  await seen.online();
  await first.stop();
  sinks = [];
  const announced = [seen.held.get(discovery("router_hex")), seen.held.get(discovery(point))];
  seen.messages.length = 0;
  const second = start();
  second.show({ routers: [unreadRouter()] });
  await seen.online();
  assert.deepEqual([seen.held.get(discovery("router_hex")), seen.held.get(discovery(point))], announced);
  assert.equal(seen.held.get(availability("router_hex")), "offline", "what is held is old");
  assert.equal(seen.held.get(availability(point)), "offline");
  second.show({ routers: [unreadRouter({ available: false, failure: { code: "timeout", message: "", since: 0 } })] });
  await eventually("not reachable", () => seen.json(state("router_hex"))?.["reachable"] === "OFF");
  await seen.send("homeassistant/status", "online");
  await eventually("sent again", () => seen.count(discovery("hub")) > 0);
  assert.deepEqual([seen.held.get(discovery("router_hex")), seen.held.get(discovery(point))], announced);
  second.show({ routers: [exampleRouter()], meshPoints: [exampleMesh()] });
  await eventually("available", () => seen.held.get(availability(point)) === "online");
  assert.equal(seen.count(discovery("router_hex")) + seen.count(discovery(point)), 0, "nothing is announced anew");
  const gone = () => [...seen.held.keys()].filter((topic) => topic.includes("mesh_0a0b0c0d0e10"));
  await eventually("the point that is no longer there is removed", () => gone().length === 0);
});

test("a client that is forgotten leaves nothing behind, and may come back at once", async () => {
  const seen = await look();
  const sink = start();
  sink.show({ devices: [exampleClient(1), exampleClient(2)] });
  await seen.online();
  sink.show({ devices: [exampleClient(2)] });
  const left = () => [...seen.held.keys()].filter((topic) => topic.includes(phone));
  await eventually("all its topics are gone", () => left().length === 0);
  for (let turn = 0; turn < 3; turn += 1) {
    sink.show({ devices: [exampleClient(1), exampleClient(2)] });
    await eventually("it is back", () => seen.held.has(discovery(phone)) && seen.held.has(state(phone)), 20_000);
    sink.show({ devices: [exampleClient(2)] });
    await eventually("and gone", () => left().length === 0);
  }
  assert.ok(!sink.lines.some((line) => line.includes("deleted in Home Assistant")));
});

test("a client that the user deletes stays away until it has left and is seen anew", async () => {
  const seen = await look();
  const sink = start();
  const others = [exampleClient(2)];
  const client = (connected: boolean) => exampleClient(1, { connected, presence: connected ? "home" : "not_home" });
  sink.show({ devices: [client(true), ...others] });
  await seen.online();
  await seen.send(discovery(phone), "", true);
  await eventually("noticed", () => sink.lines.some((line) => line.includes("deleted in Home Assistant")));
  await eventually("nothing is left", () => ![...seen.held.keys()].some((topic) => topic.includes(phone)));
  await seen.settled(sink, { devices: [client(true), ...others] });
  await seen.settled(sink, { devices: [client(false), ...others] });
  assert.ok(!seen.held.has(discovery(phone)), "to leave is not to come back");
  sink.show({ devices: [client(true), ...others] });
  await eventually("back with all it has", () => seen.held.has(discovery(phone)) && seen.held.has(state(phone)));
});

test("a new name is announced, and no state is sent for it", async () => {
  const seen = await look();
  const sink = start();
  sink.show({ devices: [exampleClient(1)] });
  await seen.online();
  const states = seen.count(state(phone));
  sink.show({ devices: [exampleClient(1, { name: "Anna's phone" })] });
  const name = () => (JSON.parse(seen.held.get(discovery(phone)) ?? "{}") as { device: { name: string } }).device.name;
  await eventually("renamed", () => name() === "Anna's phone");
  assert.equal(seen.count(state(phone)), states);
});

test("two announcements of one device keep the distance that Home Assistant needs, and the last one stands", async () => {
  const seen = await look();
  const sink = start();
  sink.show({ routers: [unreadRouter()] });
  await seen.online();
  const announcedAt = performance.now();
  for (let n = 0; n < 5; n += 1) sink.show({ routers: [exampleRouter({ name: `Hex ${n}` })] });
  await eventually("all entities", () => "firmware" in seen.components(discovery("router_hex")));
  assert.ok(performance.now() - announcedAt > 2_000);
  assert.match(seen.held.get(discovery("router_hex")) ?? "", /"name":"Hex 4"/);
  assert.equal(seen.count(discovery("router_hex")), 2);
});

test("with the tier none all clients are taken back", async () => {
  const first = start();
  const seen = await look();
  first.show({ devices: [exampleClient(1), exampleClient(2)] });
  await seen.online();
  await first.stop();
  sinks = [];
  start({ clientTier: "none" }).show({ devices: [exampleClient(1)] });
  await eventually("no topic of a client", () => ![...seen.held.keys()].some((topic) => topic.includes("client_")));
});

test("a thousand clients: announced with less than a second's work, never again, and a change sends that client alone", async () => {
  const seen = await look();
  const devices = Array.from({ length: 1_000 }, (_, n) => exampleClient(n));
  const first = start();
  await seen.settled(first, {});
  const before = process.cpuUsage();
  await seen.settled(first, { devices });
  const isThere = ({ id }: { readonly id: string }) => seen.held.has(state(`client_${id}`));
  await eventually("all are there", () => devices.every(isThere));
  const { user, system } = process.cpuUsage(before);
  assert.equal([...seen.held.keys()].filter((topic) => /client_.*\/config$/.test(topic)).length, 1_000);
  const work = (user + system) / 1_000;
  assert.ok(work <= 1_000, `${work} ms of work, this watcher's among it`);

  await first.stop();
  sinks = [];
  await eventually("offline", () => seen.held.get(status) === "offline");
  seen.messages.length = 0;
  const second = start({ publishIntervalMs: 500 });
  second.show({ devices });
  await seen.online();
  assert.deepEqual(
    seen.messages.map(({ topic }) => topic).filter((topic) => topic !== state("hub")),
    [status],
    "a second start has nothing to say of them",
  );

  seen.messages.length = 0;
  for (let poll = 1; poll <= 5; poll += 1) {
    const polled = devices.map((device) => ({ ...device, nameAt: device.nameAt + poll, sources: ["Alien"] }));
    await seen.settled(second, { devices: polled });
  }
  const ofClients = () => seen.messages.filter(({ topic }) => topic.includes("client_")).map(({ topic }) => topic);
  assert.deepEqual(ofClients(), [], "a poll in which nothing changed");
  const changed = devices.map((device, n) => (n === 7 ? exampleClient(7, { presence: "not_home" }) : { ...device }));
  await seen.settled(second, { devices: changed });
  await eventually("its state", () => ofClients().length === 2);
  const topics = ["attributes", "state"].map((kind) => `netwarden/home/client_001122000007/${kind}`);
  assert.deepEqual(ofClients(), topics);
});

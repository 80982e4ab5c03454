import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { eventually } from "../../ha/eventually.ts";
import { type Mosquitto, startMosquitto } from "../../ha/mosquitto.ts";
import { type Running, runSink, sampleView, target, watch } from "./sample.ts";

const discovery = (subject: string) => `homeassistant/device/netwarden_home_${subject}/config`;
const state = (subject: string) => `netwarden/home/${subject}/state`;
const status = "netwarden/home/status";

let broker: Mosquitto;
let sinks: Running[] = [];
let watchers: { close(): Promise<unknown> }[] = [];

before(async () => {
  broker = await startMosquitto({ persistent: false });
});
after(() => broker.close());
afterEach(async () => {
  await Promise.all(sinks.map((sink) => sink.stop()));
  sinks = [];
  const cleaner = await watch(broker.port);
  await eventually("the broker is empty", async () => {
    for (const topic of cleaner.held.keys()) if (!topic.startsWith("$")) await cleaner.send(topic, "", true);
    return cleaner.held.size === 0;
  });
  await cleaner.close();
  await Promise.all(watchers.map((watcher) => watcher.close()));
  watchers = [];
});

function start(more: Parameters<typeof runSink>[1] = {}) {
  const sink = runSink(broker.port, more);
  sinks.push(sink);
  return sink;
}

async function look() {
  const watcher = await watch(broker.port);
  watchers.push(watcher);
  return watcher;
}

test("hub and targets are announced, with their states, and then as online", async () => {
  const seen = await look();
  start().show(sampleView());
  await eventually("online", () => seen.held.get(status) === "online");
  for (const subject of ["hub", "target_cloudflare", "target_google"]) {
    assert.ok(seen.held.has(discovery(subject)), subject);
    assert.ok(seen.held.has(state(subject)), subject);
  }
  assert.equal(seen.json(state("hub"))?.["internet"], "ON");
  assert.equal(seen.json(state("target_google"))?.["round_trip_time"], 12);
  const order = seen.messages.map(({ topic }) => topic);
  assert.equal(order.at(-1), status, "available only when all is there");
  assert.ok(order.indexOf(discovery("hub")) < order.indexOf(state("hub")));
});

test("a state is published at once, a figure at intervals, attributes only with a new verdict", async () => {
  const seen = await look();
  const sink = start({ publishIntervalMs: 1_500 });
  sink.show(sampleView());
  await eventually("online", () => seen.held.get(status) === "online");
  const count = (topic: string) => seen.messages.filter((message) => message.topic === topic).length;
  const first = count(state("target_google"));
  const attributes = count("netwarden/home/hub/attributes");
  for (let step = 1; step <= 10; step += 1)
    sink.show(sampleView({ targets: [target("cloudflare"), target("google", { rttMs: 20 + step })] }));
  sink.show(sampleView({ targets: [target("cloudflare"), target("google", { reachable: false, rttMs: 99 })] }));
  await eventually("OFF arrives", () => seen.json(state("target_google"))?.["reachable"] === "OFF");
  assert.equal(count(state("target_google")), first + 1, "the figures before it waited");
  const figures = () =>
    sink.show(sampleView({ targets: [target("cloudflare"), target("google", { reachable: false, rttMs: 55 })] }));
  await eventually("the figure follows", () => {
    figures();
    return seen.json(state("target_google"))?.["round_trip_time"] === 55;
  });
  assert.equal(count("netwarden/home/hub/attributes"), attributes);
});

test("what the broker already holds is not sent again, what is gone is cleared", async () => {
  const first = start();
  const before = await look();
  first.show(sampleView());
  await eventually("online", () => before.held.get(status) === "online");
  await first.stop();
  sinks = [];
  assert.equal(before.held.get(status), "offline");
  const seen = await look();
  await eventually("retained messages are here", () => seen.held.has(state("hub")));
  seen.messages.length = 0;
  start().show(sampleView({ targets: [target("cloudflare")] }));
  await eventually("online again", () => seen.held.get(status) === "online");
  assert.ok(!seen.held.has(discovery("target_google")) && !seen.held.has(state("target_google")));
  const sent = seen.messages.map(({ topic }) => topic);
  assert.deepEqual(
    sent.filter((topic) => topic.startsWith("homeassistant/")),
    [discovery("target_google")],
  );
  assert.ok(!sent.includes(state("target_cloudflare")));
});

test("another site's and another program's devices are left alone", async () => {
  const seen = await look();
  const others = ["homeassistant/device/netwarden_homestead_target_x/config", "homeassistant/device/zigbee/config"];
  for (const topic of others) await seen.send(topic, "{}", true);
  start().show(sampleView());
  await eventually("online", () => seen.held.get(status) === "online");
  for (const topic of others) assert.equal(seen.held.get(topic), "{}");
});

test("a component that is gone is first reduced to its platform, then left out", async () => {
  const seen = await look();
  const sink = start();
  sink.show(sampleView());
  await eventually("online", () => seen.held.get(status) === "online");
  sink.show(sampleView({ resolvers: [] }));
  const component = () => seen.components(discovery("hub"))["dns_router"];
  await eventually("the stub", () => JSON.stringify(component()) === '{"platform":"binary_sensor"}');
  await eventually("the final message", () => component() === undefined);
});

test("a broker that lost everything gets everything again", async () => {
  const sink = start();
  sink.show(sampleView());
  const seen = await look();
  await eventually("online", () => seen.held.get(status) === "online");
  await broker.stop();
  await broker.start();
  const again = await look();
  await eventually("online again", () => again.held.get(status) === "online" && again.held.has(state("target_google")));
  assert.ok(again.held.has(discovery("hub")));
  assert.ok(sink.lines.filter((line) => line.includes("no broker listens")).length <= 1, "told once");
});

test("Home Assistant's birth message has everything sent again", async () => {
  const seen = await look();
  start().show(sampleView());
  await eventually("online", () => seen.held.get(status) === "online");
  seen.messages.length = 0;
  await seen.send("homeassistant/status", "online");
  await eventually("again", () => seen.messages.some(({ topic }) => topic === discovery("target_google")));
  await eventually("and its state", () => seen.messages.some(({ topic }) => topic === state("target_google")));
});

test("a device that the user deletes stays away until the next start", async () => {
  const seen = await look();
  const sink = start();
  sink.show(sampleView());
  await eventually("online", () => seen.held.get(status) === "online");
  await seen.send(discovery("target_google"), "", true);
  await eventually("noticed", () => sink.lines.some((line) => line.includes("deleted in Home Assistant")));
  sink.show(sampleView({ targets: [target("cloudflare"), target("google", { reachable: false })] }));
  await seen.send("homeassistant/status", "online");
  await eventually("sent again", () => seen.messages.filter(({ topic }) => topic === discovery("hub")).length >= 2);
  assert.ok(!seen.held.has(discovery("target_google")));
  await sink.stop();
  sinks = [];
  start().show(sampleView());
  await eventually("back", () => seen.held.has(discovery("target_google")));
});

test("commands reach the program, wrong ones do not", async () => {
  const seen = await look();
  const sink = start();
  sink.show(sampleView());
  await eventually("online", () => seen.held.get(status) === "online");
  for (const [name, payload] of [
    ["run_test", ""],
    ["run_test", "gateway"],
    ["monitoring", "OFF"],
    ["run_test", "rm -rf"],
    ["nonsense", "1"],
    ["monitoring", "x".repeat(10_000)],
  ] as const) {
    await seen.send(`netwarden/home/command/${name}`, payload);
  }
  await eventually(
    "three commands and three warnings",
    () => sink.commands.length === 3 && sink.lines.filter((line) => line.startsWith("warn")).length === 3,
  );
  assert.deepEqual(sink.commands, [
    { name: "run_test", scope: "all" },
    { name: "run_test", scope: "gateway" },
    { name: "monitoring", on: false },
  ]);
});

test("events are sent once, not retained, and wait for the broker", async () => {
  await broker.stop();
  const sink = start();
  const event = {
    event_type: "outage_started" as const,
    at: 0,
    text: "The router does not answer",
    fields: { started: 0 },
  };
  sink.show(sampleView(), [event]);
  await broker.start();
  const seen = await look();
  await eventually("the event", () => seen.messages.some(({ topic }) => topic === "netwarden/home/event"));
  await eventually("online", () => seen.held.get(status) === "online");
  const events = seen.messages.filter(({ topic }) => topic === "netwarden/home/event");
  assert.equal(events.length, 1);
  assert.equal(events[0]?.retain, false);
  assert.match(JSON.parse(events[0]?.payload ?? "{}").started, /^1970-01-01T.*[+-]\d\d:\d\d$/);
});

test("a thousand targets are announced without a warning, and not again at the next start", async () => {
  const warnings: string[] = [];
  const warned = (warning: Error) => warnings.push(warning.name);
  process.on("warning", warned);
  const seen = await look();
  const view = sampleView({ targets: Array.from({ length: 1_000 }, (_, index) => target(`t${index}`)) });
  const first = start();
  first.show(view);
  await eventually("all are there", () => seen.held.size === 2_004, 20_000);
  await first.stop();
  sinks = [];
  await eventually("offline", () => seen.held.get(status) === "offline");
  seen.messages.length = 0;
  start().show(view);
  await eventually("online again", () => seen.held.get(status) === "online");
  assert.deepEqual(
    seen.messages.slice(0, 5).map(({ topic }) => topic),
    [status],
  );
  process.off("warning", warned);
  assert.deepEqual(warnings, []);
});

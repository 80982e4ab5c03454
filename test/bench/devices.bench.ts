// A thousand clients on the way to Home Assistant: what a poll costs, beside a bridge that makes every topic anew at each
// poll; how long the first announcement takes with a real Mosquitto, and what a second start sends.
//   node_modules/.bin/node test/bench/devices.bench.ts [CLIENTS] [POLLS]
import { setTimeout as sleep } from "node:timers/promises";
import type { ClientTier } from "../../src/entities/client.ts";
import { reconcile } from "../../src/entities/reconcile.ts";
import { render } from "../../src/entities/render.ts";
import { createSubjects } from "../../src/entities/subjects.ts";
import { topicNames } from "../../src/entities/topics.ts";
import { systemClock } from "../../src/lib/clock.ts";
import type { DeviceView } from "../../src/model/devices/view.ts";
import type { View } from "../../src/model/view.ts";
import { createDeleted } from "../../src/sinks/mqtt/deleted.ts";
import { startSession } from "../../src/sinks/mqtt/session.ts";
import { exampleClient, exampleMesh, exampleNetwork, exampleRouter } from "../fakes/example-network.ts";
import { eventually } from "../ha/eventually.ts";
import { startMosquitto } from "../ha/mosquitto.ts";
import { keepingLog, runSink, sampleView, watch } from "../sinks/mqtt/sample.ts";
import { silentConnection } from "./silent-connection.ts";

const [count = 1000, polls = 200] = process.argv.slice(2).map(Number);
const names = topicNames({ site: "home", base: "netwarden", prefix: "homeassistant", version: "0" });
const barMs = 50;

/** One poll's answer to the one before. */
type Change = (devices: readonly DeviceView[], poll: number) => readonly DeviceView[];

const changes: Readonly<Record<string, Change>> = {
  "nothing changed": (devices) => devices,
  "one client came or left": (devices, poll) => {
    const at = poll % devices.length;
    const connected = devices[at]?.connected !== true;
    return devices.with(at, { ...(devices[at] as DeviceView), connected, presence: connected ? "home" : "not_home" });
  },
  "every figure moved": (devices, poll) =>
    devices.map((device) => ({
      ...device,
      ...(device.place && { place: { ...device.place, signalDbm: -50 - ((poll * 7) % 30) } }),
      ...(device.traffic && {
        traffic: { ...device.traffic, downBps: poll * 1e5, receivedBytes: device.traffic.receivedBytes + 1e6 },
      }),
    })),
};

interface Side {
  poll(view: View): void;
  sent(): number;
}

/** The session as it is, on a connection that takes everything at once. */
async function ours(tier: ClientTier): Promise<Side> {
  let sent = 0;
  const connection = silentConnection(() => {
    sent += 1;
  });
  const show = createSubjects(tier);
  const common = { connection, names, clock: systemClock, log: keepingLog(), deleted: createDeleted() };
  const ready = Promise.withResolvers<void>();
  const session = startSession({ ...common, publishIntervalMs: 30_000 }, ready.resolve);
  session.show(show(viewOf(devicesAtFirst)));
  await ready.promise;
  return { poll: (view) => session.show(show(view)), sent: () => sent };
}

/** Everything is made, compared and, where it differs, sent at each poll. */
function naive(tier: ClientTier): Side {
  let held: ReadonlyMap<string, string> = new Map();
  let sent = 0;
  return {
    poll: (view) => {
      const topics = render(createSubjects(tier)(view).subjects, names);
      const wanted = new Map([...topics].map(([topic, { payload }]) => [topic, payload()]));
      sent += reconcile(held, wanted).length;
      held = wanted;
    },
    sent: () => sent,
  };
}

const devicesAtFirst: readonly DeviceView[] = Array.from({ length: count }, (_, n) => exampleClient(n));

function viewOf(devices: readonly DeviceView[]): View {
  const network = { devices, routers: [exampleRouter()], meshPoints: [exampleMesh()] };
  return sampleView({ network: exampleNetwork(network) });
}

console.log(`${count} clients, ${polls} polls each; ms a poll: subjects, render and reconcile\n`);
console.log(
  "| tier | poll | netwarden p50 | p99 | messages | naive p50 | messages | ratio |\n|---|---|---|---|---|---|---|---|",
);
for (const tier of ["tracker", "full"] as const) {
  for (const [name, change] of Object.entries(changes)) {
    const [own, peer] = [await ours(tier), naive(tier)];
    const mine = await measure(own, change);
    const other = await measure(peer, change);
    const ratio = (other.p50 / mine.p50).toFixed(0);
    console.log(
      `| ${[tier, name, ms(mine.p50), ms(mine.p99), mine.sent, ms(other.p50), other.sent, `${ratio}×`].join(" | ")} |`,
    );
    if (mine.p99 > barMs) process.exitCode = 1;
  }
}
await withBroker();

interface Result {
  readonly p50: number;
  readonly p99: number;
  readonly sent: number;
}

async function measure(side: Side, change: Change): Promise<Result> {
  let devices = devicesAtFirst;
  side.poll(viewOf(devices));
  await sleep(100);
  const before = side.sent();
  const times: number[] = [];
  for (let poll = 0; poll < polls; poll += 1) {
    devices = change(devices, poll);
    const view = viewOf(devices);
    const startedAt = performance.now();
    side.poll(view);
    times.push(performance.now() - startedAt);
    await sleep(5);
  }
  const took = times.toSorted((a, b) => a - b);
  const at = (share: number) => took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? 0;
  return { p50: at(0.5), p99: at(0.99), sent: side.sent() - before };
}

async function withBroker(): Promise<void> {
  const broker = await startMosquitto();
  try {
    const seen = await watch(broker.port, ["homeassistant/#", "netwarden/home/status"]);
    const configs = () => [...seen.held.keys()].filter((topic) => topic.includes("client_")).length;
    const online = () => eventually("online", () => seen.held.get("netwarden/home/status") === "online");
    const first = runSink(broker.port);
    first.show(sampleView());
    await online();
    const startedAt = performance.now();
    first.show(viewOf(devicesAtFirst));
    while (configs() < count) await sleep(1);
    console.log(`\nannounced to Mosquitto in ${(performance.now() - startedAt).toFixed(0)} ms (bar: 1,000)`);
    await first.stop();
    seen.messages.length = 0;
    const second = runSink(broker.port);
    second.show(viewOf(devicesAtFirst));
    await online();
    const again = seen.messages.filter(({ topic }) => topic.startsWith("homeassistant/")).length;
    console.log(`a second start sends ${again} discovery messages (bar: 0)`);
    await second.stop();
    await seen.close();
  } finally {
    await broker.close();
  }
}

function ms(value: number): string {
  return value.toFixed(2);
}

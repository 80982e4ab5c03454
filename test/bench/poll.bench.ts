// What one poll costs on its whole way from a reading to the broker's messages: 1,000 clients that three routers see, each
// poll with all of them, their counters moved and one real change; beside a bridge that works all out anew at each poll.
// Then what a second without news costs, and memory.
//   node_modules/.bin/node --expose-gc test/bench/poll.bench.ts [CLIENTS] [POLLS] [MEMORY_POLLS]
import type { ClientTier } from "../../src/entities/client.ts";
import { reconcile } from "../../src/entities/reconcile.ts";
import { render } from "../../src/entities/render.ts";
import { createSubjects } from "../../src/entities/subjects.ts";
import { topicNames } from "../../src/entities/topics.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { createDeriveNetwork } from "../../src/model/devices/derive.ts";
import { createFoldNetwork } from "../../src/model/devices/fold.ts";
import { emptyNetwork } from "../../src/model/devices/network.ts";
import type { DevicesView } from "../../src/model/devices/view.ts";
import { createDeleted } from "../../src/sinks/mqtt/deleted.ts";
import { startSession } from "../../src/sinks/mqtt/session.ts";
import { settings, start } from "../model/simulation.ts";
import { keepingLog, sampleView } from "../sinks/mqtt/sample.ts";
import { silentConnection } from "./silent-connection.ts";
import { readingOf, threeRouters } from "./thousand-clients.ts";

const [count = 1_000, polls = 300, memoryPolls = 2_000] = process.argv.slice(2).map(Number);
const names = topicNames({ site: "home", base: "netwarden", prefix: "homeassistant", version: "0" });
const home = { ...settings, sources: threeRouters };
const betweenMs = 10_000 / threeRouters.length;
const warmUp = 60;
const barMs = 50;

/** The model of a home, on a clock that the polls move. */
function createHome() {
  const fold = createFoldNetwork(home, () => "Acme");
  let network = emptyNetwork(threeRouters, start);
  let at = start;
  let poll = 0;
  const put = (observation: Parameters<typeof fold>[1][number]) => {
    network = fold(network, [observation]).network;
  };
  return {
    now: () => at,
    network: () => network,
    /** Made before it is timed: it is the driver's work. */
    next: () => {
      const source = threeRouters[poll % threeRouters.length] ?? threeRouters[0];
      poll += 1;
      at += betweenMs;
      const id = source?.id ?? "";
      const reading =
        source === undefined ? { clients: [], coverage: "full" as const } : readingOf(source, count, poll);
      return () => put({ type: "reading", source: id, reading, at });
    },
    tick: () => {
      at += 1_000;
      const still = { slept: 0, stepped: false, active: true, utcOffsetMs: 0 };
      put({ type: "tick", at, elapsed: 1_000, day: new Date(at).toISOString().slice(0, 10), ...still });
    },
  };
}

type Home = ReturnType<typeof createHome>;
type Show = (network: DevicesView) => void;

/** The session as it is, on a connection that takes everything at once. */
async function session(tier: ClientTier, of: Home): Promise<{ show: Show; sent: () => number }> {
  let sent = 0;
  const connection = silentConnection(() => {
    sent += 1;
  });
  const clock = { ...systemClock, monotonic: () => systemClock.monotonic() + of.now() - start };
  const show = createSubjects(tier);
  const common = { connection, names, clock, log: keepingLog(), deleted: createDeleted() };
  const ready = Promise.withResolvers<void>();
  const started = startSession({ ...common, publishIntervalMs: 30_000 }, ready.resolve);
  started.show(show(sampleView()));
  await ready.promise;
  return { show: (network) => started.show(show(sampleView({ network }))), sent: () => sent };
}

function percentile(times: readonly number[], share: number): string {
  const sorted = times.toSorted((a, b) => a - b);
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(2);
}

function timed(work: () => void): number {
  const startedAt = performance.now();
  work();
  return performance.now() - startedAt;
}

const pause = () => new Promise((resolve) => setImmediate(resolve));

async function ours(tier: ClientTier): Promise<void> {
  const of = createHome();
  const derive = createDeriveNetwork(home);
  const { show, sent } = await session(tier, of);
  const times: Record<"fold" | "derive" | "show" | "all", number[]> = { fold: [], derive: [], show: [], all: [] };
  for (let poll = -warmUp; poll < polls; poll += 1) {
    const read = of.next();
    let view: DevicesView | undefined;
    const fold = timed(read);
    const derived = timed(() => {
      view = derive(of.network(), of.now());
    });
    const shown = timed(() => view !== undefined && show(view));
    await pause();
    if (poll < 0) continue;
    times.fold.push(fold);
    times.derive.push(derived);
    times.show.push(shown);
    times.all.push(fold + derived + shown);
  }
  for (const [step, took] of Object.entries(times)) row(`netwarden, ${tier}: ${step}`, took);
  console.log(`| messages of all polls | ${sent()} | |`);
  if (Number(percentile(times.all, 0.99)) > barMs) process.exitCode = 1;
}

/** Every device, topic and payload is made anew at each poll and compared as text. */
async function naive(tier: ClientTier): Promise<void> {
  const of = createHome();
  let held: ReadonlyMap<string, string> = new Map();
  const times: number[] = [];
  for (let poll = -10; poll < Math.min(polls, 30); poll += 1) {
    const read = of.next();
    const took = timed(() => {
      read();
      const network = createDeriveNetwork(home)(of.network(), of.now());
      const topics = render(createSubjects(tier)(sampleView({ network })).subjects, names);
      const wanted = new Map([...topics].map(([topic, { payload }]) => [topic, payload()]));
      reconcile(held, wanted);
      held = wanted;
    });
    await pause();
    if (poll >= 0) times.push(took);
  }
  row(`all anew, ${tier}`, times);
}

function row(name: string, times: readonly number[]): void {
  console.log(`| ${name} | ${percentile(times, 0.5)} | ${percentile(times, 0.99)} |`);
}

async function memory(): Promise<void> {
  globalThis.gc?.();
  const empty = process.memoryUsage().heapUsed;
  const of = createHome();
  const derive = createDeriveNetwork(home);
  const look = (n: number) => {
    globalThis.gc?.();
    const used = process.memoryUsage().heapUsed - empty;
    const saved = JSON.stringify([...of.network().devices.values()]).length;
    console.log(
      `| ${n} | ${(used / 1_048_576).toFixed(1)} | ${(used / count / 1024).toFixed(1)} | ${Math.round(saved / 1024)} |`,
    );
  };
  console.log("\n| polls | heap, MiB | KiB a device | all states as JSON, KiB |\n|---|---|---|---|");
  for (let n = 1; n <= memoryPolls; n += 1) {
    of.next()();
    derive(of.network(), of.now());
    if (n === 3 || n % Math.ceil(memoryPolls / 5) === 0) {
      await pause();
      look(n);
    }
  }
  const ticks = Array.from({ length: 300 }, () =>
    timed(() => {
      of.tick();
      derive(of.network(), of.now());
    }),
  );
  console.log("\n| | p50 ms | p99 ms |\n|---|---|---|");
  row("a second without news", ticks.slice(0, 60));
}

console.log(
  `${count} clients of ${threeRouters.length} routers, ${polls} polls\n\n| | p50 ms | p99 ms |\n|---|---|---|`,
);
for (const tier of ["tracker", "full"] as const) {
  await ours(tier);
  await naive(tier);
}
if (memoryPolls > 0) await memory();

// Traces what the plan in the argument (JSON of its `trace`) asks for and prints each observation as a line of JSON; stdin's end ends it.
import { systemClock } from "../../src/lib/clock.ts";
import type { Plan, TracePlan } from "../../src/model/view.ts";
import { openIcmp } from "../../src/probes/icmp/open.ts";
import { openTracer } from "../../src/probes/path/open.ts";
import { openProbes } from "../../src/probes/registry.ts";
import { runProbes } from "../../src/probes/run.ts";

const noRound = { id: 0, mode: "manual", targets: [], count: 0 } as const;
const asked = JSON.parse(process.argv[2] ?? "{}") as TracePlan;
const planOf = (trace: TracePlan): Plan => ({
  active: true,
  checks: [],
  intervalMs: 20_000,
  heartbeatMs: 0,
  heartbeatTimeoutMs: 750,
  burst: { id: 0, checks: [] },
  trace,
  cycle: { id: 0, scope: "all" },
});
let plan = planOf({ ...asked, round: noRound });
const waiters = new Set<() => void>();
const changed = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) return resolve();
    waiters.add(resolve);
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
const controller = new AbortController();
process.stdin.resume().once("end", () => controller.abort());
const log = { debug: () => {}, info: () => {}, warn: console.error, error: console.error };
const probes = openProbes({ clock: systemClock });
const running = runProbes(
  {
    plan: { current: () => plan, changed },
    emit: (observation) => console.log(JSON.stringify(observation)),
    clock: systemClock,
    log,
    probes,
    icmp: openIcmp("tcp", { clock: systemClock, log, tcp: probes.tcp }),
    link: () =>
      Promise.resolve({ carrier: true, addresses: [], defaultRoute: true, neighbour: "unknown", resolvers: [] }),
    trace: openTracer({ clock: systemClock }),
  },
  controller.signal,
);
plan = planOf(asked);
setImmediate(() => {
  for (const wake of waiters) wake();
});
await running;

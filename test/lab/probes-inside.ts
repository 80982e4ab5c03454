// Runs the probes and prints each observation as a line of JSON; a line on stdin (`burst`, `pause`, `end`) changes the plan.
//   node probes-inside.ts [--ping] (ADDRESS | CHECK_AS_JSON)...
import { createInterface } from "node:readline";
import { systemClock } from "../../src/lib/clock.ts";
import type { Check } from "../../src/model/types.ts";
import type { Plan } from "../../src/model/view.ts";
import { openIcmp } from "../../src/probes/icmp/open.ts";
import { createLinkReader } from "../../src/probes/link.ts";
import { openProbes } from "../../src/probes/registry.ts";
import { runProbes } from "../../src/probes/run.ts";

const given = process.argv.slice(2);
const checks = given
  .filter((text) => text !== "--ping")
  .map((text): Check => {
    if (text.startsWith("{")) return JSON.parse(text);
    return { id: `icmp:${text}`, role: "target", slug: text, name: text, kind: "icmp", host: text };
  });
const engine = given.includes("--ping") ? "ping" : "fping";
let plan: Plan = {
  active: true,
  checks,
  intervalMs: 20_000,
  heartbeatMs: 1_000,
  heartbeatTimeoutMs: 750,
  burst: { id: 0, checks: [] },
  trace: { baselineMs: 0, baselineTargets: [], round: { id: 0, mode: "manual", targets: [], count: 0 } },
  cycle: { id: 0, scope: "all" },
};
const waiters = new Set<() => void>();
const changed = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) return resolve();
    waiters.add(resolve);
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
const controller = new AbortController();
createInterface(process.stdin).on("line", (line) => {
  if (line === "end") controller.abort();
  if (line === "burst") plan = { ...plan, burst: { id: plan.burst.id + 1, checks: checks.map(({ id }) => id) } };
  if (line === "pause") plan = { ...plan, active: false };
  for (const wake of waiters) wake();
  waiters.clear();
});
const log = { debug: () => {}, info: () => {}, warn: console.error, error: console.error };
const probes = openProbes({ clock: systemClock });
await runProbes(
  {
    plan: { current: () => plan, changed },
    emit: (observation) => console.log(JSON.stringify({ ...observation, seenAt: Date.now() })),
    clock: systemClock,
    log,
    probes,
    icmp: openIcmp(engine, { clock: systemClock, log, tcp: probes.tcp }),
    link: createLinkReader({ gateway: "auto" }),
  },
  controller.signal,
);
process.stdin.destroy();

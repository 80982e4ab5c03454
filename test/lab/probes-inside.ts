// Runs the probes for one address and prints each observation as a line of JSON; a line on stdin (`active`, `burst`, `end`) changes the plan.
import { createInterface } from "node:readline";
import { systemClock } from "../../src/lib/clock.ts";
import type { Check } from "../../src/model/types.ts";
import type { Plan } from "../../src/model/view.ts";
import { openIcmp } from "../../src/probes/icmp/open.ts";
import { createLinkReader } from "../../src/probes/link.ts";
import { openProbes } from "../../src/probes/registry.ts";
import { runProbes } from "../../src/probes/run.ts";

const hosts = process.argv.slice(2);
const checks = hosts.map(
  (host): Check => ({ id: `icmp:${host}`, role: "target", slug: host, name: host, kind: "icmp", host }),
);
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
    icmp: openIcmp("fping", { clock: systemClock, log, tcp: probes.tcp }),
    link: createLinkReader({ gateway: "auto" }),
  },
  controller.signal,
);
process.stdin.destroy();

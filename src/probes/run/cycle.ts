import type { Clock } from "../../lib/clock.ts";
import { createGate } from "../../lib/gate.ts";
import type { Plan } from "../../model/view.ts";
import type { Measure } from "./measure.ts";
import { icmpTargets, probeEmitter, type RunParts, regular, type SingleCheck, singleChecks } from "./parts.ts";

/** Which requests of the plan have been met; it outlives a pause of the monitoring. */
export interface CycleMemory {
  requestId: number;
}

const timeoutsMs = { tcp: 5_000, dns: 5_000, http: 8_000 } as const;
const icmpTimeoutMs = 2_000;
const mostAtOnce = 32;
/** The starts of a cycle's probes are spread over this share of the interval, at most so long. */
const spreadShare = 0.1;
const longestSpreadMs = 500;

/** A full cycle at once, then one each interval, and one whenever a user asks. One after the other: they never pile up. */
export async function runCycles(
  parts: RunParts & { readonly measure: Measure; readonly memory: CycleMemory },
  signal: AbortSignal,
): Promise<void> {
  const { plan, clock, memory, emit } = parts;
  let dueAt = clock.monotonic();
  while (!signal.aborted) {
    const now = plan.current();
    const requested = now.cycle.id !== memory.requestId;
    const waitMs = dueAt - clock.monotonic();
    if (!requested && waitMs > 0) {
      await sleepOrChange(parts, waitMs, signal);
      dueAt = Math.min(dueAt, clock.monotonic() + plan.current().intervalMs);
      continue;
    }
    memory.requestId = now.cycle.id;
    const isPartial = requested && now.cycle.scope === "gateway" && waitMs > 0;
    if (!isPartial) dueAt = nextDue(dueAt, now.intervalMs, clock);
    const startedAt = clock.now();
    const checks = regular(now.checks).filter(({ role }) => !isPartial || role === "gateway");
    await runCycle(parts, { ...now, checks }, signal);
    if (!signal.aborted) emit({ type: "cycle", at: clock.now(), startedAt, requested, partial: isPartial });
  }
}

async function runCycle(
  parts: RunParts & { readonly measure: Measure },
  plan: Plan,
  signal: AbortSignal,
): Promise<void> {
  const { clock, measure } = parts;
  const gate = createGate(mostAtOnce);
  const checks = singleChecks(plan.checks);
  const stepMs = Math.min(longestSpreadMs, plan.intervalMs * spreadShare) / Math.max(1, checks.length);
  const one = async (check: SingleCheck, index: number) => {
    await clock.sleep((index + Math.random()) * stepMs, signal);
    if (signal.aborted) return;
    await gate.pass(() => measure(check, { timeoutMs: timeoutsMs[check.kind], signal }));
  };
  await Promise.all([...checks.map(one), runIcmp(parts, plan, signal)]);
}

/** What no heartbeat measures, the cycle does. */
async function runIcmp(parts: RunParts, plan: Plan, signal: AbortSignal): Promise<void> {
  const { icmp, log } = parts;
  const beats = icmp.beat !== undefined && plan.heartbeatMs > 0;
  const targets = icmpTargets(plan.checks).filter(({ bytes }) => !beats || bytes !== undefined);
  if (targets.length === 0) return;
  const timeoutMs = Math.max(icmpTimeoutMs, plan.heartbeatTimeoutMs);
  try {
    await icmp.batch({ targets, count: 1, spacingMs: 1_000, timeoutMs }, probeEmitter(parts), signal);
  } catch (error) {
    log.error("a bug in the ICMP engine", { error });
  }
}

/** Keeps the rhythm; after a cycle that took too long, or a sleep of the machine, a new one begins. */
function nextDue(dueAt: number, intervalMs: number, clock: Clock): number {
  const now = clock.monotonic();
  const next = dueAt + intervalMs;
  return next > now && next <= now + intervalMs ? next : now + intervalMs;
}

async function sleepOrChange({ plan, clock }: RunParts, ms: number, signal: AbortSignal): Promise<void> {
  const either = new AbortController();
  const stop = () => either.abort();
  signal.addEventListener("abort", stop, { once: true });
  await Promise.race([clock.sleep(ms, either.signal), plan.changed(either.signal)]);
  stop();
  signal.removeEventListener("abort", stop);
}

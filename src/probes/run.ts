import type { PlanReader } from "./probe.ts";
import { runBursts } from "./run/burst.ts";
import { runCycles } from "./run/cycle.ts";
import { runHeartbeat } from "./run/heartbeat.ts";
import { runLink } from "./run/link.ts";
import { createMeasure } from "./run/measure.ts";
import type { RunParts } from "./run/parts.ts";
import { runPaths } from "./run/path.ts";

/**
 * Measures what the plan asks for, and nothing while it is not active, until `signal` aborts; then every child and probe has
 * ended. Rejects only on a bug of its own.
 */
export async function runProbes(parts: RunParts, signal: AbortSignal): Promise<void> {
  const { plan, trace } = parts;
  const measure = createMeasure(parts);
  const first = plan.current();
  const memory = { requestId: first.cycle.id, burstId: first.burst.id, roundId: first.trace.round.id };
  await whileActive(plan, signal, async (active) => {
    const everything = { ...parts, measure, memory };
    await Promise.all([
      runLink(everything, active),
      runHeartbeat(everything, active),
      runCycles(everything, active),
      runBursts(everything, active),
      trace === undefined ? undefined : runPaths({ ...everything, trace }, active),
    ]);
  });
}

/** Runs `work` whenever the plan is active, with a signal that aborts as soon as it no longer is. */
async function whileActive(
  plan: PlanReader,
  signal: AbortSignal,
  work: (active: AbortSignal) => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    if (!plan.current().active) {
      await plan.changed(signal);
      continue;
    }
    const phase = new AbortController();
    const stop = () => phase.abort();
    signal.addEventListener("abort", stop, { once: true });
    const watch = async () => {
      while (!phase.signal.aborted && plan.current().active) await plan.changed(phase.signal);
      stop();
    };
    try {
      await Promise.all([work(phase.signal), watch()]);
    } finally {
      stop();
      signal.removeEventListener("abort", stop);
    }
  }
}

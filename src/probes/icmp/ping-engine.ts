import type { Clock } from "../../lib/clock.ts";
import { createGate } from "../../lib/gate.ts";
import type { Resolve } from "../../lib/resolve.ts";
import { resolveTargets } from "./addresses.ts";
import { emitUnresolved } from "./fping-engine.ts";
import type { Batch, EmitProbe, Icmp } from "./icmp.ts";
import { type PingJob, runPing } from "./ping.ts";
import { bySize, type SizeGroup } from "./sized.ts";

/** Each probe is a process: few at once, and seldom, or measuring would cost more than what is measured. */
const mostAtOnce = 4;
const pauseMs = 10_000;

/** One `ping` process for each target of a batch. A single probe of a target that was probed just now is left out. */
export function createPingEngine(parts: {
  readonly clock: Clock;
  readonly book: Resolve;
  readonly file?: string | undefined;
}): Icmp {
  const { clock, book, file } = parts;
  const probedAt = new Map<string, number>();
  const gate = createGate(mostAtOnce);
  const isDue = (job: PingJob) => clock.monotonic() - (probedAt.get(keyOf(job)) ?? Number.NEGATIVE_INFINITY) >= pauseMs;

  const one = async (job: PingJob, signal: AbortSignal) => {
    if (signal.aborted) return [];
    const startedAt = clock.now();
    forgetOld(probedAt, clock.monotonic() - pauseMs);
    probedAt.set(keyOf(job), clock.monotonic());
    const outcomes = await runPing(job, { clock, signal, file });
    return outcomes.map((outcome, index) => ({ outcome, at: startedAt + index * job.spacingMs }));
  };

  return {
    engine: "ping",
    batch: async (batch, emit, signal) => {
      const runGroup = async (group: SizeGroup) => {
        const resolved = await resolveTargets(group.targets, { book, clock, waitMs: batch.timeoutMs });
        emitUnresolved(resolved.unresolved, { clock, emit });
        const run = async ([address, checks]: readonly [string, readonly string[]]) => {
          const job = jobOf(address, batch, group);
          if (batch.count === 1 && !isDue(job)) return;
          const packets = await gate.pass(() => one(job, signal));
          if (!signal.aborted) emitPackets(checks, packets, emit);
        };
        await Promise.all([...resolved[4], ...resolved[6]].map(run));
      };
      await Promise.all(bySize(batch.targets).map(runGroup));
    },
  };
}

function jobOf(address: string, { count, spacingMs, timeoutMs }: Batch, { bytes }: SizeGroup): PingJob {
  return { address, count, spacingMs, timeoutMs, ...(bytes === undefined ? {} : { bytes }) };
}

function keyOf({ address, bytes = 0 }: PingJob): string {
  return `${address} ${bytes}`;
}

function emitPackets(
  checks: readonly string[],
  packets: readonly { readonly outcome: Parameters<EmitProbe>[1]; readonly at: number }[],
  emit: EmitProbe,
): void {
  for (const { outcome, at } of packets) for (const check of checks) emit(check, outcome, at);
}

function forgetOld(probedAt: Map<string, number>, before: number): void {
  for (const [address, at] of probedAt) if (at < before) probedAt.delete(address);
}

import type { Clock } from "../../lib/clock.ts";
import { createGate } from "../../lib/gate.ts";
import type { Resolve } from "../../lib/resolve.ts";
import { resolveTargets } from "./addresses.ts";
import { emitUnresolved } from "./fping-engine.ts";
import type { Batch, EmitProbe, Icmp } from "./icmp.ts";
import { runPing } from "./ping.ts";

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
  const isDue = (address: string) => clock.monotonic() - (probedAt.get(address) ?? Number.NEGATIVE_INFINITY) >= pauseMs;

  const one = async (address: string, batch: Batch, signal: AbortSignal) => {
    if (signal.aborted) return [];
    const startedAt = clock.now();
    forgetOld(probedAt, clock.monotonic() - pauseMs);
    probedAt.set(address, clock.monotonic());
    const outcomes = await runPing({ ...batch, address }, { clock, signal, file });
    return outcomes.map((outcome, index) => ({ outcome, at: startedAt + index * batch.spacingMs }));
  };

  return {
    engine: "ping",
    batch: async (batch, emit, signal) => {
      const resolved = await resolveTargets(batch.targets, { book, clock, waitMs: batch.timeoutMs });
      emitUnresolved(resolved.unresolved, { clock, emit });
      const run = async ([address, checks]: readonly [string, readonly string[]]) => {
        if (batch.count === 1 && !isDue(address)) return;
        const packets = await gate.pass(() => one(address, batch, signal));
        if (!signal.aborted) emitPackets(checks, packets, emit);
      };
      await Promise.all([...resolved[4], ...resolved[6]].map(run));
    },
  };
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

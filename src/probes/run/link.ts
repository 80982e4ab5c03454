import type { RunParts } from "./parts.ts";

const repeatMs = 10_000;
const shortestMs = 500;

/** Reads the own link at each heartbeat and emits it when it changed, and now and then to show that it was looked at. */
export async function runLink({ plan, emit, clock, log, link }: RunParts, signal: AbortSignal): Promise<void> {
  let emitted = "";
  let emittedAt = Number.NEGATIVE_INFINITY;
  let isBroken = false;
  while (!signal.aborted) {
    try {
      const at = clock.now();
      const facts = await link();
      if (signal.aborted) return;
      const text = JSON.stringify(facts);
      if (text !== emitted || clock.monotonic() - emittedAt >= repeatMs) {
        emitted = text;
        emittedAt = clock.monotonic();
        emit({ type: "link", at, facts });
      }
      isBroken = false;
    } catch (error) {
      if (!isBroken) log.error("cannot read the own link", { error });
      isBroken = true;
    }
    const { heartbeatMs, intervalMs } = plan.current();
    await clock.sleep(Math.max(shortestMs, heartbeatMs > 0 ? heartbeatMs : Math.min(intervalMs, repeatMs)), signal);
  }
}

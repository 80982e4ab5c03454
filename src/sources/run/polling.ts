import type { SourceErrorCode } from "../../model/devices/sighting.ts";
import { SourceError } from "../source.ts";
import { createAvailability } from "./availability.ts";
import { after, noFailures, waitMs } from "./backoff.ts";
import { assertBounded } from "./bounds.ts";
import { createDriver } from "./driver.ts";
import type { PolledSource, RunParts } from "./parts.ts";

const shortestDeadlineMs = 10_000;
const longestDeadlineMs = 30_000;
/** After a failure there is a pause, even if the deadline took longer than the interval. */
const pauseMs = 1_000;

/** Polls one source, a poll at a time and the first after `delayMs`, until `signal` aborts; then its driver is closed. */
export async function runPolling(
  source: PolledSource,
  parts: RunParts,
  { delayMs, signal }: { readonly delayMs: number; readonly signal: AbortSignal },
): Promise<void> {
  const { clock, emit, random = Math.random } = parts;
  const { id, intervalMs } = source;
  const driver = createDriver(source, parts);
  const availability = createAvailability(source, parts);
  const timeoutMs = deadlineMs(intervalMs);

  /** What went wrong, or `undefined`: nothing did. */
  const poll = async (): Promise<SourceErrorCode | undefined> => {
    try {
      const reading = await driver.poll({ timeoutMs, signal });
      if (signal.aborted) return undefined;
      assertBounded(reading, source.name);
      availability.works();
      emit({ type: "reading", at: clock.now(), source: id, reading });
      return undefined;
    } catch (error) {
      if (signal.aborted) return undefined;
      if (!(error instanceof SourceError)) await driver.close();
      return availability.failed(error);
    }
  };

  await clock.sleep(delayMs, signal);
  let failures = noFailures;
  while (!signal.aborted) {
    const startedAt = clock.monotonic();
    const code = await poll();
    failures = code === undefined ? noFailures : after(failures, code);
    const wait = code === undefined ? intervalMs : waitMs(failures, { code, intervalMs, random: random() });
    const left = startedAt + wait - clock.monotonic();
    await clock.sleep(Math.max(code === undefined ? 0 : pauseMs, left), signal);
  }
  await driver.close();
}

/** Time enough for a slow router, and not so much that a dead one holds up the news. */
export function deadlineMs(intervalMs: number): number {
  return Math.min(longestDeadlineMs, Math.max(shortestDeadlineMs, 2 * intervalMs));
}

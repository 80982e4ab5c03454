import { runListening } from "./run/listening.ts";
import type { OpenSource, RunParts } from "./run/parts.ts";
import { runPolling } from "./run/polling.ts";

/** The first polls begin within this time, one after another. */
const spreadMs = 1_000;

/**
 * Reads every source at its own pace until `signal` aborts; then all are closed, within two seconds even if one hangs. A failure
 * of one, and a bug in one, is an observation and a line in the log; the others don't notice.
 */
export async function runSources(parts: RunParts, signal: AbortSignal): Promise<void> {
  const { sources } = parts;
  const run = async (source: OpenSource, index: number) => {
    if (source.way === "listen") return await runListening(source, parts, signal);
    await runPolling(source, parts, { delayMs: (spreadMs * index) / sources.length, signal });
  };
  await Promise.all(sources.map(run));
}

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import { openStore, type Store } from "./store.ts";

/** Opens the history in the data folder; without one the monitor goes on, and the log says what to do. */
export async function openHistory(parts: {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly retentionDays: number;
}): Promise<Store | undefined> {
  const { dataDir, clock, log, retentionDays } = parts;
  try {
    await mkdir(dataDir, { recursive: true });
    return await openStore({ file: join(dataDir, "netwarden.db"), clock, log, retentionDays });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log.error("no history is kept: make the data folder writable, or name another with --data", { dataDir, reason });
    return undefined;
  }
}

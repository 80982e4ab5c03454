import { mkdir } from "node:fs/promises";
import type { Log } from "../../lib/log.ts";

export interface PlaceOptions {
  /** Where files go, and where they go instead when nothing can be written there. */
  readonly dir: string;
  readonly fallbackDir: string;
  readonly log: Log;
  /** Whose files, for the log. */
  readonly files: string;
}

/** A directory to write in that may turn out not to be writable, or full for a while. */
export interface Place {
  /** The directory in use. */
  dir(): string;
  /** Does `work` in the directory; false when the disk refused, which is told once until it works again. Never throws. */
  write(work: (dir: string) => Promise<void>): Promise<boolean>;
}

/** How long to wait after a refusal. */
export const retryMs = 10_000;

const cantWriteHere = ["EACCES", "EPERM", "EROFS", "ENOTDIR", "EISDIR", "EEXIST", "ELOOP", "ENAMETOOLONG", "ENOENT"];

/** `dir` until it can't be written for good, then `fallbackDir`. */
export function createPlace({ dir: wanted, fallbackDir, log, files }: PlaceOptions): Place {
  let dir = wanted;
  let failing = false;
  const attempt = async (work: (dir: string) => Promise<void>) => {
    try {
      await inside(dir, work);
    } catch (error) {
      if (dir === fallbackDir || !cantWriteHere.includes(codeOf(error))) throw error;
      await inside(fallbackDir, work);
      const fields = { files, wanted, used: fallbackDir, reason: messageOf(error) };
      log.warn("the evidence directory can't be written, the data directory is used instead", fields);
      dir = fallbackDir;
    }
  };
  return {
    dir: () => dir,
    write: async (work) => {
      try {
        await attempt(work);
      } catch (error) {
        const fields = { files, dir, reason: messageOf(error) };
        if (!failing) log.warn("evidence can't be written at the moment, it waits: free some space", fields);
        failing = true;
        return false;
      }
      if (failing) log.info("evidence is written again", { files, dir });
      failing = false;
      return true;
    },
  };
}

async function inside(dir: string, work: (dir: string) => Promise<void>): Promise<void> {
  await mkdir(dir, { recursive: true });
  await work(dir);
}

function codeOf(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

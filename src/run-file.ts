import { randomBytes } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { writeAtomically } from "./lib/atomic-file.ts";
import type { Log } from "./lib/log.ts";

/** Where the monitor of a data folder is asked, and the secret by which its web server knows that it is asked from here. */
export interface RunFile {
  readonly pid: number;
  readonly url: string;
  readonly token: string;
}

const runFile = z.object({
  pid: z.int().min(1),
  url: z.url({ protocol: /^http$/ }).max(300),
  token: z.string().min(32).max(200),
});

const onlyOwner = 0o600;

/** A secret for one run: it is in the run file and in the memory of the monitor, and nowhere else. */
export function createRunToken(): string {
  return randomBytes(32).toString("base64url");
}

/** Says in the data folder that a monitor runs; the returned function takes it back. Without it the monitor goes on. */
export async function writeRunFile(dataDir: string, run: RunFile, log: Log): Promise<() => Promise<void>> {
  const file = fileIn(dataDir);
  try {
    await writeAtomically(file, `${JSON.stringify(run)}\n`, onlyOwner);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log.debug("other commands will not find this monitor: its data folder can't be written", { file, reason });
    return async () => {};
  }
  return async () => {
    // Another monitor may have taken the folder over.
    if ((await readRunFile(dataDir))?.token === run.token) await rm(file, { force: true }).catch(() => undefined);
  };
}

/** What the last monitor of a data folder left there, if it is not gone; `undefined`: nothing that can be read. */
export async function readRunFile(dataDir: string): Promise<RunFile | undefined> {
  try {
    const parsed = runFile.safeParse(JSON.parse(await readFile(fileIn(dataDir), "utf8")));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

function fileIn(dataDir: string): string {
  return join(dataDir, "run.json");
}

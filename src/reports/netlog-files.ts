import { constants } from "node:fs";
import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { NetlogAnalysis } from "./analyze/netlog.ts";

const chunkBytes = 262_144;

/** A log file, and how much of it has been read, 0 to 1. */
export interface ReadProgress {
  readonly file: string;
  readonly share: number;
}

/** The netlog files of a folder, ours or the older tool's, the oldest first. Throws the system's error. */
export async function netlogFiles(dir: string): Promise<readonly string[]> {
  const found = (await readdir(dir)).flatMap((name) => {
    const [, rest] = /^netlog(?:-(.+))?\.csv$/.exec(name) ?? [];
    if (name !== "netlog.csv" && rest === undefined) return [];
    const [, month = "", part = "1"] = /^(\d{4}-\d{2})(?:\.(\d+))?$/.exec(rest ?? "") ?? [];
    // What was kept aside is older than the rest; `netlog.csv` itself is the newest.
    return [{ name, order: name === "netlog.csv" ? "9999" : month, part: Number(part) }];
  });
  return found
    .sort((a, b) => a.order.localeCompare(b.order) || a.part - b.part || a.name.localeCompare(b.name))
    .map(({ name }) => join(dir, name));
}

/** Reads a file into a report, piece by piece. Throws the system's error, and `NetlogError` when it is another file. */
export async function readNetlogFile(
  file: string,
  into: NetlogAnalysis,
  told: (progress: ReadProgress) => void = () => {},
): Promise<void> {
  // Without blocking: to open a pipe by that name would wait for its other end.
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const facts = await handle.stat();
    if (!facts.isFile()) throw Object.assign(new Error("is not a regular file"), { code: "ENOTFILE" });
    const buffer = new Uint8Array(chunkBytes);
    let read = 0;
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, chunkBytes, null);
      if (bytesRead === 0) break;
      into.push(buffer.subarray(0, bytesRead));
      read += bytesRead;
      told({ file, share: facts.size === 0 ? 1 : Math.min(1, read / facts.size) });
    }
    into.endFile();
  } catch (error) {
    into.dropFile();
    throw error;
  } finally {
    await handle.close();
  }
}

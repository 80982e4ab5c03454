import { type FileHandle, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { appendWhole, freeName, withFile } from "./open-file.ts";

/** A text to append to a file that grows, and is laid aside by month. */
export interface Block {
  readonly dir: string;
  /** Without `.log`. */
  readonly name: string;
  readonly text: string;
  /** `YYYY-MM`. */
  readonly month: string;
  /** The month of what a file holds, from its last bytes; `undefined`: it can't be told. */
  readonly monthOf: (tail: string) => string | undefined;
  /** At this size too a file is laid aside. */
  readonly maxBytes: number;
}

const tailBytes = 32_768;

/**
 * Appends the text whole or not at all, and throws the system's error when it can't. `name.log` holds the newest month; what is
 * older is `name-YYYY-MM.log` (then `.2.log`, …).
 */
export async function appendBlock(block: Block): Promise<void> {
  const { dir, name, text, month } = block;
  const path = join(dir, `${name}.log`);
  const aside = await withFile(path, async (handle) => {
    const { size } = await handle.stat();
    const tail = await readTail(handle, size);
    const held = block.monthOf(tail) ?? month;
    if (size > 0 && (held < month || size + text.length > block.maxBytes)) return held;
    await appendWhole(handle, size, size > 0 && !tail.endsWith("\n") ? `\n${text}` : text);
    return undefined;
  });
  if (aside === undefined) return;
  await rename(path, join(dir, await freeName(dir, `${name}-${aside}`, "log")));
  await withFile(path, async (handle) => appendWhole(handle, (await handle.stat()).size, text));
}

/** Removes the files that were not written for the longest time until all together keep to the bound; `kept` stays in any case. */
export async function dropLongestUnused(
  dir: string,
  {
    isOurs,
    maxBytes,
    kept,
  }: { readonly isOurs: (name: string) => boolean; readonly maxBytes: number; readonly kept: string },
): Promise<void> {
  const names = (await readdir(dir)).filter(isOurs);
  const files = await Promise.all(
    names.map(async (name) => {
      const { size, mtimeMs } = await stat(join(dir, name));
      return { name, size, mtimeMs };
    }),
  );
  let excess = files.reduce((sum, { size }) => sum + size, 0) - maxBytes;
  for (const { name, size } of files.sort((a, b) => a.mtimeMs - b.mtimeMs || a.name.localeCompare(b.name))) {
    if (excess <= 0) return;
    if (name === kept) continue;
    await rm(join(dir, name), { force: true });
    excess -= size;
  }
}

async function readTail(handle: FileHandle, size: number): Promise<string> {
  const length = Math.min(size, tailBytes);
  const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(length), position: size - length, length });
  return buffer.toString("utf8", 0, bytesRead);
}

import type { FileHandle } from "node:fs/promises";

/** A full disk takes a part of a line: what was written is taken back at once, so that none stays. `size`: of the file before. */
export async function appendWhole(handle: FileHandle, size: number, text: string): Promise<void> {
  const bytes = Buffer.from(text);
  try {
    const { bytesWritten } = await handle.write(bytes);
    if (bytesWritten < bytes.length) throw Object.assign(new Error("the disk is full"), { code: "ENOSPC" });
  } catch (error) {
    await handle.truncate(size);
    throw error;
  }
}

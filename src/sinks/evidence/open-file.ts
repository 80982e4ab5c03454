import { type FileHandle, open, readdir } from "node:fs/promises";

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

/** Works on a file, made where there is none, that is read and appended to. */
export async function withFile<T>(path: string, work: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await open(path, "a+");
  try {
    return await work(handle);
  } finally {
    await handle.close();
  }
}

/** `wanted.ext`, or `wanted.2.ext`, … where that is taken. */
export async function freeName(dir: string, wanted: string, extension: string): Promise<string> {
  const taken = new Set(await readdir(dir));
  let name = `${wanted}.${extension}`;
  for (let n = 2; taken.has(name); n += 1) name = `${wanted}.${n}.${extension}`;
  return name;
}

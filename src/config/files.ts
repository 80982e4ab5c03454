import { open, stat } from "node:fs/promises";
import { ConfigError } from "./error.ts";

/** The largest file that is read, in bytes. */
const largest = 1_048_576;

/** The text of a file, `undefined` where there is none. What else is wrong is a `ConfigError` that calls the file `shown`. */
export async function readText(file: string, shown: string): Promise<string | undefined> {
  const refuse = (message: string) => new ConfigError([{ path: "", message, file: shown }]);
  try {
    // Before opening: to open a pipe would wait for its other end.
    const facts = await stat(file);
    if (facts.isDirectory()) throw refuse("is a directory, not a file");
    if (!facts.isFile()) throw refuse("is not a regular file");
    const bytes = await readAtMost(file, largest + 1);
    if (bytes.length > largest) throw refuse("is larger than 1 MiB");
    const text = decode(bytes);
    if (text === undefined) throw refuse("is not valid UTF-8");
    return text;
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const code = errorCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw refuse(
      code === "EACCES" || code === "EPERM" ? "may not be read: permission denied" : `cannot be read (${code})`,
    );
  }
}

async function readAtMost(file: string, limit: number): Promise<Uint8Array> {
  const handle = await open(file, "r");
  try {
    const buffer = new Uint8Array(limit);
    let length = 0;
    for (;;) {
      const { bytesRead } = await handle.read(buffer, length, limit - length);
      length += bytesRead;
      if (bytesRead === 0 || length === limit) return buffer.subarray(0, length);
    }
  } finally {
    await handle.close();
  }
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function errorCode(error: unknown): string {
  const code: unknown = error instanceof Error ? Reflect.get(error, "code") : undefined;
  return typeof code === "string" ? code : "unknown error";
}

import { closeSync, openSync, readSync } from "node:fs";
import { open, readdir } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { join } from "node:path";

/** Where facts come from; tests give a directory of their own. */
export interface LinkSystem {
  /** The text of a system file, or `undefined` when it isn't there or can't be read (`carrier` of an interface that is down). */
  read(path: string): Promise<string | undefined>;
  list(path: string): Promise<readonly string[]>;
  /** Addresses by interface. Node leaves out interfaces that are down. */
  addresses(): Readonly<Record<string, readonly string[]>>;
}

/** A router's table can be large; what is needed comes first. */
const mostBytes = 512 * 1024;
/** All of any file outside `/proc` that is of use: flags, carrier, resolv.conf. */
const smallBytes = 16_384;

/**
 * This machine's files. `/proc` is read at once, for it never waits and the detour by a thread costs ten times as much; the
 * others may wait for a disk or for the kernel's network lock.
 */
export function createLinkSystem(root = "/"): LinkSystem {
  return {
    read: async (path) => {
      try {
        return path.startsWith("proc/") ? readNow(join(root, path)) : await readBounded(join(root, path));
      } catch {
        return undefined;
      }
    },
    list: (path) => readdir(join(root, path)).catch(() => []),
    addresses: () =>
      Object.fromEntries(
        Object.entries(networkInterfaces()).map(([name, list]) => [name, (list ?? []).map(({ address }) => address)]),
      ),
  };
}

async function readBounded(path: string): Promise<string> {
  const file = await open(path, "r");
  try {
    const buffer = Buffer.alloc(smallBytes);
    const { bytesRead } = await file.read(buffer, 0, smallBytes, null);
    return buffer.toString("latin1", 0, bytesRead);
  } finally {
    await file.close();
  }
}

function readNow(path: string): string {
  const file = openSync(path, "r");
  try {
    const parts: Buffer[] = [];
    for (let size = 0; size < mostBytes; ) {
      const buffer = Buffer.alloc(smallBytes);
      const bytesRead = readSync(file, buffer, 0, smallBytes, null);
      if (bytesRead === 0) break;
      parts.push(buffer.subarray(0, bytesRead));
      size += bytesRead;
    }
    return Buffer.concat(parts).toString("latin1");
  } finally {
    closeSync(file);
  }
}

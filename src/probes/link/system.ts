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

/** This machine's files; asynchronous, for reading some of them waits for the kernel's network lock. */
export function createLinkSystem(root = "/"): LinkSystem {
  return {
    read: (path) => readBounded(join(root, path)).catch(() => undefined),
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
    const parts: Buffer[] = [];
    let size = 0;
    while (size < mostBytes) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(size === 0 ? 4_096 : 65_536), 0, null, null);
      if (bytesRead === 0) break;
      parts.push(buffer.subarray(0, bytesRead));
      size += bytesRead;
    }
    return Buffer.concat(parts).toString("latin1");
  } finally {
    await file.close();
  }
}

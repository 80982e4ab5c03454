import { execFile } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "./clock.ts";

/** A pipe for a child's output that is read in gulps. */
export interface GulpPipe {
  /** The end to give to the child; whoever opened the pipe closes it with `release` once the child has it. */
  readonly writer: number;
  release(): void;
  /** Resolves when all writers have closed their end and everything was read, or after `destroy`. */
  readonly closed: Promise<void>;
  destroy(): void;
}

const gulpBytes = 65_536;

/**
 * Node reads a child's output as often as the child writes: a thousand lines a second cost a twentieth of a core before anyone
 * looks at them, and pausing the stream only makes Node keep the pieces. So: a named pipe of our own (it is 64 KiB, where a
 * socket holds some hundred lines), read at most every `gatherMs`. `undefined` where there is none: then use an ordinary one.
 */
export async function openGulpPipe(
  onChunk: (chunk: string) => void,
  { clock, gatherMs }: { readonly clock: Clock; readonly gatherMs: number },
): Promise<GulpPipe | undefined> {
  const ends = await openFifo().catch(() => undefined);
  if (ends === undefined) return undefined;
  let cancel = () => {};
  const buffer = Buffer.alloc(gulpBytes);
  const socket: Socket = new Socket({
    fd: ends.reader,
    readable: true,
    writable: false,
    onread: {
      buffer,
      callback: (size) => {
        onChunk(buffer.toString("latin1", 0, size));
        cancel = clock.after(gatherMs, () => socket.resume());
        return false;
      },
    },
  });
  // A broken pipe is the child's end, which is told elsewhere.
  socket.on("error", () => {});
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  socket.resume();
  let isReleased = false;
  return {
    writer: ends.writer,
    release: () => {
      if (!isReleased) closeSync(ends.writer);
      isReleased = true;
    },
    closed,
    destroy: () => {
      cancel();
      socket.destroy();
    },
  };
}

async function openFifo(): Promise<{ readonly reader: number; readonly writer: number }> {
  const folder = await mkdtemp(join(tmpdir(), "netwarden-"));
  try {
    const path = join(folder, "pipe");
    await new Promise<void>((resolve, reject) => {
      execFile("mkfifo", ["-m", "600", path], { timeout: 2_000 }, (error) =>
        error === null ? resolve() : reject(error),
      );
    });
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      // With a reader it does not wait; the child gets it blocking, as programs expect it.
      return { reader, writer: openSync(path, constants.O_WRONLY) };
    } catch (error) {
      closeSync(reader);
      throw error;
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

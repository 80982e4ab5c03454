import { open, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { appendWhole } from "./open-file.ts";
import type { Place } from "./place.ts";

/** A line for a file of its day. */
export interface DayLine {
  readonly file: string;
  /** Without the line's end. */
  readonly line: string;
}

/** Lines on their way into files. */
export interface DayLines {
  add(line: DayLine): void;
  /** Lines that are not written yet. */
  waiting(): number;
  /** Writes what waits; false when the disk refused, then it goes on waiting. */
  flush(): Promise<boolean>;
}

/** Lines that wait at most while the disk refuses: then the oldest are lost. */
const mostWaiting = 6_000;
/** With little room left, fewer lines may still find a place. */
const linesAtOnce = 500;

/** Appends lines, in their order, whole or not at all. */
export function createDayLines(place: Place): DayLines {
  let waiting: readonly DayLine[] = [];
  let pushedOut = 0;
  return {
    add: (line) => {
      waiting = [...waiting, line];
      if (waiting.length <= mostWaiting) return;
      waiting = waiting.slice(1);
      pushedOut += 1;
    },
    waiting: () => waiting.length,
    flush: async () => {
      while (waiting.length > 0) {
        const { file } = waiting[0] ?? { file: "" };
        const other = waiting.findIndex((line) => line.file !== file);
        const lines = waiting.slice(0, Math.min(linesAtOnce, other === -1 ? waiting.length : other));
        pushedOut = 0;
        const text = lines.map(({ line }) => `${line}\n`).join("");
        if (!(await place.write((dir) => appendText(join(dir, file), text)))) return false;
        // What was pushed out meanwhile was the oldest, so among those just written.
        waiting = waiting.slice(Math.max(0, lines.length - pushedOut));
      }
      return true;
    },
  };
}

/** Adds whole lines to a file, all or none; a last line that a power cut left without its end is ended. */
async function appendText(path: string, text: string): Promise<void> {
  const handle = await open(path, "a+");
  try {
    const { size } = await handle.stat();
    const { bytesRead, buffer } = await handle.read({ buffer: Buffer.alloc(1), position: Math.max(0, size - 1) });
    const torn = bytesRead === 1 && buffer[0] !== 0x0a;
    await appendWhole(handle, size, torn ? `\n${text}` : text);
  } finally {
    await handle.close();
  }
}

export interface Keep {
  /** The day (`YYYY-MM-DD`) of a file that is ours, from its name. */
  readonly dayOf: (name: string) => string | undefined;
  /** Of all days together; the newest day stays in any case. */
  readonly maxBytes: number;
  /** The first day to keep; absent: all. */
  readonly since?: string;
}

/** Removes files of old days. Throws the system's error. */
export async function dropOldDays(dir: string, { dayOf, maxBytes, since = "" }: Keep): Promise<void> {
  const named = (await readdir(dir)).flatMap((name) => {
    const day = dayOf(name);
    return day === undefined ? [] : [{ path: join(dir, name), day }];
  });
  const newestFirst = named.sort((a, b) => b.day.localeCompare(a.day));
  let bytes = 0;
  for (const { path, day } of newestFirst) {
    bytes += (await stat(path)).size;
    if (day < since || (bytes > maxBytes && day !== newestFirst[0]?.day)) await rm(path, { force: true });
  }
}

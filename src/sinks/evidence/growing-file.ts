import { type FileHandle, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { appendWhole, freeName, withFile } from "./open-file.ts";

/** A CSV file that grows, and its older parts beside it. */
export interface GrowingFile {
  readonly dir: string;
  /** Without `.csv`. */
  readonly name: string;
  readonly header: string;
  /** Of the file and its rolled parts together. */
  readonly maxBytes: number;
}

/** Lines of one month (`YYYY-MM`); each begins with its local time. `stamp` names a file that is kept aside. */
export interface Lines {
  readonly month: string;
  readonly lines: readonly string[];
  readonly stamp: string;
}

/**
 * Appends whole lines, all or none, and throws the system's error when it can't. The file is looked at anew each time, so
 * that others may move or edit it. `name.csv` holds the newest month; when a line of a later month comes, or the file holds a
 * quarter of `maxBytes`, it becomes `name-YYYY-MM.csv` (then `.2.csv`, …, by the month of its last line) and a new one begins. When all
 * parts together exceed `maxBytes` the oldest go. A file with other columns is kept aside as `name-old-<stamp>.csv`, for good.
 */
export async function appendLines(file: GrowingFile, { month, lines, stamp }: Lines): Promise<void> {
  await mkdir(file.dir, { recursive: true });
  const path = join(file.dir, `${file.name}.csv`);
  const text = lines.map((line) => line + lineEnd).join("");
  const aside = await withFile(path, async (handle) => {
    const state = await inspect(handle, file.header);
    if (state.foreign) return `${file.name}-old-${stamp}`;
    const rolls =
      state.size > 0 && ((state.month !== "" && month > state.month) || state.size + text.length > file.maxBytes / 4);
    if (rolls && state.rows) return `${file.name}-${state.month === "" ? month : state.month}`;
    await append(handle, state, state.size === 0 ? file.header + lineEnd + text : text);
    return undefined;
  });
  if (aside === undefined) return;
  await rename(path, join(file.dir, await freeName(file.dir, aside, "csv")));
  await withFile(path, async (handle) =>
    append(handle, await inspect(handle, file.header), file.header + lineEnd + text),
  );
  await dropOldest(file);
}

/** As in the older tool's files. */
const lineEnd = "\r\n";

interface State {
  readonly size: number;
  /** It has other columns than ours. */
  readonly foreign: boolean;
  readonly rows: boolean;
  /** Of the last line with a date; "" when there is none. */
  readonly month: string;
  /** The last line has no end: the power went while it was written. */
  readonly torn: boolean;
}

const datedLine = /^(\d{4}-\d{2})-\d{2} /;

async function inspect(handle: FileHandle, header: string): Promise<State> {
  const { size } = await handle.stat();
  const head = await readText(handle, 0, header.length + 8);
  const [first = "", second] = head.split(/\r?\n/, 2);
  const tail = await readText(handle, Math.max(0, size - 4096), 4096);
  const last = tail.split("\n").findLast((line) => datedLine.test(line)) ?? "";
  return {
    size,
    foreign: size > 0 && first.replace(/^\ufeff/, "") !== header,
    rows: (second ?? "") !== "",
    month: datedLine.exec(last)?.[1] ?? "",
    torn: size > 0 && !tail.endsWith("\n"),
  };
}

async function readText(handle: FileHandle, position: number, length: number): Promise<string> {
  const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(length), position, length });
  return buffer.toString("utf8", 0, bytesRead);
}

async function append(handle: FileHandle, { size, torn }: State, text: string): Promise<void> {
  await appendWhole(handle, size, (torn ? lineEnd : "") + text);
}

/** Removes the oldest rolled parts until all together keep to the bound. Throws the system's error. */
export async function dropOldest({ dir, name, maxBytes }: GrowingFile): Promise<void> {
  const rolled = (await readdir(dir))
    .flatMap((entry) => {
      const [, month, part = "1"] = /^(\d{4}-\d{2})(?:\.(\d+))?\.csv$/.exec(entry.slice(name.length + 1)) ?? [];
      return entry.startsWith(`${name}-`) && month !== undefined
        ? [{ path: join(dir, entry), month, part: Number(part) }]
        : [];
    })
    .sort((a, b) => a.month.localeCompare(b.month) || a.part - b.part);
  const sizes = await Promise.all(rolled.map(async ({ path }) => (await stat(path)).size));
  // Room for the file that grows now is left: it may take a quarter.
  let excess = sizes.reduce((sum, size) => sum + size, 0) - maxBytes * 0.75;
  for (const [index, { path }] of rolled.entries()) {
    if (excess <= 0) return;
    await rm(path, { force: true });
    excess -= sizes[index] ?? 0;
  }
}

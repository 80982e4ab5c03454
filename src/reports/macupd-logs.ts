import { constants } from "node:fs";
import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { oneLine } from "../lib/one-line.ts";
import { type MacupdRow, parseMacupdRows } from "./macupd-row.ts";

/** All that a folder of macupd logs holds, the oldest day first. */
export interface MacupdLogs {
  readonly tracker: readonly MacupdRow[];
  readonly alerts: readonly MacupdRow[];
  readonly errors: readonly string[];
  /** Files that were read, by name. */
  readonly files: readonly string[];
  /** What could not be read of them, each for people. */
  readonly problems: readonly string[];
}

export type MacupdKind = "tracker" | "alert" | "error";

/** Of one file; what comes after is left out and told. */
const mostBytes = 8_000_000;
const mostErrors = 2_000;

/** The day (`YYYY-MM-DD`) and kind of a macupd log, from its name; `undefined`: another file. */
export function macupdFile(name: string): { readonly kind: MacupdKind; readonly day: string } | undefined {
  const [, kind, year, month, day] = /^macupd_(tracker|alert|error)\.(\d{4})(\d{2})(\d{2})\.log$/.exec(name) ?? [];
  if (kind !== "tracker" && kind !== "alert" && kind !== "error") return undefined;
  return { kind, day: `${year}-${month}-${day}` };
}

/** `macupd_tracker.20260115.log`. */
export function macupdFileName(kind: MacupdKind, day: string): string {
  return `macupd_${kind}.${day.replaceAll("-", "")}.log`;
}

/** Reads a folder's logs, ours or the older tool's. Throws the system's error when the folder can't be listed. */
export async function readMacupdLogs(dir: string): Promise<MacupdLogs> {
  const named = (await readdir(dir)).flatMap((name) => {
    const file = macupdFile(name);
    return file === undefined ? [] : [{ name, ...file }];
  });
  const files = named.sort((a, b) => a.day.localeCompare(b.day) || a.name.localeCompare(b.name));
  const rows: Record<"tracker" | "alert", MacupdRow[]> = { tracker: [], alert: [] };
  const errors: string[] = [];
  const problems: string[] = [];
  for (const { name, kind } of files) {
    const found = await readLog(join(dir, name));
    if (found.problem !== undefined) problems.push(`${name}: ${found.problem}`);
    if (found.cut) problems.push(`${name}: is larger than ${mostBytes / 1_000_000} MB, the rest is left out`);
    if (kind === "error") {
      errors.push(...found.text.split("\n").map((line) => oneLine(line, 500)));
      continue;
    }
    const { rows: good, bad } = parseMacupdRows(found.text);
    for (const row of good) rows[kind].push(row);
    if (bad.length > 0) problems.push(badLines(name, bad));
  }
  const told = errors.filter((line) => line !== "");
  return {
    tracker: rows.tracker,
    alerts: rows.alert,
    errors: told.slice(-mostErrors),
    files: files.map(({ name }) => name),
    problems,
  };
}

function badLines(name: string, bad: readonly number[]): string {
  const which = bad.slice(0, 5).join(", ");
  const more = bad.length > 5 ? ", …" : "";
  return `${name}: ${bad.length} ${bad.length === 1 ? "line is" : "lines are"} not understood (line ${which}${more})`;
}

/** What could be read of a log. `cut`: it is larger; `problem`: why there is nothing, for people; `absent`: it is not there. */
export interface LogText {
  readonly text: string;
  readonly cut: boolean;
  readonly problem?: string;
  readonly absent?: boolean;
}

/** Reads the beginning of a log: it may be anything by that name. Never throws. */
export async function readLog(path: string): Promise<LogText> {
  try {
    // Without blocking: to open a pipe by that name would wait for its other end.
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const facts = await handle.stat();
      if (!facts.isFile()) return { text: "", cut: false, problem: "is not a regular file" };
      const buffer = Buffer.alloc(Math.min(facts.size, mostBytes));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
      const text = buffer.toString("utf8", 0, bytesRead);
      const cut = facts.size > mostBytes;
      // The last line would be half a row.
      return { text: cut ? text.slice(0, text.lastIndexOf("\n") + 1) : text, cut };
    } finally {
      await handle.close();
    }
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    const absent = reason === "ENOENT" || reason === "ENOTDIR";
    return { text: "", cut: false, problem: `can't be read (${reason})`, absent };
  }
}

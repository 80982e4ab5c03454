import { type Mac, parseMac } from "../lib/mac.ts";
import { oneLine } from "../lib/one-line.ts";

/** A MAC with one address on one interface during a day, as the tracker and alert logs have it. */
export interface MacupdRow {
  readonly mac: Mac;
  /** Without spaces; `unknown` where nobody named it. */
  readonly name: string;
  /** `""`: not told, as the interface. */
  readonly ip: string;
  readonly iface: string;
  /** `YYYY-MM-DD`. */
  readonly day: string;
  /** `HHMM` of the first and last report. */
  readonly first: string;
  readonly last: string;
  /** Reports in each of the 24 hours; 10 stands for ten or more. */
  readonly cells: readonly number[];
}

/** Rows of a log, and the numbers of the lines (from 1) that are none. */
export interface MacupdRows {
  readonly rows: readonly MacupdRow[];
  readonly bad: readonly number[];
}

/** Most reports of an hour that a cell tells apart. */
export const fullCell = 10;
export const unknownName = "unknown";

const columns = ["mac", "name", "ip", "iface", "date", "time", "last"] as const;
/** Widths of the older tool; a column with a longer text is wider. */
const leastWidths: readonly number[] = [18, 0, 16, 6, 9, 5, 5];
const longestLine = 500;

/** A tracker log: the header and a line a row, in the columns of the older tool's manual. */
export function trackerText(rows: readonly MacupdRow[]): string {
  const table = rows.map(cellsOf);
  const widths = columns.map((column, index) =>
    table.reduce((width, row) => Math.max(width, (row[index]?.length ?? 0) + 1), leastWidth(index, column)),
  );
  const line = (texts: readonly string[], end: string) =>
    `${texts.map((text, index) => text.padEnd(widths[index] ?? 0)).join("")}${end}\n`;
  return [
    line(columns, "active-hours"),
    ...rows.map((row, index) => line(table[index] ?? [], cellsText(row.cells))),
  ].join("");
}

/** The line of an alert log, without the line's end. */
export function alertLine(row: MacupdRow): string {
  const texts = cellsOf(row).map((text, index) => text.padEnd(Math.max(leastWidths[index] ?? 0, text.length + 1)));
  return `${texts.join("")}${cellsText(row.cells)}`;
}

/** `.` no report, `1` to `9`, `*` ten or more, hour by hour. */
export function cellsText(cells: readonly number[]): string {
  return cells.map((count) => (count <= 0 ? "." : count >= fullCell ? "*" : String(count))).join("");
}

/** A name as it stands in a log: one word, as the older tool has it. */
export function nameInLog(name: string): string {
  return oneLine(name, 60).replace(/\s+/g, "") || unknownName;
}

/**
 * Reads a tracker or alert log, ours or the older tool's: with `ip iface` before the date (its manual) or after `last` (what it
 * writes; a long name or interface runs into the next column there). A header and empty lines are skipped.
 */
export function parseMacupdRows(text: string): MacupdRows {
  const rows: MacupdRow[] = [];
  const bad: number[] = [];
  for (const [index, line] of text
    .replace(/^\ufeff/, "")
    .split("\n")
    .entries()) {
    const content = line.trim().replace(/\s+/g, " ");
    if (content === "" || content.startsWith("mac ")) continue;
    const row = content.length > longestLine ? undefined : parseRow(content);
    if (row === undefined) bad.push(index + 1);
    else rows.push(row);
  }
  return { rows, bad };
}

/** Two readings of the same row: what either of them has. */
export function mergeRows(one: MacupdRow, other: MacupdRow): MacupdRow {
  return {
    ...one,
    name: one.name === unknownName ? other.name : one.name,
    first: one.first.localeCompare(other.first) < 0 ? one.first : other.first,
    last: one.last.localeCompare(other.last) > 0 ? one.last : other.last,
    cells: one.cells.map((count, hour) => Math.max(count, other.cells[hour] ?? 0)),
  };
}

/** What tells rows of a day apart. */
export function rowKey({ mac, ip, iface }: Pick<MacupdRow, "mac" | "ip" | "iface">): string {
  return `${mac} ${ip} ${iface}`;
}

// Of lines in which each run of blanks is one: else a line of blanks alone would take long.
const inManualsOrder =
  /^(?<mac>\S+) (?:(?<name>\S.*?) )?(?<ip>\S+) (?<iface>\S+) (?<date>\d{8}) (?<first>\d{4}) (?<last>\d{4}) (?<cells>[.1-9*]{24})$/;
const inFilesOrder =
  /^(?<mac>\S+) (?<name>.*?) ?(?<date>\d{8}) (?<first>\d{4}) (?<last>\d{4}) (?<ip>\S+) (?<iface>\S+?) ?(?<cells>[.1-9*]{24})$/;

function parseRow(line: string): MacupdRow | undefined {
  const parts = (inManualsOrder.exec(line) ?? inFilesOrder.exec(line))?.groups;
  const mac = parseMac(parts?.["mac"] ?? "");
  const day = (parts?.["date"] ?? "").replace(/^(....)(..)(..)$/, "$1-$2-$3");
  const [first = "", last = ""] = [parts?.["first"], parts?.["last"]];
  if (mac === undefined || !isDay(day) || !isTime(first) || !isTime(last)) return undefined;
  return {
    mac,
    name: nameInLog(parts?.["name"] ?? ""),
    ip: orNothing(parts?.["ip"]),
    iface: orNothing(parts?.["iface"]),
    day,
    first,
    last,
    cells: [...(parts?.["cells"] ?? "")].map((cell) => (cell === "*" ? fullCell : cell === "." ? 0 : Number(cell))),
  };
}

function cellsOf({ mac, name, ip, iface, day, first, last }: MacupdRow): readonly string[] {
  const word = (text: string) => oneLine(text, 60).replace(/\s+/g, "") || "-";
  return [mac, nameInLog(name), word(ip), word(iface), day.replaceAll("-", ""), first, last];
}

function leastWidth(index: number, column: string): number {
  return Math.max(leastWidths[index] ?? 0, column.length + 1);
}

function orNothing(text = "-"): string {
  return text === "-" ? "" : oneLine(text, 60);
}

function isDay(day: string): boolean {
  const [, year, month, date] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day) ?? [];
  return Number(year) > 0 && Number(month) >= 1 && Number(month) <= 12 && Number(date) >= 1 && Number(date) <= 31;
}

function isTime(time: string): boolean {
  return /^([01]\d|2[0-3])[0-5]\d$/.test(time);
}

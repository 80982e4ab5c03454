import type { OldHint, OldStatus } from "../../model/diagnosis/verdicts.ts";
import type { CsvRow } from "./csv-scan.ts";

// Cells are read from the bytes: to make a text of each would cost more than all the rest.

const dayMs = 86_400_000;
const minuteMs = 60_000;
const [zero, nine, minus, plus, dot, slash] = [48, 57, 45, 43, 46, 47];

/** Reads `2026-01-15 12:00:00`, also with `T`, fractions and an offset, as if it were UTC; NaN when it is no time. */
export type TimeReader = (row: CsvRow, index: number) => number;

/** A reader that remembers the last date: most rows are of the same day as the one before. */
export function createTimeReader(): TimeReader {
  const last = { date: 0, ms: 0 };
  return ({ bytes, starts, ends }, index) => {
    const at = starts[index] ?? 0;
    const length = (ends[index] ?? 0) - at;
    if (length < 16 || bytes[at + 4] !== minus || bytes[at + 7] !== minus) return Number.NaN;
    const year = two(bytes, at) * 100 + two(bytes, at + 2);
    const month = two(bytes, at + 5);
    const day = two(bytes, at + 8);
    const hour = two(bytes, at + 11);
    const minute = two(bytes, at + 14);
    const second = length >= 19 ? two(bytes, at + 17) : 0;
    const date = year * 10_000 + month * 100 + day;
    if (date !== last.date) {
      if (!(year >= 2000 && year < 2100 && month >= 1 && month <= 12 && day >= 1 && day <= 31)) return Number.NaN;
      last.date = date;
      last.ms = days(year, month, day) * dayMs;
    }
    if (!(hour < 24 && minute < 60 && second < 61)) return Number.NaN;
    return last.ms + (hour * 60 + minute) * minuteMs + second * 1000;
  };
}

/** The offset at the end of a time, in ms: 0 for `Z`, `undefined` where there is none. */
export function offsetCell({ bytes, starts, ends }: CsvRow, index: number): number | undefined {
  const end = ends[index] ?? 0;
  if (bytes[end - 1] === 90) return 0;
  const sign = end - 6 >= (starts[index] ?? 0) + 16 ? bytes[end - 6] : 0;
  if (sign !== plus && sign !== minus) return undefined;
  const ms = (digits(bytes, end - 5, 2) * 60 + digits(bytes, end - 2, 2)) * minuteMs;
  return sign === minus ? -ms : ms;
}

/** A number of at least 0, `12.34`; NaN when it is none. */
export function numberCell({ bytes, starts, ends }: CsvRow, index: number): number {
  let value = 0;
  let scale = 0;
  const end = ends[index] ?? 0;
  const begin = starts[index] ?? 0;
  if (begin === end || end - begin > 15) return Number.NaN;
  for (let at = begin; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === dot && scale === 0) scale = 1;
    else if (byte < zero || byte > nine) return Number.NaN;
    else {
      value = value * 10 + byte - zero;
      scale *= 10;
    }
  }
  return scale > 1 ? value / scale : value;
}

/** `1` or `True` is 1, `0` or `False` is 0, anything else, also an empty one, -1: not known. */
export function flagCell({ bytes, starts, ends, cells }: CsvRow, index: number): -1 | 0 | 1 {
  if (index < 0 || index >= cells || starts[index] === ends[index]) return -1;
  const byte = (bytes[starts[index] ?? 0] ?? 0) | 32;
  if (byte === 49 || byte === 116) return 1;
  return byte === 48 || byte === 102 ? 0 : -1;
}

/** How many of how many: the first number of `3/4`; -1 when it is none. `all`: 1 when the two are the same. */
export function shareCell(
  { bytes, starts, ends, cells }: CsvRow,
  index: number,
): { up: number; of: number } | undefined {
  if (index < 0 || index >= cells) return undefined;
  const begin = starts[index] ?? 0;
  const end = ends[index] ?? 0;
  const middle = begin + 1 < end && bytes[begin + 1] === slash ? begin + 1 : bytes.indexOf(slash, begin);
  if (middle <= begin || middle >= end - 1 || end - begin > 11) return undefined;
  const up = digits(bytes, begin, middle - begin);
  const of = digits(bytes, middle + 1, end - middle - 1);
  return Number.isNaN(up + of) ? undefined : { up, of };
}

interface Word<Name extends string> {
  readonly bytes: Uint8Array;
  readonly name: Name;
}

const word = <Name extends string>(name: Name): Word<Name> => ({ bytes: new TextEncoder().encode(name), name });
const statuses: readonly Word<OldStatus>[] = [
  word("OK"),
  word("WAN_DOWN"),
  word("LAN_DOWN"),
  word("DNS_APP_FAIL"),
  word("APP_LAYER_FAIL"),
];
const hints: readonly Word<OldHint>[] = [word("ICMP-only"), word("Mixed"), word("DNS"), word("Transport")];

/** One of the older tool's five classes; `undefined`: another word. */
export function statusCell(row: CsvRow, index: number): OldStatus | undefined {
  for (const status of statuses) if (isWord(row, index, status.bytes)) return status.name;
  return undefined;
}

/** The older tool's cause; "" where it tells none. */
export function hintCell(row: CsvRow, index: number): OldHint {
  if (index < 0 || index >= row.cells) return "";
  for (const hint of hints) if (isWord(row, index, hint.bytes)) return hint.name;
  return "";
}

function isWord(row: CsvRow, index: number, wanted: Uint8Array): boolean {
  const { bytes } = row;
  const begin = row.starts[index] ?? 0;
  if ((row.ends[index] ?? 0) - begin !== wanted.length) return false;
  for (let at = 0; at < wanted.length; at += 1) if (bytes[begin + at] !== wanted[at]) return false;
  return true;
}

function two(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] ?? 0) - zero;
  const ones = (bytes[at + 1] ?? 0) - zero;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

function digits(bytes: Uint8Array, from: number, count: number): number {
  let value = 0;
  for (let at = from; at < from + count; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte < zero || byte > nine) return Number.NaN;
    value = value * 10 + byte - zero;
  }
  return value;
}

/** Days since 1970-01-01 of a date of the Gregorian calendar, whose years are taken to begin in March. */
function days(year: number, month: number, day: number): number {
  const years = month <= 2 ? year - 1 : year;
  const months = (month + 9) % 12;
  const leaps = Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400);
  return years * 365 + leaps + Math.floor((months * 153 + 2) / 5) + day - 1 - 719_468;
}

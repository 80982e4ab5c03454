import { readFile, stat } from "node:fs/promises";
import { isRandomMac, type Mac, macDigits } from "./mac.ts";
import { errorCode } from "./network-error.ts";

/** Who made the card with this address; `undefined`: not known, or an address that the device made up. */
export type VendorOf = (mac: Mac) => string | undefined;

/** The list of manufacturers. `problem`: why there is none, for a log; nothing is known then. */
export interface Vendors {
  readonly vendorOf: VendorOf;
  readonly problem?: string;
}

/** How many hex digits of an address name its manufacturer. A piece of a block outweighs the block. */
const lengths = [6, 7, 9];
const mostBytes = 4_000_000;
const mostPrefixes = 200_000;
/** A manufacturer's number shares a number of 53 bits with a prefix of at most 36. */
const mostNames = 65_536;

const [tab, newline, space] = [0x09, 0x0a, 0x20];

/** Reads what `tools/vendors.mjs` wrote; never rejects. It stays in memory as it is, without an object for each name. */
export async function loadVendors(path: string): Promise<Vendors> {
  try {
    if ((await stat(path)).size > mostBytes) return nothing("the list is too long");
    return { vendorOf: lookupIn(parse(await readFile(path))) };
  } catch (error) {
    return nothing(error instanceof Damage ? error.message : `the list can't be read (${errorCode(error)})`);
  }
}

function nothing(problem: string): Vendors {
  return { vendorOf: () => undefined, problem };
}

class Damage extends Error {}

/** The file, where each of its lines begins, and for each length the sorted prefixes, each with the number of its line. */
interface Index {
  readonly file: Buffer;
  readonly lines: Uint32Array;
  readonly tables: readonly Float64Array[];
}

function lookupIn({ file, lines, tables }: Index): VendorOf {
  return (mac) => {
    if (isRandomMac(mac)) return undefined;
    const digits = macDigits(mac);
    const line = tables.reduce<number | undefined>(
      (found, table, at) => find(table, Number.parseInt(digits.slice(0, lengths[at]), 16)) ?? found,
      undefined,
    );
    const start = line === undefined ? undefined : lines[line];
    return start === undefined ? undefined : file.toString("utf8", start, file.indexOf(tab, start));
  };
}

/** The line of this very prefix. */
function find(table: Float64Array, prefix: number): number | undefined {
  let [low, high] = [0, table.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((table[middle] ?? 0) < prefix * mostNames) low = middle + 1;
    else high = middle;
  }
  const entry = table[low] ?? -1;
  return Math.floor(entry / mostNames) === prefix ? entry % mostNames : undefined;
}

/** Byte by byte: fifty thousand small texts would cost more memory than all that is kept. */
function parse(file: Buffer): Index {
  const headerEnd = file.indexOf(newline);
  const [, countText] = /^# (\d{1,6})$/.exec(file.toString("latin1", 0, Math.min(headerEnd, 20))) ?? [];
  const count = Number(countText ?? Number.NaN);
  if (!(count <= mostPrefixes)) throw new Damage("the list is damaged: it has no head");
  const tables = lengths.map(() => ({ entries: new Float64Array(count), used: 0 }));
  const lines = new Uint32Array(Math.min(count, mostNames));
  let start = headerEnd + 1;
  for (let line = 0; start < file.length; line += 1) {
    if (line === lines.length) throw new Damage("the list is damaged: too many names");
    lines[line] = start;
    start = readLine(file, start, (group, prefix) => {
      const table = tables[group];
      if (table === undefined || table.used === count) throw new Damage("the list is damaged: too many prefixes");
      table.entries[table.used] = prefix * mostNames + line;
      table.used += 1;
    });
  }
  if (tables.reduce((sum, { used }) => sum + used, 0) !== count) throw new Damage("the list is damaged: it was cut");
  return {
    file,
    lines,
    tables: tables.map(({ entries, used }) => entries.slice(0, used).sort()),
  };
}

/** Gives where the next line begins. */
function readLine(file: Buffer, start: number, add: (group: number, prefix: number) => void): number {
  const end = file.indexOf(newline, start);
  const nameEnd = file.indexOf(tab, start);
  if (end < 0 || nameEnd <= start || nameEnd > end) throw new Damage("the list is damaged: half a line");
  let group = 0;
  let digits = 0;
  let prefix = 0;
  for (let at = nameEnd + 1; at <= end; at += 1) {
    const byte = file[at] ?? newline;
    if (byte === space || byte === newline) {
      if (digits > 0) throw new Damage("the list is damaged: half a prefix");
      group += 1;
      continue;
    }
    prefix = prefix * 16 + hexDigit(byte);
    digits += 1;
    if (digits !== lengths[group]) continue;
    add(group, prefix);
    digits = 0;
    prefix = 0;
  }
  return end + 1;
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  if (byte >= 0x61 && byte <= 0x66) return byte - 0x57;
  throw new Damage("the list is damaged: what should be a prefix is none");
}

import type { DatabaseSync } from "node:sqlite";
import type { Timestamp } from "../lib/clock.ts";
import { checkIds, fiveMinutesMs, floorTo, hourMs, inTransaction, readMark, writeMark } from "./database.ts";
import { createTally, mergeSummaries, type SampleSummary, type Tally } from "./summary.ts";

/** Does one slice of work on what ended before `settled`; true when it did something, so that more may follow. */
export type Rollup = (settled: Timestamp) => boolean;

/** Sums raw samples up into figures of 5 minutes, and those into figures of an hour, a slice of rows at a time. */
export function createRollup(db: DatabaseSync, sliceRows: number): Rollup {
  const fiveMinutes = rollFiveMinutes(db, sliceRows);
  const hours = rollHours(db);
  return (settled) => {
    resetAfterClockStep(db, settled);
    return fiveMinutes(settled) || hours(settled);
  };
}

/** When the wall clock was far ahead and is put right, what was summed up "in the future" must not block what comes now. */
function resetAfterClockStep(db: DatabaseSync, settled: Timestamp): void {
  const rolled5 = readMark(db, "rolled5");
  if (rolled5 === undefined || rolled5 <= settled + hourMs) return;
  inTransaction(db, () => {
    writeMark(db, "rolled5", floorTo(settled, fiveMinutesMs));
    const rolled60 = readMark(db, "rolled60");
    if (rolled60 !== undefined && rolled60 > settled) writeMark(db, "rolled60", floorTo(settled, hourMs));
  });
}

/** An interval that is being read, slice by slice: at 1,000 checks a second it has 300,000 rows. */
interface Progress {
  readonly start: Timestamp;
  readonly tallies: Map<number, Tally>;
  /** The last row that was read. */
  readonly at: Timestamp;
  readonly check: number;
}

function rollFiveMinutes(db: DatabaseSync, sliceRows: number): Rollup {
  const first = db.prepare("select at from sample where at >= ? order by at limit 1");
  const next = db.prepare(
    "select at, chk, ok, rtt from sample where (at, chk) > (?, ?) and at < ? order by at, chk limit ?",
  );
  next.setReturnArrays(true);
  const write = summaryWriter(db, "rollup5");
  let progress: Progress | undefined;

  const begin = (settled: Timestamp): Progress | undefined => {
    const at = first.get(readMark(db, "rolled5") ?? 0)?.["at"];
    if (typeof at !== "number") return undefined;
    const start = floorTo(at, fiveMinutesMs);
    // Behind every check of the millisecond before: those belong to the interval before.
    const behind = { at: start - 1, check: Number.MAX_SAFE_INTEGER };
    return start + fiveMinutesMs <= settled ? { start, tallies: new Map(), ...behind } : undefined;
  };

  return (settled) => {
    progress ??= begin(settled);
    if (progress === undefined) return false;
    const { start, tallies } = progress;
    const end = start + fiveMinutesMs;
    let { at, check } = progress;
    let rows = 0;
    for (const row of next.iterate(at, check, end, sliceRows)) {
      const [rowAt, rowCheck, ok, rtt] = row as unknown as [number, number, number, number | null];
      at = rowAt;
      check = rowCheck;
      rows += 1;
      const tally = tallies.get(check) ?? createTally();
      tallies.set(check, tally);
      tally.add(ok === 1, rtt ?? undefined);
    }
    if (rows === sliceRows) {
      progress = { start, tallies, at, check };
      return true;
    }
    progress = undefined;
    inTransaction(db, () => {
      for (const [id, tally] of tallies) write(id, start, tally.summary());
      writeMark(db, "rolled5", end);
    });
    return true;
  };
}

function rollHours(db: DatabaseSync): Rollup {
  const first = db.prepare("select min(at) as at from rollup5 where chk = ? and at >= ?");
  const read = db.prepare("select * from rollup5 where chk = ? and at >= ? and at < ? order by at");
  const write = summaryWriter(db, "rollup60");
  return (settled) => {
    const from = readMark(db, "rolled60") ?? 0;
    if (from + hourMs > settled) return false;
    const ids = checkIds(db);
    const starts = ids.flatMap((id) => {
      const at = first.get(id, from)?.["at"];
      return typeof at === "number" ? [at] : [];
    });
    const start = floorTo(
      starts.reduce((least, at) => Math.min(least, at), Number.POSITIVE_INFINITY),
      hourMs,
    );
    if (!(start + hourMs <= settled)) return false;
    inTransaction(db, () => {
      for (const id of ids) {
        const parts = read.all(id, start, start + hourMs).map(toSummary);
        if (parts.length > 0) write(id, start, mergeSummaries(parts));
      }
      writeMark(db, "rolled60", start + hourMs);
    });
    return true;
  };
}

function summaryWriter(db: DatabaseSync, table: "rollup5" | "rollup60") {
  const insert = db.prepare(`insert or replace into ${table} values (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  return (check: number, at: Timestamp, { count, ok, ...times }: SampleSummary) => {
    const { minMs = null, meanMs = null, p95Ms = null, maxMs = null, jitterMs = null } = times;
    insert.run(check, at, count, ok, minMs, meanMs, p95Ms, maxMs, jitterMs);
  };
}

/** A row of a roll-up table as a summary. */
export function toSummary(row: Readonly<Record<string, unknown>>): SampleSummary {
  const { count, ok, min, mean, p95, max, jitter } = row;
  return {
    count: Number(count),
    ok: Number(ok),
    ...(typeof min === "number" && { minMs: min }),
    ...(typeof mean === "number" && { meanMs: mean }),
    ...(typeof p95 === "number" && { p95Ms: p95 }),
    ...(typeof max === "number" && { maxMs: max }),
    ...(typeof jitter === "number" && { jitterMs: jitter }),
  };
}

import type { DatabaseSync } from "node:sqlite";
import type { Timestamp } from "../lib/clock.ts";
import { checkIds, hourMs, inTransaction, readMark, writeMark } from "./database.ts";
import { expireActivity } from "./device-rows.ts";
import type { Limits } from "./protocol.ts";

/** Deletes what is too old or too much, one slice at a time. */
export interface Retention {
  /** So many samples were added: counting five million rows anew each time would read the whole file. */
  added(rows: number): void;
  /** True when it deleted something, so that more may follow. */
  slice(now: Timestamp): boolean;
}

interface Span {
  readonly from: Timestamp;
  readonly to: Timestamp;
}

/** When almost all that is left is protected, protection ends at this many times the bound: a disk is finite. */
const hardBound = 2;

export function createRetention(db: DatabaseSync, limits: Limits): Retention {
  let rows: number | undefined;
  const removeSamples = sampleRemover(db);
  const removeRaw = (span: Span, most: number): number => {
    const removed = removeSamples(span, most);
    rows = Math.max(0, (rows ?? 0) - removed);
    return removed;
  };

  const expireRaw = (now: Timestamp): boolean => {
    // What is not summed up yet stays.
    const horizon = Math.min(now - limits.rawMs, readMark(db, "rolled5") ?? 0);
    return gaps(protectedSpans(db, limits.protectMs), horizon).some((span) => removeRaw(span, limits.sliceRows) > 0);
  };

  const boundRaw = (): boolean => {
    const excess = (rows ?? 0) - limits.rawRows;
    if (excess <= 0) return false;
    const most = Math.min(excess, limits.sliceRows);
    const spans = gaps(protectedSpans(db, limits.protectMs), readMark(db, "rolled5") ?? 0);
    if (spans.some((span) => removeRaw(span, most) > 0)) return true;
    return excess > (hardBound - 1) * limits.rawRows && removeRaw({ from: 0, to: Number.MAX_SAFE_INTEGER }, most) > 0;
  };

  return {
    added: (count) => {
      if (rows !== undefined) rows += count;
    },
    slice: (now) => {
      rows ??= Number(db.prepare("select count(*) as n from sample").get()?.["n"]);
      return inTransaction(db, () => expireRaw(now) || boundRaw() || expireSummaries(db, now, limits));
    },
  };
}

/** The times around outages whose raw samples stay: before and after each start and each end. In order, merged. */
export function protectedSpans(db: DatabaseSync, marginMs: number): readonly Span[] {
  const edges = db
    .prepare("select started as at from outage union select ended from outage where ended is not null order by 1")
    .all()
    .map((row) => Number(row["at"]));
  const spans: Span[] = [];
  for (const at of edges) {
    const previous = spans.at(-1);
    if (previous !== undefined && at - marginMs <= previous.to)
      spans[spans.length - 1] = { from: previous.from, to: at + marginMs };
    else spans.push({ from: at - marginMs, to: at + marginMs });
  }
  return spans;
}

/** What lies before `end` and in none of `spans`. */
function gaps(spans: readonly Span[], end: Timestamp): readonly Span[] {
  const found: Span[] = [];
  let from = 0;
  for (const span of spans) {
    if (span.from >= end) break;
    if (span.from > from) found.push({ from, to: span.from });
    from = span.to;
  }
  if (from < end) found.push({ from, to: end });
  return found;
}

/** Removes the oldest samples of a span, at least `most` where there are so many: those of one millisecond go together. */
function sampleRemover(db: DatabaseSync) {
  const find = db.prepare("select at from sample where at >= ? and at < ? order by at limit 1 offset ?");
  const remove = db.prepare("delete from sample where at >= ? and at < ?");
  return ({ from, to }: Span, most: number): number => {
    const last = find.get(from, to, most - 1)?.["at"];
    const end = typeof last === "number" ? last + 1 : to;
    const removed = Number(remove.run(from, end).changes);
    if (removed > 0 && end > (readMark(db, "raw_since") ?? 0)) writeMark(db, "raw_since", end);
    return removed;
  };
}

function expireSummaries(db: DatabaseSync, now: Timestamp, limits: Limits): boolean {
  const horizon = now - limits.retentionMs;
  // An hour is made of its twelve parts: none goes before they are put together.
  const fiveHorizon = Math.min(now - limits.fiveMinuteMs, readMark(db, "rolled60") ?? 0);
  const removedFive = expireRollup(db, "rollup5", { before: fiveHorizon, most: limits.sliceRows });
  if (removedFive) writeMark(db, "five_since", fiveHorizon);
  const removed =
    removedFive ||
    expireRollup(db, "rollup60", { before: horizon - hourMs, most: limits.sliceRows }) ||
    changes(db, "delete from event where id in (select id from event where at < ? order by at limit ?)", [
      horizon,
      limits.sliceRows,
    ]) ||
    changes(db, "delete from outage where ended < ?", [horizon]) ||
    expireActivity(db, horizon, limits.sliceRows);
  if (!removed) db.exec("pragma incremental_vacuum(200)");
  return removed;
}

function expireRollup(
  db: DatabaseSync,
  table: "rollup5" | "rollup60",
  { before, most }: { readonly before: Timestamp; readonly most: number },
): boolean {
  const remove = db.prepare(
    `delete from ${table} where chk = ?1 and at in (select at from ${table} where chk = ?1 and at < ?2 order by at limit ?3)`,
  );
  let left = most;
  for (const id of checkIds(db)) {
    if (left <= 0) break;
    left -= Number(remove.run(id, before, left).changes);
  }
  return left < most;
}

function changes(db: DatabaseSync, sql: string, values: readonly number[]): boolean {
  return Number(db.prepare(sql).run(...values).changes) > 0;
}

import type { DatabaseSync } from "node:sqlite";
import type { Timestamp } from "../lib/clock.ts";
import { fiveMinutesMs, floorTo, hourMs, readMark } from "./database.ts";
import { readActivity, readDeviceEvents, readDeviceRows } from "./device-rows.ts";
import type { Answers, HistoryPoint, OutageRow, Query } from "./protocol.ts";
import { protectedSpans } from "./retention.ts";
import { toSummary } from "./rollup.ts";
import { createTally, mergeSummaries, type SampleSummary, type Tally } from "./summary.ts";

/** An answer has at most so many points. */
export const mostPoints = 2_000;
const mostOutages = 5_000;
/** The longest span that is answered from raw samples. */
const rawSpanMs = 6 * hourMs;

/** Answers a question from what is committed. */
export function answerQuery(db: DatabaseSync, query: Query, protectMs: number): Answers[Query["kind"]] {
  switch (query.kind) {
    case "memory": {
      const value = db.prepare("select value from kv where key = 'memory'").get()?.["value"];
      return typeof value === "string" ? value : undefined;
    }
    case "outages":
      return readOutages(db, query.from, query.to);
    case "samples":
      return readPoints(db, query, protectMs);
    case "devices":
      return readDeviceRows(db);
    case "activity":
      return readActivity(db, query);
    case "events":
      return readDeviceEvents(db, query);
  }
}

/** Outages that touch the time, the newest so many of them, in the order of their start. */
function readOutages(db: DatabaseSync, from: Timestamp, to: Timestamp): readonly OutageRow[] {
  return db
    .prepare("select * from outage where started < ? and (ended is null or ended >= ?) order by started desc limit ?")
    .all(to, from, mostOutages)
    .reverse() as unknown as readonly OutageRow[];
}

type Samples = Extract<Query, { kind: "samples" }>;

/** Points put together from the finest figures that are fit for the span and still kept; the newest are always raw. */
function readPoints(db: DatabaseSync, query: Samples, protectMs: number): readonly HistoryPoint[] {
  const check = db.prepare("select id from checks where name = ?").get(query.check)?.["id"];
  if (typeof check !== "number" || query.to <= query.from) return [];
  const { tierMs, hoursTo, fiveTo } = chooseTiers(db, query, protectMs);
  const stepMs = Math.ceil((query.to - query.from) / mostPoints / tierMs) * tierMs;
  const grid = createGrid(query.from, stepMs);
  const readRollup = (table: string, from: Timestamp, to: Timestamp) => {
    const rows = db.prepare(`select * from ${table} where chk = ? and at >= ? and at < ? order by at`);
    for (const row of rows.iterate(check, from, to)) grid.addSummary(Number(row["at"]), toSummary(row));
  };
  readRollup("rollup60", floorTo(query.from, hourMs), hoursTo);
  readRollup("rollup5", Math.max(floorTo(query.from, fiveMinutesMs), hoursTo), fiveTo);
  const raw = db.prepare("select at, ok, rtt from sample where at >= ? and at < ? and chk = ? order by at");
  for (const { at, ok, rtt } of raw.iterate(Math.max(query.from, fiveTo), query.to, check))
    grid.addSample(Number(at), ok === 1, typeof rtt === "number" ? rtt : undefined);
  return grid.points();
}

interface Tiers {
  readonly tierMs: number;
  /** Hourly figures are read up to here, figures of five minutes from here to `fiveTo`, raw samples from there. */
  readonly hoursTo: Timestamp;
  readonly fiveTo: Timestamp;
}

function chooseTiers(db: DatabaseSync, { from, to }: Samples, protectMs: number): Tiers {
  const mark = (name: Parameters<typeof readMark>[1]) => readMark(db, name) ?? 0;
  const ceilTo = (at: Timestamp, stepMs: number) => -floorTo(-at, stepMs);
  const span = to - from;
  const rolled5 = Math.min(mark("rolled5"), floorTo(to - 1, fiveMinutesMs) + fiveMinutesMs);
  const fiveSince = ceilTo(mark("five_since"), hourMs);
  if (span <= rawSpanMs) {
    const kept = protectedSpans(db, protectMs).some((each) => each.from <= from && to <= each.to);
    const fiveTo = kept ? 0 : Math.min(ceilTo(mark("raw_since"), fiveMinutesMs), rolled5);
    return { tierMs: 1, hoursTo: Math.min(fiveSince, floorTo(fiveTo, hourMs)), fiveTo };
  }
  if (span <= mostPoints * fiveMinutesMs)
    return { tierMs: fiveMinutesMs, hoursTo: Math.min(fiveSince, mark("rolled60")), fiveTo: rolled5 };
  return { tierMs: hourMs, hoursTo: Math.min(mark("rolled60"), floorTo(to - 1, hourMs) + hourMs), fiveTo: rolled5 };
}

interface Cell {
  /** Of the first figure in it: a lone sample keeps its own time. */
  readonly at: Timestamp;
  readonly parts: SampleSummary[];
  tally?: Tally;
}

function createGrid(from: Timestamp, stepMs: number) {
  const cells = new Map<number, Cell>();
  const cell = (at: Timestamp) => {
    const index = Math.max(0, Math.floor((at - from) / stepMs));
    const found = cells.get(index) ?? { at: Math.max(at, from), parts: [] };
    cells.set(index, found);
    return found;
  };
  return {
    addSummary: (at: Timestamp, summary: SampleSummary) => cell(at).parts.push(summary),
    addSample: (at: Timestamp, ok: boolean, rttMs: number | undefined) => {
      const found = cell(at);
      found.tally ??= createTally();
      found.tally.add(ok, rttMs);
    },
    points: (): readonly HistoryPoint[] =>
      [...cells.values()].map(({ at, parts, tally }) => ({
        at,
        ...mergeSummaries(tally === undefined ? parts : [...parts, tally.summary()]),
      })),
  };
}

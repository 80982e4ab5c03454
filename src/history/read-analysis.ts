import type { DatabaseSync } from "node:sqlite";
import type { Timestamp } from "../lib/clock.ts";
import type { Outage } from "../model/view.ts";
import { fiveMinutesMs, floorTo, hourMs, readMark } from "./database.ts";
import { parseOutageRow } from "./outage.ts";
import { readBeside } from "./read-beside.ts";
import { toSummary } from "./rollup.ts";
import type { SampleSummary } from "./summary.ts";

/** From `from` to before `to`; absent: as far as there is anything. */
export interface AnalysisSpan {
  readonly from?: Timestamp | undefined;
  readonly to?: Timestamp | undefined;
}

/** Samples of one time: `count` is that of the check that was measured most often in it. */
export interface MeasuredTime {
  readonly at: Timestamp;
  readonly count: number;
  /** When the first and the last of them were taken, where that is still known. */
  readonly first?: Timestamp;
  readonly last?: Timestamp;
}

/** One check over the whole time. */
export interface CheckSum {
  readonly check: string;
  readonly count: number;
  readonly ok: number;
  readonly meanMs?: number;
  readonly maxMs?: number;
}

/** What a report is made of. */
export interface AnalysisRecords {
  readonly from: Timestamp;
  readonly to: Timestamp;
  readonly stepMs: number;
  readonly outages: readonly Outage[];
  readonly measured: readonly MeasuredTime[];
  readonly gateway: readonly (SampleSummary & { readonly at: Timestamp })[];
  readonly checks: readonly CheckSum[];
  /** Raw samples around the newest outages, bounded; `rawTotal`: how many there are. */
  readonly raw: readonly {
    readonly at: Timestamp;
    readonly check: string;
    readonly ok: boolean;
    readonly rttMs?: number;
  }[];
  readonly rawTotal: number;
}

const gatewayCheck = "icmp:gateway";
const mostOutages = 100_000;
const mostRaw = 500;
const rawOutages = 10;
const rawMarginMs = 30_000;
/** Up to here a report is made of figures of five minutes. */
const fineSpanMs = 7 * 24 * hourMs;

/**
 * Reads what a report needs, beside a running monitor, and never writes. Throws `StoreError`; `missing`: no monitor has
 * run there. `undefined`: there is nothing of that time.
 */
export function readAnalysis(file: string, span: AnalysisSpan): AnalysisRecords | undefined {
  return readBeside(file, (db) => readRecords(db, span));
}

function readRecords(db: DatabaseSync, asked: AnalysisSpan): AnalysisRecords | undefined {
  const bounds = boundsOf(db);
  if (bounds === undefined) return undefined;
  const from = asked.from ?? bounds.from;
  const to = asked.to ?? bounds.to;
  if (from >= to || to <= bounds.from || from >= bounds.to) return undefined;
  const fiveSince = readMark(db, "five_since") ?? 0;
  const fine = to - from <= fineSpanMs && fiveSince <= from;
  const [table, stepMs] = fine ? (["rollup5", fiveMinutesMs] as const) : (["rollup60", hourMs] as const);
  const rolled = readMark(db, fine ? "rolled5" : "rolled60") ?? 0;
  const reading: Reading = { db, table, from: floorTo(from, stepMs), rolled, stepMs, to };
  const outages = readOutages(db, from, to);
  return {
    from,
    to,
    stepMs,
    outages,
    measured: readMeasured(reading),
    gateway: readGateway(reading),
    checks: readChecks(reading),
    ...readRaw(db, outages),
  };
}

/** Figures are read from `table` before `rolled`, raw samples from there on. */
interface Reading {
  readonly db: DatabaseSync;
  readonly table: "rollup5" | "rollup60";
  readonly from: Timestamp;
  readonly rolled: Timestamp;
  readonly stepMs: number;
  readonly to: Timestamp;
}

function boundsOf(db: DatabaseSync): { readonly from: Timestamp; readonly to: Timestamp } | undefined {
  const one = (sql: string) => {
    const value = Object.values(db.prepare(sql).get() ?? {})[0];
    return typeof value === "number" ? [value] : [];
  };
  const rollups = db
    .prepare("select id from checks")
    .all()
    .map(({ id }) => Number(id));
  const edge = (table: string, what: "min" | "max") =>
    rollups.flatMap((id) => one(`select ${what}(at) from ${table} where chk = ${id}`));
  const starts = [
    ...one("select min(at) from sample"),
    ...one("select min(started) from outage"),
    ...edge("rollup60", "min"),
    ...edge("rollup5", "min"),
  ];
  const lastSample = one("select max(at) + 1 from sample");
  // Where raw samples are left they tell the end exactly; an hour that is summed up may have been measured in part.
  const measured = lastSample.length > 0 ? lastSample : edge("rollup60", "max").map((at) => at + hourMs);
  const ends = [...measured, ...one("select max(coalesce(ended, started)) from outage")];
  if (starts.length === 0 || ends.length === 0) return undefined;
  const to = Math.max(...ends);
  return { from: Math.min(...starts), to };
}

function readOutages(db: DatabaseSync, from: Timestamp, to: Timestamp): readonly Outage[] {
  const rows = db
    .prepare("select * from outage where started < ? and (ended is null or ended > ?) order by started desc limit ?")
    .all(to, from, mostOutages);
  return rows.reverse().flatMap((row) => parseOutageRow(row) ?? []);
}

function readMeasured({ db, table, from, rolled, stepMs, to }: Reading): readonly MeasuredTime[] {
  const rows = db
    .prepare(
      `select at, max(n) as n, min(first) as first, max(last) as last from (
         select at, max(count) as n, null as first, null as last from ${table} where at >= ?1 and at < min(?2, ?3) group by at
         union all
         select at - at % cast(?4 as integer) as at, count(*) as n, min(at) as first, max(at) as last
         from sample where at >= max(?1, ?2) and at < ?3
         group by 1, chk)
       group by at order by at`,
    )
    .all(from, rolled, to, stepMs);
  return rows.map(({ at, n, first, last }) => ({
    at: Number(at),
    count: Number(n),
    ...(typeof first === "number" && typeof last === "number" && { first, last }),
  }));
}

function readGateway({ db, table, from, rolled, stepMs, to }: Reading): AnalysisRecords["gateway"] {
  const id = db.prepare("select id from checks where name = ?").get(gatewayCheck)?.["id"];
  if (typeof id !== "number") return [];
  const rows = db
    .prepare(`select * from ${table} where chk = ?1 and at >= ?2 and at < min(?3, ?4) order by at`)
    .all(id, from, rolled, to);
  const raw = db
    .prepare(
      // Numbers are bound as fractions, and would be divided as such.
      `select at - at % cast(?1 as integer) as at, count(*) as count, sum(ok) as ok, min(rtt) as min, avg(rtt) as mean, max(rtt) as p95, max(rtt) as max
       from sample where at >= ?2 and at < ?3 and chk = ?4 group by 1`,
    )
    .all(stepMs, Math.max(from, rolled), to, id);
  return [...rows, ...raw].map((row) => ({ at: Number(row["at"]), ...toSummary(row) }));
}

function readChecks({ db, table, from, rolled, to }: Reading): readonly CheckSum[] {
  const rows = db
    .prepare(
      `select name, sum(n) as n, sum(good) as good, sum(total) as total, sum(timed) as timed, max(most) as most from (
         select chk, sum(count) as n, sum(ok) as good, sum(mean * ok) as total, sum(case when mean is null then 0 else ok end) as timed,
           max(max) as most from ${table} where at >= ?1 and at < min(?2, ?3) group by chk
         union all
         select chk, count(*), sum(ok), sum(rtt), count(rtt), max(rtt) from sample where at >= max(?1, ?2) and at < ?3 group by chk)
       join checks on id = chk group by chk order by name`,
    )
    .all(from, rolled, to);
  return rows.map(({ name, n, good, total, timed, most }) => ({
    check: String(name),
    count: Number(n),
    ok: Number(good),
    ...(Number(timed) > 0 && { meanMs: Number(total) / Number(timed), maxMs: Number(most) }),
  }));
}

/** What was measured around the start and the end of the newest outages. */
function readRaw(db: DatabaseSync, outages: readonly Outage[]): Pick<AnalysisRecords, "raw" | "rawTotal"> {
  const edges = outages
    .filter(({ severity }) => severity === "outage")
    .slice(-rawOutages)
    .flatMap(({ started, ended }) => (ended === undefined ? [started] : [started, ended]));
  const spans = edges.map((at) => ({ from: at - rawMarginMs, to: at + rawMarginMs })).reduce(merged, []);
  const count = db.prepare("select count(*) as n from sample where at >= ? and at < ?");
  const read = db.prepare(
    "select at, name, ok, rtt from sample join checks on id = chk where at >= ? and at < ? order by at limit ?",
  );
  const each = Math.max(20, Math.floor(mostRaw / Math.max(1, spans.length)));
  const rows = spans.flatMap(({ from, to }) => read.all(from, to, each));
  return {
    raw: rows.map(({ at, name, ok, rtt }) => ({
      at: Number(at),
      check: String(name),
      ok: ok === 1,
      ...(typeof rtt === "number" && { rttMs: rtt }),
    })),
    rawTotal: spans.reduce((sum, { from, to }) => sum + Number(count.get(from, to)?.["n"]), 0),
  };
}

type Spans = readonly { readonly from: Timestamp; readonly to: Timestamp }[];

function merged(spans: Spans, next: Spans[number]): Spans {
  const last = spans.at(-1);
  if (last === undefined || next.from > last.to) return [...spans, next];
  return [...spans.slice(0, -1), { from: last.from, to: Math.max(last.to, next.to) }];
}

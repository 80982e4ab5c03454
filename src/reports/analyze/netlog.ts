import type { Timestamp } from "../../lib/clock.ts";
import type { Analysis, AnalyzedOutage } from "./analysis.ts";
import { assemble, createGapCollector } from "./assemble.ts";
import { type CsvRow, cellText, createCsvScanner } from "./csv-scan.ts";
import { type Cycle, createCycles } from "./cycles.ts";
import { createIspCollector } from "./isp-impact.ts";
import { createLatency } from "./latency.ts";
import { createTimeReader, flagCell, hintCell, numberCell, offsetCell, shareCell, statusCell } from "./netlog-cells.ts";
import { columnsByPlace, type NetlogColumns, NetlogError, readHeader } from "./netlog-columns.ts";
import { isHarmless, readCycle } from "./netlog-reading.ts";
import { createOutageCollector } from "./outages.ts";
import { createTimeCollector } from "./time-shares.ts";

export interface NetlogOptions {
  /** Only rows from here to before there. */
  readonly from?: Timestamp;
  readonly to?: Timestamp;
  /** How far this machine's local time is ahead of UTC, for files that have one of the two only. */
  readonly utcOffsetAt: (at: Timestamp) => number;
  /** Each outage when it has ended; the report lists only so many. */
  readonly onOutage?: (outage: AnalyzedOutage) => void;
  readonly names?: readonly string[];
}

/** Makes a report of netlog.csv files, ours or the older tool's, as their bytes come in, in constant memory. */
export interface NetlogAnalysis {
  /** Throws `NetlogError` when these are not the columns of a netlog.csv. */
  push(chunk: Uint8Array): void;
  /** A file has ended; another may follow. Throws `NetlogError` when it had no header. */
  endFile(): void;
  /** The rest of the file can't be had, or is none of ours: another may follow. */
  dropFile(): void;
  /** `undefined`: there is no row of that time. */
  result(): Analysis | undefined;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

const mostRaw = 500;
const quarterMs = 900_000;
const hourMs = 3_600_000;

export function createNetlogAnalysis(options: NetlogOptions): NetlogAnalysis {
  const times = createTimeCollector();
  const outages = createOutageCollector();
  const gateway = createLatency();
  const pauses = createGapCollector();
  const isp = createIspCollector();
  const cycles = createCycles({
    onSpan: (state, span, utcOffsetMs) => times.addSpan(state, span, utcOffsetMs),
    onOutage: (outage) => {
      outages.add(outage);
      options.onOutage?.(outage);
    },
    onGap: pauses.add,
  });
  const timeCell = createTimeReader();
  const from = options.from ?? Number.NEGATIVE_INFINITY;
  const to = options.to ?? Number.POSITIVE_INFINITY;
  const left = { unread: 0, cut: 0, again: 0, headless: 0, long: 0 };
  const raw: string[][] = [];
  let rawColumns: readonly string[] = [];
  let rawTotal = 0;
  let columns: NetlogColumns | undefined;
  let rows = 0;
  let firstOffset: number | undefined;
  let offsetHour = Number.NaN;
  let hourOffset = 0;

  const ownOffset = (at: Timestamp) => {
    const hour = Math.floor(at / hourMs);
    if (hour !== offsetHour) {
      offsetHour = hour;
      hourOffset = options.utcOffsetAt(at);
    }
    return hourOffset;
  };
  const cycle: Mutable<Cycle> = {
    at: 0,
    utcOffsetMs: 0,
    status: "OK",
    hint: "",
    targetsUp: -1,
    dns: -1,
    httpName: -1,
    httpIp: -1,
    tcp: -1,
    traces: 0,
  };
  /** Sets `at` and `utcOffsetMs` of the cycle; false when the row tells no time. */
  const readTime = (row: CsvRow, { local, utc }: NetlogColumns): boolean => {
    const localAt = local >= 0 && local < row.cells ? timeCell(row, local) : Number.NaN;
    const utcAt = utc >= 0 && utc < row.cells ? timeCell(row, utc) - (offsetCell(row, utc) ?? 0) : Number.NaN;
    if (!Number.isNaN(utcAt)) {
      cycle.at = utcAt;
      const apart = Math.round((localAt - utcAt) / quarterMs) * quarterMs;
      cycle.utcOffsetMs = Math.abs(apart) <= 15 * hourMs ? apart : ownOffset(utcAt);
      return true;
    }
    if (Number.isNaN(localAt)) return false;
    const told = offsetCell(row, local);
    cycle.utcOffsetMs = told ?? ownOffset(localAt - ownOffset(localAt));
    cycle.at = localAt - cycle.utcOffsetMs;
    return true;
  };
  const readTests = (row: CsvRow, known: NetlogColumns) => {
    cycle.hint = hintCell(row, known.hint);
    cycle.targetsUp = shareCell(row, known.targets)?.up ?? -1;
    cycle.dns = flagCell(row, known.dns);
    cycle.httpName = flagCell(row, known.httpName);
    cycle.httpIp = flagCell(row, known.httpIp);
    cycle.tcp = flagCell(row, known.tcp);
    cycle.traces = tracesIn(row, known.traces);
  };
  /** The columns that fit this row: in a file that a newer version went on writing, those of its newest rows. */
  const fitting = (row: CsvRow): NetlogColumns | undefined => {
    if (columns !== undefined && columns.status < row.cells && statusCell(row, columns.status) !== undefined)
      return columns;
    const byPlace = columnsByPlace(row);
    return byPlace !== undefined && statusCell(row, byPlace.status) !== undefined ? byPlace : undefined;
  };
  const keepRaw = (row: CsvRow, names: readonly string[]) => {
    rawTotal += 1;
    if (raw.length >= mostRaw) return;
    if (names.length > rawColumns.length) rawColumns = names;
    raw.push(names.map((_, index) => cellText(row, index).slice(0, 200)));
  };
  const onRow = (row: CsvRow, whole: boolean) => {
    const first = row.bytes[row.starts[0] ?? 0] ?? 0;
    // Every row begins with a year; what begins with a letter may be a header, also in the middle of a file.
    if (first < 48 || first > 57) {
      const header = readHeader(row);
      if (header !== undefined) columns = header;
      else left.unread += 1;
      return;
    }
    if (!whole && row.cells < (columns?.names.length ?? 17)) {
      left.cut += 1;
      return;
    }
    const known = fitting(row);
    const status = known === undefined ? undefined : statusCell(row, known.status);
    if (known === undefined || status === undefined || !readTime(row, known)) {
      left.unread += 1;
      return;
    }
    if (columns === undefined) left.headless += 1;
    if (cycle.at < from || cycle.at >= to) return;
    cycle.status = status;
    // A row that is OK is not looked at more closely.
    const isOk = status === "OK";
    if (!isOk) readTests(row, known);
    if (!cycles.add(cycle)) {
      left.again += 1;
      return;
    }
    rows += 1;
    firstOffset ??= cycle.utcOffsetMs;
    const ms = known.gateway < 0 || known.gateway >= row.cells ? Number.NaN : numberCell(row, known.gateway);
    if (!Number.isNaN(ms)) gateway.add(cycle.at, ms);
    isp.add(row, known, !isOk && !isHarmless(readCycle(cycle)));
    if (!isOk) keepRaw(row, known.names);
  };

  let scanner = createCsvScanner(onRow);
  let pushed = false;
  let before = { ...left };
  const nextFile = () => {
    scanner = createCsvScanner(onRow);
    pushed = false;
    columns = undefined;
    before = { ...left };
  };
  return {
    push: (chunk) => {
      if (!pushed && (chunk[0] === 0xff || chunk[0] === 0xfe || chunk[1] === 0) && chunk.length > 1)
        throw new NetlogError("the file is UTF-16 text: save it as CSV in UTF-8");
      pushed ||= chunk.length > 0;
      scanner.push(chunk);
    },
    endFile: () => {
      scanner.end();
      left.long += scanner.tooLong;
      if (columns === undefined && left.headless === before.headless)
        throw new NetlogError("the column overall_status is missing: there is no header line");
      nextFile();
    },
    dropFile: () => {
      left.unread = before.unread;
      nextFile();
    },
    result: () => {
      cycles.end();
      if (rows === 0) return undefined;
      const impact = isp.impact();
      return assemble({
        source: { kind: "netlog", names: options.names ?? [] },
        asked: options,
        utcOffsetMs: firstOffset ?? 0,
        spans: cycles.covered.spans(),
        pauses,
        times,
        outages: outages.summary(),
        latency: gateway,
        extra: {
          ...(impact !== undefined && { isp: impact }),
          oldRules: cycles.old.result(),
          notes: notesOf(left),
          ...(rawTotal > 0 && { raw: { columns: rawColumns, rows: raw, total: rawTotal } }),
        },
      });
    },
  };
}

function tracesIn(row: CsvRow, index: number): number {
  const text = cellText(row, index);
  return text === "" ? 0 : text.split(";").length;
}

function notesOf(left: Readonly<Record<"unread" | "cut" | "again" | "headless" | "long", number>>): readonly string[] {
  const rows = (count: number, rest: string) =>
    count === 0 ? [] : [`${count} ${count === 1 ? "row" : "rows"} ${rest}`];
  return [
    ...rows(left.unread, "could not be understood and were left out"),
    ...rows(left.cut, "at the end of a file was cut off and left out"),
    ...rows(left.again, "tell of a time that was read before and were left out"),
    ...rows(left.headless, "stand in a file without a header: its columns were taken by their place"),
    ...rows(left.long, "were too long to be rows of this log and were left out"),
  ];
}

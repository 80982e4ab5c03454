import { type Clock, localDay, utcTime } from "../../lib/clock.ts";
import type { Log } from "../../lib/log.ts";
import type { Observation } from "../../model/types.ts";
import { netlogColumns } from "../../reports/netlog-format.ts";
import type { Sink } from "../sink.ts";
import { mtrLogName } from "./file-names.ts";
import { appendLines, dropOldest, type GrowingFile } from "./growing-file.ts";
import { type NetlogFiles, netlogRow } from "./netlog-row.ts";
import { createPlace, retryMs } from "./place.ts";
import { createWanDiagCauses } from "./wan-diag-name.ts";

export interface NetlogOptions {
  /** Where `netlog.csv` goes, and where it goes instead when nothing can be written there. */
  readonly dir: string;
  readonly fallbackDir: string;
  /** Of all parts together. */
  readonly maxBytes: number;
  readonly clock: Clock;
  readonly log: Log;
}

interface Row {
  readonly month: string;
  readonly line: string;
}

/** About a day and a half at the usual pace, while the disk is full. */
const waitingRows = 6_000;
const rowsAtOnce = 1_000;
const mostNames = 100;

/** Appends a row to `netlog.csv` after each cycle that measured something. */
export function createNetlogSink(options: NetlogOptions): Sink {
  const { clock, log } = options;
  const file = (dir: string): GrowingFile => ({
    dir,
    name: "netlog",
    header: netlogColumns.join(","),
    maxBytes: options.maxBytes,
  });
  const place = createPlace({ ...options, files: "netlog.csv" });
  const causeOf = createWanDiagCauses();
  let files: NetlogFiles = {};
  let waiting: readonly Row[] = [];
  let wake = () => {};
  let lost = 0;

  /** Writes the oldest rows of one month; false when the disk refused. */
  const write = async (): Promise<boolean> => {
    const month = waiting[0]?.month ?? "";
    const other = waiting.findIndex((row) => row.month !== month);
    const rows = waiting.slice(0, Math.min(rowsAtOnce, other === -1 ? waiting.length : other));
    const stamp = `${utcTime(clock.now()).slice(0, 19).replace(/[-:]/g, "")}Z`;
    const lines = { month, lines: rows.map(({ line }) => line), stamp };
    const lostBefore = lost;
    if (!(await place.write((dir) => appendLines(file(dir), lines)))) return false;
    // Rows that were pushed out meanwhile were the oldest, so among those just written.
    const pushedOut = lost - lostBefore;
    waiting = waiting.slice(Math.max(0, rows.length - pushedOut));
    if (lostBefore > 0) log.warn("netlog.csv: rows were lost while it could not be written", { lost_rows: lostBefore });
    lost = pushedOut;
    return true;
  };

  return {
    name: "netlog",
    push: (update) => {
      const { view, observations } = update;
      const wanDiag = causeOf(update)?.file;
      if (wanDiag !== undefined) files = { ...files, wanDiag };
      for (const observation of observations) {
        files = withTrace(files, observation);
        if (observation.type !== "cycle" || observation.partial) continue;
        const line = netlogRow(view, observation.startedAt, files);
        if (line === undefined) continue;
        files = {};
        waiting = [...waiting, { month: localDay(observation.startedAt).slice(0, 7), line }];
      }
      if (waiting.length > waitingRows) {
        lost += waiting.length - waitingRows;
        waiting = waiting.slice(-waitingRows);
      }
      if (waiting.length > 0) wake();
    },
    run: async (signal) => {
      signal.addEventListener("abort", () => wake(), { once: true });
      await dropOldest(file(place.dir())).catch(() => {});
      for (;;) {
        if (waiting.length === 0) {
          if (signal.aborted) return;
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        } else if (!(await write())) {
          if (signal.aborted) return;
          await clock.sleep(retryMs, signal);
        }
      }
    },
  };
}

/** What somebody asked for by hand stands in no row, as with the older tool. */
function withTrace(files: NetlogFiles, seen: Observation): NetlogFiles {
  if ((seen.type !== "path" && seen.type !== "path-failed") || seen.mode === "manual") return files;
  const names = [...(files[seen.mode] ?? []), `${mtrLogName(seen.target.host)}.log`];
  return { ...files, [seen.mode]: names.slice(-mostNames) };
}

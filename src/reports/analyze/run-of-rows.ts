import type { Timestamp } from "../../lib/clock.ts";
import { type OldHint, type OldStatus, verdicts } from "../../model/diagnosis/verdicts.ts";
import type { AnalyzedOutage } from "./analysis.ts";
import type { NetlogVerdict } from "./netlog-reading.ts";

/** Outage rows of a log that follow each other: one outage in the making. */
export interface RunOfRows {
  addRow(row: { readonly status: OldStatus; readonly hint: OldHint }): void;
  /** So long it was this. */
  addTime(verdict: NetlogVerdict, ms: number): void;
  end(at: Timestamp, endSeen: boolean): AnalyzedOutage;
}

export function createRun(
  started: Timestamp,
  { startSeen, utcOffsetMs }: { readonly startSeen: boolean; readonly utcOffsetMs: number },
): RunOfRows {
  const times = new Map<NetlogVerdict, number>();
  const statuses = new Map<OldStatus, number>();
  const hints = new Map<OldHint, number>();
  let rows = 0;
  return {
    addRow: ({ status, hint }) => {
      rows += 1;
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      hints.set(hint, (hints.get(hint) ?? 0) + 1);
    },
    addTime: (verdict, ms) => times.set(verdict, (times.get(verdict) ?? 0) + ms),
    end: (at, endSeen) => {
      const verdict = most(times) ?? "internet_down";
      const oldStatus = most(statuses);
      const oldHint = most(hints);
      const counted = rows === 1 ? "1 row" : `${rows} rows`;
      return {
        started,
        ended: at,
        durationMs: at - started,
        startSeen,
        endSeen,
        verdict,
        blame: verdicts[verdict].blame,
        place: "",
        evidence: [`${counted}: ${[...statuses].map(([status, n]) => `${status} ${n}`).join(", ")}`],
        rows,
        ...(oldStatus !== undefined && { oldStatus }),
        ...(oldHint !== undefined && { oldHint }),
        utcOffsetMs,
      };
    },
  };
}

/** What there is most of; of equals the first. */
function most<Key>(counts: ReadonlyMap<Key, number>): Key | undefined {
  let found: readonly [Key, number] | undefined;
  for (const [key, count] of counts) if (found === undefined || count > found[1]) found = [key, count];
  return found?.[0];
}

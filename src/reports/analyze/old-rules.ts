import type { Timestamp } from "../../lib/clock.ts";
import type { OldStatus } from "../../model/diagnosis/verdicts.ts";
import type { OldRules } from "./analysis.ts";
import type { NetlogVerdict } from "./netlog-reading.ts";

/** Replays how the older tool counted: each row that is not OK is an outage, until the time of the next one that is. */
export interface OldRulesCollector {
  addRow(at: Timestamp, status: OldStatus): void;
  /** A row that it took for an outage, and that is none. */
  dismiss(verdict: NetlogVerdict): void;
  dismissTime(verdict: NetlogVerdict, ms: number): void;
  result(): OldRules;
}

export function createOldRules(): OldRulesCollector {
  const dismissed = new Map<NetlogVerdict, { rows: number; ms: number }>();
  let [rows, outageRows, outages, downMs] = [0, 0, 0, 0];
  let since: Timestamp | undefined;
  let last = 0;
  const entry = (verdict: NetlogVerdict) => {
    const found = dismissed.get(verdict) ?? { rows: 0, ms: 0 };
    dismissed.set(verdict, found);
    return found;
  };
  return {
    addRow: (at, status) => {
      rows += 1;
      last = at;
      if (status !== "OK") {
        outageRows += 1;
        if (since === undefined) outages += 1;
        since ??= at;
      } else if (since !== undefined) {
        downMs += Math.max(0, at - since);
        since = undefined;
      }
    },
    dismiss: (verdict) => {
      entry(verdict).rows += 1;
    },
    dismissTime: (verdict, ms) => {
      entry(verdict).ms += ms;
    },
    result: () => ({
      rows,
      outageRows,
      outages,
      downMs: downMs + (since === undefined ? 0 : Math.max(0, last - since)),
      availabilityPercent: rows === 0 ? 0 : ((rows - outageRows) / rows) * 100,
      dismissed: [...dismissed].map(([verdict, counts]) => ({ verdict, ...counts })),
    }),
  };
}

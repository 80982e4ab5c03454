import type { Timestamp } from "../../lib/clock.ts";
import type { Blame, OldHint, OldStatus, Verdict } from "../../model/diagnosis/verdicts.ts";

/** The rules by which a report is made: goes up whenever the same input would give other figures. */
export const analysisRules = 1;

/** A share of time in each of the three states that there are. `noDataMs`: nobody looked. */
export interface TimeShares {
  readonly upMs: number;
  readonly downMs: number;
  readonly noDataMs: number;
}

/** One outage. Times are as recorded, or those of the rows of a log. */
export interface AnalyzedOutage {
  readonly started: Timestamp;
  readonly ended: Timestamp;
  readonly durationMs: number;
  /** False: a pause of the monitor, or the end of what was read, hides when it began or ended. */
  readonly startSeen: boolean;
  readonly endSeen: boolean;
  readonly verdict: Verdict;
  readonly blame: Blame;
  /** 0 to 100; absent where the source tells none. */
  readonly confidence?: number;
  readonly place: string;
  /** One line a layer, for people. */
  readonly evidence: readonly string[];
  /** Of a log: how many rows told of it, and what the older tool called most of them. */
  readonly rows?: number;
  readonly oldStatus?: OldStatus;
  readonly oldHint?: OldHint;
  /** Local time minus UTC at its start. */
  readonly utcOffsetMs: number;
}

/** Outages of one cause, or of one responsibility. */
export interface OutageGroup<Name extends string = string> {
  readonly name: Name;
  readonly outages: number;
  readonly downMs: number;
}

/** Round-trip times in ms. `p50Ms` and `p95Ms` are within 1 % where there are many. */
export interface LatencyFigures {
  readonly count: number;
  readonly minMs: number;
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly maxMs: number;
}

/** A part of the latency chart. */
export interface LatencyPoint {
  readonly at: Timestamp;
  readonly meanMs: number;
  readonly maxMs: number;
}

/** One hour of one weekday (0 is Monday) in local time. */
export interface HeatCell {
  readonly weekday: number;
  readonly hour: number;
  readonly upMs: number;
  readonly downMs: number;
}

/** A provider's hop as the log's rows tell of it. */
export interface HopImpact {
  readonly address: string;
  readonly okRows: number;
  readonly downRows: number;
  readonly downRowsInOutages: number;
}

/** What the rows tell of the provider's hops, in outages and all the time. */
export interface IspImpact {
  readonly rows: number;
  readonly partialRows: number;
  readonly downRows: number;
  readonly outageRows: number;
  readonly partialOutageRows: number;
  readonly downOutageRows: number;
  readonly hops: readonly HopImpact[];
}

/** What the older tool's rules make of the same rows, and which of its outage rows are none. */
export interface OldRules {
  readonly rows: number;
  readonly outageRows: number;
  readonly outages: number;
  readonly downMs: number;
  /** By the number of rows, as it counted. */
  readonly availabilityPercent: number;
  /** Its outage rows in which the Internet worked all the same, by what they show. */
  readonly dismissed: readonly { readonly verdict: Verdict; readonly rows: number; readonly ms: number }[];
}

/** How one thing answered over the whole time. */
export interface CheckFigures {
  readonly check: string;
  readonly count: number;
  readonly okPercent: number;
  readonly meanMs?: number;
  readonly maxMs?: number;
}

/** Rows for the appendix. `total`: how many there are; more than are listed when the report would grow too large. */
export interface RawRows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly total: number;
}

/** The outage report as plain data. */
export interface Analysis {
  readonly rules: number;
  readonly source: { readonly kind: "netlog" | "history"; readonly names: readonly string[] };
  readonly from: Timestamp;
  readonly to: Timestamp;
  readonly utcOffsetMs: number;
  readonly availability: TimeShares & {
    /** Up time of the measured time; absent when nothing was measured. */
    readonly percent?: number;
    readonly noDataPercent: number;
  };
  /** In the order of time. When there are too many the longest ones are listed; `outageCount` counts all. */
  readonly outages: readonly AnalyzedOutage[];
  readonly outageCount: number;
  readonly longest?: AnalyzedOutage;
  readonly shortest?: AnalyzedOutage;
  /** Up time between outages on the average. */
  readonly meanUpMs?: number;
  readonly causes: readonly OutageGroup<Verdict>[];
  readonly blames: readonly OutageGroup<Blame>[];
  readonly gateway?: LatencyFigures;
  readonly latency: readonly LatencyPoint[];
  /** 168 cells, Monday first. */
  readonly heat: readonly HeatCell[];
  /** Times without data, the longest ones when there are too many; `gapCount` counts all. */
  readonly gaps: readonly { readonly from: Timestamp; readonly to: Timestamp }[];
  readonly gapCount: number;
  readonly isp?: IspImpact;
  readonly oldRules?: OldRules;
  readonly checks: readonly CheckFigures[];
  /** What was left out of what was read, each for people. */
  readonly notes: readonly string[];
  readonly raw?: RawRows;
}

import type { Timestamp } from "../lib/clock.ts";
import type { StoreErrorCode } from "./errors.ts";
import type { SampleSummary } from "./summary.ts";

/** Numbers of one sample in a packed array: at, check (a number of this run), ok (0 or 1), round-trip time (NaN: none). */
export const sampleWidth = 4;

/** How much is kept, and how much is done in one go. */
export interface Limits {
  /** Raw samples: by age, and by number, oldest first. */
  readonly rawMs: number;
  readonly rawRows: number;
  /** Raw samples that are kept longer, this long before and after the start and the end of each recorded outage. */
  readonly protectMs: number;
  readonly fiveMinuteMs: number;
  /** Hourly figures, outages and events. */
  readonly retentionMs: number;
  /** Rows of one slice of housekeeping. */
  readonly sliceRows: number;
}

/** An outage as a row: `evidence` is JSON. */
export interface OutageRow {
  readonly started: Timestamp;
  readonly ended: Timestamp | null;
  readonly verdict: string;
  readonly severity: string;
  readonly blame: string;
  readonly place: string;
  readonly confidence: number;
  readonly advice: string;
  readonly evidence: string;
}

/** An event as a row: `fields` is JSON, `mac` that of the device that it tells of. */
export interface EventRow {
  readonly at: Timestamp;
  readonly type: string;
  readonly text: string;
  readonly fields: string;
  readonly mac: string | null;
}

/** What is known of a device, as JSON; `null`: it is forgotten. */
export interface DeviceRow {
  readonly id: string;
  readonly state: string | null;
}

/** When a device was there on a local day: 24 hours, each the bits of its ten 6-minute slots. */
export interface ActivityRow {
  readonly id: string;
  readonly day: string;
  readonly cells: readonly number[];
}

/** What is committed together. `checks`: numbers of this run and their names, as far as the worker may not know them. */
export interface Batch {
  readonly checks: readonly (readonly [number: number, name: string])[];
  readonly samples: readonly Float64Array<ArrayBuffer>[];
  readonly outages: readonly OutageRow[];
  readonly events: readonly EventRow[];
  readonly devices: readonly DeviceRow[];
  readonly activity: readonly ActivityRow[];
  readonly memory?: string;
}

/** Samples of a time, put together. Fields of `SampleSummary` with no answer in that time are absent. */
export interface HistoryPoint extends SampleSummary {
  readonly at: Timestamp;
}

/** From day to day, both included; of one device or of all. */
export interface ActivitySpan {
  readonly fromDay: string;
  readonly toDay: string;
  readonly id?: string;
}

/** A question and, under the same name in `Answers`, its answer. */
export type Query =
  | { readonly kind: "memory" }
  | { readonly kind: "outages"; readonly from: Timestamp; readonly to: Timestamp }
  | { readonly kind: "samples"; readonly check: string; readonly from: Timestamp; readonly to: Timestamp }
  | { readonly kind: "devices" }
  | ({ readonly kind: "activity" } & ActivitySpan)
  /** Of devices with one of these MACs, the newest so many. */
  | { readonly kind: "events"; readonly macs: readonly string[]; readonly limit: number };

export interface Answers {
  readonly memory: string | undefined;
  readonly outages: readonly OutageRow[];
  readonly samples: readonly HistoryPoint[];
  /** The states, as JSON. */
  readonly devices: readonly string[];
  readonly activity: readonly ActivityRow[];
  readonly events: readonly EventRow[];
}

export interface WorkerOptions {
  readonly file: string;
  readonly limits: Limits;
  /** For the name of a damaged file that is kept aside. */
  readonly startedAt: Timestamp;
  /** The file proved damaged while in use: keep it aside unseen. */
  readonly damaged: boolean;
}

/** To the worker. It has no clock: each message that needs the time brings it. */
export type Request =
  | { readonly type: "append"; readonly seq: number; readonly batch: Batch }
  | { readonly type: "maintain"; readonly now: Timestamp }
  | { readonly type: "query"; readonly seq: number; readonly query: Query }
  | { readonly type: "close" };

/** From the worker. `maintained.more`: there is another slice to do. */
export type Reply =
  | { readonly type: "ready"; readonly keptAside?: string }
  | { readonly type: "refused"; readonly code: StoreErrorCode; readonly message: string }
  | { readonly type: "committed"; readonly seq: number }
  | { readonly type: "failed"; readonly seq: number; readonly code: StoreErrorCode; readonly message: string }
  | { readonly type: "maintained"; readonly more: boolean; readonly code?: StoreErrorCode; readonly message?: string }
  | { readonly type: "answer"; readonly seq: number; readonly value: Answers[Query["kind"]] }
  | { readonly type: "unanswered"; readonly seq: number; readonly code: StoreErrorCode; readonly message: string }
  | { readonly type: "closed" };

import type { Timestamp } from "../lib/clock.ts";
import type { Check, ProbeFailure, ProbeOutcome } from "./types.ts";

/** `suspect`: lost just now, not yet confirmed. `unknown`: no data. */
export type Status = "ok" | "suspect" | "bad" | "unknown";

/** What is known of one check. Immutable: a new sample makes a new entry. */
export interface CheckState {
  readonly status: Status;
  /** When the first good probe after the last confirmed failure was sent; 0 when there was no failure. */
  readonly okSince: Timestamp;
  /** When the first probe of the present run of lost ones was sent; 0 when the newest one was answered. */
  readonly lostSince: Timestamp;
  /** When the newest probe that gave data was sent. */
  readonly measuredAt: Timestamp;
  readonly lastOkAt: Timestamp;
  /** Of the newest sample. */
  readonly rttMs: number | undefined;
  readonly reason: ProbeFailure | undefined;
  readonly detail: string;
  /** The addresses that a resolver gave last. */
  readonly answers: readonly string[];
  /** The newest five samples: pairs of send time and round-trip time, -1 for a lost one. */
  readonly recent: readonly number[];
  /** The figures of about the last minute, the oldest first. */
  readonly buckets: readonly Bucket[];
}

/** What was measured within ten seconds: single samples of a thousand checks would be too much to carry along. */
export interface Bucket {
  /** Start of the ten seconds. */
  readonly from: Timestamp;
  readonly sent: number;
  readonly answered: number;
  readonly sumMs: number;
  /** Sum of the differences between neighbouring round-trip times. */
  readonly changesMs: number;
  readonly lastMs: number | undefined;
}

const lost = -1;
const judged = 5;
const bucketMs = 10_000;
const bucketsKept = 6;

/** A check that was never measured. */
export const unmeasured: CheckState = {
  status: "unknown",
  okSince: 0,
  lostSince: 0,
  measuredAt: 0,
  lastOkAt: 0,
  rttMs: undefined,
  reason: undefined,
  detail: "",
  answers: [],
  recent: [],
  buckets: [],
};

/** Adds one probe. A probe that could not measure ("internal") makes the check unknown and leaves the figures alone. */
export function addProbe(state: CheckState, check: Check, probe: { at: Timestamp; outcome: ProbeOutcome }): CheckState {
  const { at, outcome } = probe;
  if (!outcome.ok && outcome.reason === "internal") {
    return { ...state, status: "unknown", reason: "internal", detail: outcome.detail };
  }
  const recent = insert(state.recent, at, outcome.ok ? outcome.rttMs : lost);
  const newest = at >= state.measuredAt;
  const status = judge(recent, check.kind);
  return {
    status,
    okSince: status === "ok" && state.status === "bad" ? runStart(recent) : state.okSince,
    lostSince:
      status === "ok"
        ? 0
        : state.lostSince > 0 && state.lastOkAt < state.lostSince
          ? state.lostSince
          : runStart(recent),
    measuredAt: Math.max(at, state.measuredAt),
    lastOkAt: outcome.ok ? Math.max(at, state.lastOkAt) : state.lastOkAt,
    rttMs: newest ? (outcome.ok ? outcome.rttMs : undefined) : state.rttMs,
    reason: newest ? (outcome.ok ? undefined : outcome.reason) : state.reason,
    detail: newest ? (outcome.detail ?? "") : state.detail,
    answers: outcome.ok ? (outcome.answers ?? state.answers) : state.answers,
    recent,
    buckets: addToBuckets(state.buckets, at, outcome),
  };
}

/** After a pause of the monitor, older samples say nothing of now; that the check once worked is kept. */
export function forget(state: CheckState): CheckState {
  return { ...unmeasured, lastOkAt: state.lastOkAt };
}

/** A late "timed out" is older than an answer that came meanwhile: samples are ordered by when they were sent. */
function insert(recent: readonly number[], at: Timestamp, value: number): readonly number[] {
  let position = recent.length;
  while (position > 0 && (recent[position - 2] ?? 0) > at) position -= 2;
  const first = recent.length < 2 * judged ? 0 : 2;
  if (position < first) return recent;
  return [...recent.slice(first, position), at, value, ...recent.slice(position)];
}

function addToBuckets(buckets: readonly Bucket[], at: Timestamp, outcome: ProbeOutcome): readonly Bucket[] {
  const from = Math.floor(at / bucketMs) * bucketMs;
  const newest = buckets[buckets.length - 1];
  if (newest === undefined || from > newest.from) {
    const kept = buckets.filter((bucket) => bucket.from > from - bucketsKept * bucketMs);
    return [...kept, addToBucket(emptyBucket(from, newest?.lastMs), outcome)];
  }
  return buckets.map((bucket) => (bucket.from === from ? addToBucket(bucket, outcome) : bucket));
}

function emptyBucket(from: Timestamp, lastMs: number | undefined): Bucket {
  return { from, sent: 0, answered: 0, sumMs: 0, changesMs: 0, lastMs };
}

function addToBucket(bucket: Bucket, outcome: ProbeOutcome): Bucket {
  const { from, sent, answered, sumMs, changesMs, lastMs } = bucket;
  if (!outcome.ok) return { from, sent: sent + 1, answered, sumMs, changesMs, lastMs };
  const { rttMs } = outcome;
  const change = lastMs === undefined ? 0 : Math.abs(rttMs - lastMs);
  return {
    from,
    sent: sent + 1,
    answered: answered + 1,
    sumMs: sumMs + rttMs,
    changesMs: changesMs + change,
    lastMs: rttMs,
  };
}

/** ICMP loses single packets on healthy lines: three of five must be lost. Other probes retry by themselves: twice in a row. */
function judge(recent: readonly number[], kind: Check["kind"]): Status {
  if (recent[recent.length - 1] !== lost) return "ok";
  const limit = kind === "icmp" ? judged : 2;
  let missing = 0;
  for (let index = recent.length - 1; index > 0 && index > recent.length - 1 - 2 * limit; index -= 2) {
    if (recent[index] === lost) missing += 1;
  }
  return missing >= (kind === "icmp" ? 3 : 2) ? "bad" : "suspect";
}

/** When the first of the newest samples that agree (all answered, or all lost) was sent. */
function runStart(recent: readonly number[]): Timestamp {
  const good = recent[recent.length - 1] !== lost;
  let index = recent.length - 2;
  while (index >= 2 && (recent[index - 1] !== lost) === good) index -= 2;
  return recent[index] ?? 0;
}

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
  /** The samples of the last 60 s, at least the newest five: pairs of send time and round-trip time, -1 for a lost one. */
  readonly samples: readonly number[];
}

export const lost = -1;
const windowMs = 60_000;
const judged = 5;

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
  samples: [],
};

/** Adds one probe. A probe that could not measure ("internal") makes the check unknown and leaves the samples alone. */
export function addProbe(state: CheckState, check: Check, probe: { at: Timestamp; outcome: ProbeOutcome }): CheckState {
  const { at, outcome } = probe;
  if (!outcome.ok && outcome.reason === "internal") {
    return { ...state, status: "unknown", reason: "internal", detail: outcome.detail };
  }
  const samples = insert(state.samples, at, outcome.ok ? outcome.rttMs : lost);
  const newest = at >= state.measuredAt;
  const status = judge(samples, check.kind);
  return {
    status,
    okSince: status === "ok" && state.status === "bad" ? runStart(samples) : state.okSince,
    lostSince: status === "ok" ? 0 : runStart(samples),
    measuredAt: Math.max(at, state.measuredAt),
    lastOkAt: outcome.ok ? Math.max(at, state.lastOkAt) : state.lastOkAt,
    rttMs: newest ? (outcome.ok ? outcome.rttMs : undefined) : state.rttMs,
    reason: newest ? (outcome.ok ? undefined : outcome.reason) : state.reason,
    detail: newest ? (outcome.detail ?? "") : state.detail,
    samples,
  };
}

/** After a pause of the monitor, older samples say nothing of now; that the check once worked is kept. */
export function forget(state: CheckState): CheckState {
  return { ...unmeasured, lastOkAt: state.lastOkAt };
}

/** A late "timed out" is older than an answer that came meanwhile: samples are ordered by when they were sent. */
function insert(samples: readonly number[], at: Timestamp, value: number): number[] {
  const newestAt = samples.length === 0 ? at : Math.max(at, samples[samples.length - 2] ?? at);
  let start = 0;
  const keep = samples.length - 2 * (judged - 1);
  while (start < keep && (samples[start] ?? 0) < newestAt - windowMs) start += 2;
  const next = samples.slice(start);
  let position = next.length;
  while (position > 0 && (next[position - 2] ?? 0) > at) position -= 2;
  if (position === next.length) next.push(at, value);
  else next.splice(position, 0, at, value);
  return next;
}

/** ICMP loses single packets on healthy lines: three of five must be lost. Other probes retry by themselves: twice in a row. */
function judge(samples: readonly number[], kind: Check["kind"]): Status {
  if (samples[samples.length - 1] !== lost) return "ok";
  const limit = kind === "icmp" ? judged : 2;
  let missing = 0;
  for (let index = samples.length - 1; index > 0 && index > samples.length - 1 - 2 * limit; index -= 2) {
    if (samples[index] === lost) missing += 1;
  }
  return missing >= (kind === "icmp" ? 3 : 2) ? "bad" : "suspect";
}

/** When the first of the newest samples that agree (all answered, or all lost) was sent. */
function runStart(samples: readonly number[]): Timestamp {
  const good = samples[samples.length - 1] !== lost;
  let index = samples.length - 2;
  while (index >= 2 && (samples[index - 1] !== lost) === good) index -= 2;
  return samples[index] ?? 0;
}

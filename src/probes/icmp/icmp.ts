import type { Timestamp } from "../../lib/clock.ts";
import type { CheckId, ProbeOutcome } from "../../model/types.ts";

/** Whom to ask, under which check's id. Several checks may aim at one host. */
export interface IcmpTarget {
  readonly id: CheckId;
  /** An address or a host name. */
  readonly host: string;
  /** Of the payload, sent with "don't fragment"; absent: small. */
  readonly bytes?: number;
}

/** One packet's fate. `at` is when it was sent. */
export type EmitProbe = (check: CheckId, outcome: ProbeOutcome, at: Timestamp) => void;

/** Probes that go on until stopped, small ones only. */
export interface Beat {
  readonly targets: readonly IcmpTarget[];
  readonly periodMs: number;
  readonly timeoutMs: number;
}

/**
 * `count` probes of each target, `spacingMs` apart. What becomes of those with `bytes`: `timeout` is silence, the sign of a black
 * hole; `mismatch`: a router said that they are too large, so the path is honest; `internal`: this machine did not send them, for
 * its own interface, or the path as it learnt it, takes less.
 */
export interface Batch {
  readonly targets: readonly IcmpTarget[];
  readonly count: number;
  readonly spacingMs: number;
  readonly timeoutMs: number;
}

/** A way to learn whether hosts answer. Nothing here rejects; what could not be measured is reason "internal". */
export interface Icmp {
  readonly engine: "fping" | "ping" | "tcp";
  /** Probes all targets every period until `signal` aborts. Absent: this engine is too costly for it. */
  readonly beat?: (beat: Beat, emit: EmitProbe, signal: AbortSignal) => Promise<void>;
  /** Ends when each packet's fate was emitted, or when `signal` aborts. */
  readonly batch: (batch: Batch, emit: EmitProbe, signal: AbortSignal) => Promise<void>;
}

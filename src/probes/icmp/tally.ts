import type { Timestamp } from "../../lib/clock.ts";
import type { CheckId, ProbeOutcome } from "../../model/types.ts";
import type { FpingLine } from "./fping-line.ts";
import type { EmitProbe } from "./icmp.ts";
import { notSent, tooLarge } from "./sized.ts";

/** Turns fping's lines into outcomes: each packet of each host counts once, also one that fping never managed to send. */
export interface Tally {
  line(line: FpingLine): void;
  /** Every packet up to number `seq` has been sent and its time is over: what is not known by now was never sent. */
  settle(seq: number, sentAt: Timestamp): void;
}

interface HostState {
  readonly checks: readonly CheckId[];
  /** The highest packet number known, and which of the 32 up to it are known: bit 0 is the highest. */
  top: number;
  known: number;
  /** Up to which packet `settle` has looked. */
  settled: number;
  hint: string | undefined;
  /** When it came; unknown before the first line that has a time. */
  hintAt: Timestamp | undefined;
}

/** Our kernel gives up on a neighbour after three seconds, and routers report one loss a second: an error explains later losses. */
const hintMs = 5_000;
const mask = 32;

/** `checks`: by address, as fping was given it. `bytes`: of large packets; absent: small ones. */
export interface TallyParts {
  readonly checks: ReadonlyMap<string, readonly CheckId[]>;
  readonly periodMs: number;
  readonly timeoutMs: number;
  readonly bytes?: number;
}

/** An empty tally; `emitProbe` gets each packet's outcome as soon as it is known. */
export function createTally(parts: TallyParts, emitProbe: EmitProbe): Tally {
  // fping's stamps and round-trip times are fractions; a timestamp is not.
  const emit: EmitProbe = (check, outcome, at) => emitProbe(check, outcome, Math.round(at));
  const hosts = new Map<string, HostState>();
  for (const [address, checks] of parts.checks) {
    hosts.set(address, { checks, top: -1, known: 0, settled: -1, hint: undefined, hintAt: undefined });
  }
  let lastStamp: Timestamp | undefined;
  return {
    line: (line) => {
      const host = hosts.get(line.host);
      if (host === undefined) return;
      if (line.kind === "unreachable") {
        host.hint = line.detail;
        // These lines carry no time of their own.
        host.hintAt = lastStamp;
        return;
      }
      lastStamp = line.stamp;
      if (!isNews(host, line.seq)) return;
      if (line.kind === "reply") {
        host.hint = undefined;
        const outcome = { ok: true, rttMs: line.rttMs } as const;
        for (const check of host.checks) emit(check, outcome, line.stamp - line.rttMs);
        return;
      }
      const outcome = lossOf(host, line.stamp, parts);
      for (const check of host.checks) emit(check, outcome, line.stamp - parts.timeoutMs);
    },
    settle: (seq, sentAt) => {
      const outcome = parts.bytes === undefined ? unroutable : notSent(parts.bytes);
      for (const host of hosts.values()) {
        for (let next = Math.max(host.settled, seq - mask) + 1; next <= seq; next += 1) {
          if (!isNews(host, next)) continue;
          for (const check of host.checks) emit(check, outcome, sentAt - (seq - next) * parts.periodMs);
        }
        host.settled = Math.max(host.settled, seq);
      }
    },
  };
}

const unroutable: ProbeOutcome = {
  ok: false,
  reason: "unreachable",
  detail: "could not be sent: no route to the host",
};

function lossOf(host: HostState, stamp: Timestamp, { timeoutMs, bytes }: TallyParts): ProbeOutcome {
  const { hint } = host;
  if (hint !== undefined) {
    host.hintAt ??= stamp;
    if (stamp - host.hintAt <= hintMs) {
      const isTooLarge = bytes !== undefined && hint.includes("fragmentation needed");
      return isTooLarge ? tooLarge(bytes, hint) : { ok: false, reason: "unreachable", detail: hint };
    }
  }
  const what = bytes === undefined ? "" : ` to ${bytes} bytes`;
  return { ok: false, reason: "timeout", detail: `no answer${what} within ${timeoutMs} ms` };
}

/** Marks the packet as known; false when it was already, or is too old to tell. */
function isNews(host: HostState, seq: number): boolean {
  const ahead = seq - host.top;
  if (ahead > 0) {
    host.known = ahead >= mask ? 1 : (host.known << ahead) | 1;
    host.top = seq;
    return true;
  }
  if (-ahead >= mask) return false;
  const bit = 1 << -ahead;
  if ((host.known & bit) !== 0) return false;
  host.known |= bit;
  return true;
}

import type { Timestamp } from "../../lib/clock.ts";

/** One line of `fping -e -D`, as versions 5.x print it with `-l` or `-C`. `stamp` is when the line was printed. */
export type FpingLine =
  | {
      readonly kind: "reply";
      readonly host: string;
      readonly seq: number;
      readonly stamp: Timestamp;
      readonly rttMs: number;
    }
  | { readonly kind: "lost"; readonly host: string; readonly seq: number; readonly stamp: Timestamp }
  /** A router (or our own kernel) said that the host can't be reached; the packet's own `lost` line still follows. */
  | { readonly kind: "unreachable"; readonly host: string; readonly detail: string };

const icmpFor = " for ICMP Echo sent to ";

/**
 * Reads `[1795235558.05411] 192.0.2.2 : [0], 64 bytes, 0.387 ms (0.387 avg, 0% loss)`, the same with `timed out`, and
 * `ICMP Host Unreachable from 192.0.2.1 for ICMP Echo sent to 192.0.2.9`. Anything else, duplicates and summaries too, is
 * `undefined`. It runs a thousand times a second: it looks for fixed texts and never goes back.
 */
export function parseFpingLine(line: string): FpingLine | undefined {
  if (line.startsWith("ICMP ")) return parseIcmpError(line);
  if (!line.startsWith("[")) return undefined;
  const stampEnd = line.indexOf("] ");
  const hostEnd = line.indexOf(" : [", stampEnd);
  const seqEnd = line.indexOf("], ", hostEnd);
  if (stampEnd < 0 || hostEnd < 0 || seqEnd < 0) return undefined;
  const stamp = number(line.slice(1, stampEnd)) * 1_000;
  const seq = number(line.slice(hostEnd + 4, seqEnd));
  const host = line.slice(stampEnd + 2, hostEnd).trimEnd();
  if (!Number.isFinite(stamp) || !Number.isSafeInteger(seq) || host === "") return undefined;
  if (line.startsWith("timed out", seqEnd + 3)) return { kind: "lost", host, seq, stamp };
  const rttStart = line.indexOf(" bytes, ", seqEnd) + 8;
  const rttEnd = line.indexOf(" ms", rttStart);
  if (rttStart < 8 || rttEnd < 0) return undefined;
  const rttMs = number(line.slice(rttStart, rttEnd));
  return Number.isFinite(rttMs) ? { kind: "reply", host, seq, stamp, rttMs } : undefined;
}

/** Redirects and the like are no failure: only what says that the packet was given up counts. */
function parseIcmpError(line: string): FpingLine | undefined {
  const end = line.indexOf(icmpFor);
  const from = line.indexOf(" from ");
  if (end < 0 || from < 0 || from > end) return undefined;
  const what = line.slice(5, from);
  if (!what.includes("Unreachable") && !what.includes("Time Exceeded")) return undefined;
  const [host = ""] = line.slice(end + icmpFor.length).split(" ", 1);
  return host === "" ? undefined : { kind: "unreachable", host, detail: line.slice(5, end).toLowerCase() };
}

/** Digits with at most one dot, or NaN: `Number` alone reads "", "0x1" and "1e9" as well. */
function number(text: string): number {
  return text.length <= 20 && /^[0-9]+(\.[0-9]+)?$/.test(text) ? Number(text) : Number.NaN;
}

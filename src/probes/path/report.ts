import { isoTime, type Timestamp } from "../../lib/clock.ts";
import type { Hop } from "../../model/types.ts";

/** The hops in the form of mtr's report, which people and scripts know: two lines of head, then a line a hop. */
export function hopsReport(
  hops: readonly Hop[],
  { startedAt, from }: { readonly startedAt: Timestamp; readonly from: string },
): string {
  return [`Start: ${startOf(startedAt)}`, ...hopsTable(hops, from)].join("\n");
}

/** The table alone: the line of names, and a line a hop. `from` names this machine. */
export function hopsTable(hops: readonly Hop[], from: string): readonly string[] {
  const names = hops.map(({ address = "???", asn }) => (asn === undefined ? address : `${address} (${asn})`));
  const width = Math.max(24, ...names.map(({ length }) => length));
  const host = `HOST: ${from.slice(0, width)}`;
  const head = `${host.padEnd(width + 8)} Loss%   Snt   Last   Avg  Best  Wrst StDev`;
  return [head, ...hops.map((hop, index) => row(hop, (names[index] ?? "").padEnd(width)))];
}

/** Lost packets in percent; 0 where none was sent. */
export function lossOf({ sent, answered }: Pick<Hop, "sent" | "answered">): number {
  return sent === 0 ? 0 : ((sent - answered) / sent) * 100;
}

function row(hop: Hop, name: string): string {
  const { lastMs, meanMs, bestMs, worstMs, deviationMs } = hop;
  // As mtr: no percent sign beside 100.0.
  const loss = `${lossOf(hop).toFixed(1)}${lossOf(hop) === 100 ? "" : "%"}`;
  const times = [lastMs, meanMs, bestMs, worstMs, deviationMs].map((ms) => (ms ?? 0).toFixed(1).padStart(5));
  return `${String(hop.ttl).padStart(3)}.|-- ${name} ${loss.padStart(6)} ${String(hop.sent).padStart(5)}  ${times.join(" ")}`;
}

/** `2026-11-21T14:05:09+0100`. */
function startOf(at: Timestamp): string {
  return isoTime(at)
    .replace(/\.\d+/, "")
    .replace(/:(\d\d)$/, "$1");
}

import { isIPv6 } from "node:net";
import type { Clock } from "../../lib/clock.ts";
import type { Hop } from "../../model/types.ts";
import { addressIn, hopOf, mostHops } from "./hops.ts";
import { failureOf, runTool } from "./tool.ts";
import type { TraceAddress } from "./trace.ts";

const farthest = 20;
const timeoutMs = 90_000;

/** Traces with iputils' tracepath: one packet a hop, by UDP, for which nobody needs a right. */
export function createTracepath({
  clock,
  file = "tracepath",
}: {
  readonly clock: Clock;
  readonly file?: string;
}): TraceAddress {
  return async ({ address, mostHops: most = farthest }, signal) => {
    const args = ["-n", ...(isIPv6(address) ? ["-6"] : ["-4"]), "-m", String(most), address];
    const end = await runTool({ file, args }, { clock, signal, timeoutMs });
    const hops = parseTracepath(end.lines);
    if (hops.some(({ answered }) => answered > 0)) return { ok: true, hops };
    const failure = failureOf("tracepath", address, end);
    if (failure !== undefined) return failure;
    if (hops.length > 0) return { ok: true, hops };
    return { ok: false, broken: true, reason: "tracepath answered with something that is no path" };
  };
}

/**
 * The hops in what `tracepath -n` prints: ` 2:  192.0.2.1   1.234ms asymm  3`, ` 3:  no reply`. A distance is printed anew when the
 * packet size was found to be too large; `1?: [LOCALHOST]` is no hop.
 */
export function parseTracepath(lines: readonly string[]): readonly Hop[] {
  const hops = new Map<number, Hop>();
  for (const line of lines) {
    const [, digits = "", rest = ""] = /^\s*(\d{1,2}):\s+(\S.*)$/.exec(line) ?? [];
    const ttl = Number(digits);
    if (ttl < 1 || ttl > mostHops) continue;
    const hop = hopIn(ttl, rest);
    if (hop !== undefined && (hops.get(ttl)?.answered ?? 0) === 0) hops.set(ttl, hop);
  }
  return [...hops.values()].sort((a, b) => a.ttl - b.ttl);
}

function hopIn(ttl: number, text: string): Hop | undefined {
  if (text.startsWith("no reply")) return hopOf({ ttl, sent: 1, timesMs: [] });
  const [, host = "", time = ""] = /^(\S+)\s+(\d{1,7}(?:\.\d+)?)ms\b/.exec(text) ?? [];
  const address = addressIn(host);
  return address === undefined ? undefined : hopOf({ ttl, address, sent: 1, timesMs: [Number(time)] });
}

import { isIPv6 } from "node:net";
import type { Clock } from "../../lib/clock.ts";
import type { Hop } from "../../model/types.ts";
import { addressIn, hopOf, mostHops } from "./hops.ts";
import { failureOf, runTool } from "./tool.ts";
import type { TraceAddress } from "./trace.ts";

/** It asks hop after hop, and some versions wait for each packet: few of them, or it takes minutes where hops are silent. */
const mostPackets = 3;
const farthest = 20;
const timeoutMs = 90_000;

/** Traces with traceroute (Linux, busybox, BSD): by UDP, for which nobody needs a right. */
export function createTraceroute({
  clock,
  file = "traceroute",
}: {
  readonly clock: Clock;
  readonly file?: string;
}): TraceAddress {
  return async ({ address, count, mostHops: most = farthest }, signal) => {
    const packets = Math.min(count, mostPackets);
    const args = [
      "-n",
      ...(isIPv6(address) ? ["-6"] : []),
      "-q",
      String(packets),
      "-w",
      "1",
      "-m",
      String(most),
      address,
    ];
    const end = await runTool({ file, args }, { clock, signal, timeoutMs });
    const hops = parseTraceroute(end.lines);
    // The silence behind a break can last longer than its time: what answered before it is the path.
    if (hops.some(({ answered }) => answered > 0)) return { ok: true, hops };
    const failure = failureOf("traceroute", address, end);
    if (failure !== undefined) return failure;
    if (hops.length > 0) return { ok: true, hops };
    return { ok: false, broken: true, reason: "traceroute answered with something that is no path" };
  };
}

/**
 * The hops in what traceroute prints with `-n`: ` 2  192.0.2.1  1.2 ms  1.4 ms *`. Of several routers at one distance the one that
 * answered most often counts. `!H` and its like only repeat what the silence behind tells.
 */
export function parseTraceroute(lines: readonly string[]): readonly Hop[] {
  const hops = new Map<number, Hop>();
  for (const line of lines) {
    const [, digits = "", rest = ""] = /^\s*(\d{1,2})\s+(\S.*)$/.exec(line) ?? [];
    const ttl = Number(digits);
    const hop = ttl >= 1 && ttl <= mostHops ? answersIn(ttl, rest) : undefined;
    if (hop !== undefined && !hops.has(ttl)) hops.set(ttl, hop);
  }
  return [...hops.values()].sort((a, b) => a.ttl - b.ttl);
}

function answersIn(ttl: number, text: string): Hop | undefined {
  const times = new Map<string, number[]>();
  let current: string | undefined;
  let silent = 0;
  const words = text.split(/\s+/);
  for (const [index, word] of words.entries()) {
    const address = addressIn(word);
    if (address !== undefined) current = address;
    else if (word === "*") silent += 1;
    else if (words[index + 1] === "ms" && current !== undefined && /^\d{1,7}(\.\d+)?$/.test(word))
      times.set(current, [...(times.get(current) ?? []), Number(word)]);
  }
  const [best] = [...times].sort(([, a], [, b]) => b.length - a.length);
  const sent = silent + [...times.values()].reduce((sum, list) => sum + list.length, 0);
  if (sent === 0) return undefined;
  return best === undefined
    ? hopOf({ ttl, sent, timesMs: [] })
    : hopOf({ ttl, address: best[0], sent, timesMs: best[1] });
}

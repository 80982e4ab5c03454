import { isIP } from "node:net";
import type { Hop } from "../../model/types.ts";

/** More hops than any path has; a tool that lists more is not believed. */
export const mostHops = 64;

interface Samples {
  readonly ttl: number;
  readonly address?: string | undefined;
  readonly asn?: string;
  readonly sent: number;
  /** Of the packets that were answered, in their order. */
  readonly timesMs: readonly number[];
}

/** A hop from single answers. */
export function hopOf({ ttl, address, asn, sent, timesMs }: Samples): Hop {
  const lastMs = timesMs.at(-1);
  const known = { ttl, ...(address === undefined ? {} : { address }), ...(asn === undefined ? {} : { asn }) };
  if (lastMs === undefined) return { ...known, sent, answered: 0 };
  const meanMs = timesMs.reduce((sum, ms) => sum + ms, 0) / timesMs.length;
  const spread = timesMs.reduce((sum, ms) => sum + (ms - meanMs) ** 2, 0) / Math.max(1, timesMs.length - 1);
  return {
    ...known,
    sent: Math.max(sent, timesMs.length),
    answered: timesMs.length,
    lastMs,
    meanMs: microseconds(meanMs),
    bestMs: Math.min(...timesMs),
    worstMs: Math.max(...timesMs),
    deviationMs: microseconds(Math.sqrt(spread)),
  };
}

/** No tool tells more. */
function microseconds(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}

/**
 * An address of this machine on the way is no router: the kernel itself says "host unreachable", after some seconds, and the tools
 * list that as an answer. Such a hop is silent.
 */
export function withoutOwn(
  hops: readonly Hop[],
  { own, target }: { readonly own: readonly string[]; readonly target: string },
): readonly Hop[] {
  return hops.map((hop) => {
    const isOwn = hop.address !== undefined && hop.address !== target && own.includes(hop.address);
    return isOwn ? { ttl: hop.ttl, sent: hop.sent, answered: 0 } : hop;
  });
}

/** Whether the target itself answered. */
export function isReached(hops: readonly Hop[], target: string): boolean {
  return hops.some(({ address, answered }) => address === target && answered > 0);
}

/** An address that a tool printed, without the zone of a link-local one; `undefined`: it is none. */
export function addressIn(text: string): string | undefined {
  const bare = text.replace(/%.*$/, "");
  return isIP(bare) === 0 ? undefined : bare;
}

import { BlockList, isIP } from "node:net";
import type { Clock } from "../../lib/clock.ts";
import type { Hop } from "../../model/types.ts";
import type { Trace } from "./trace.ts";

/** A router of the provider that answers steadily, and so is worth a probe of its own. */
export interface Suggestion {
  readonly hop: number;
  readonly ip: string;
  /** In how many traces. */
  readonly seen: number;
}

/** What several traces showed. */
export interface Discovery {
  readonly traces: number;
  /** How often which address was seen, by the hop. */
  readonly seen: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly suggestions: readonly Suggestion[];
  /** Why some or all traces failed; each once. */
  readonly reasons: readonly string[];
}

interface DiscoverParts {
  readonly trace: Trace;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Best two hosts of different operators: what their paths share is the provider's. */
  readonly hosts: readonly string[];
  readonly onProgress?: (done: number, of: number) => void;
}

const tracesEach = 3;
const nearest = 2;
const farthest = 5;
const leastSeen = 3;

/** Traces each host some times and suggests, of each hop from the second to the fifth, the address that was seen most. */
export async function discoverHops({ trace, clock, signal, hosts, onProgress }: DiscoverParts): Promise<Discovery> {
  const paths: (readonly Hop[])[] = [];
  const reasons = new Set<string>();
  const jobs = Array.from({ length: tracesEach }, () => hosts).flat();
  for (const [index, host] of jobs.entries()) {
    if (signal.aborted) break;
    onProgress?.(index, jobs.length);
    const found = await trace({ host, count: 2, intervalMs: 1_000, mostHops: farthest }, signal);
    if (found.ok) paths.push(found.hops.filter(({ address }) => address !== found.address));
    else reasons.add(found.reason);
    await clock.sleep(index + 1 < jobs.length ? 200 : 0, signal);
  }
  onProgress?.(jobs.length, jobs.length);
  return { traces: paths.length, ...suggest(paths), reasons: [...reasons] };
}

/** What to suggest, from the hops of several paths. */
export function suggest(paths: readonly (readonly Hop[])[]): Pick<Discovery, "seen" | "suggestions"> {
  const seen: Record<string, Record<string, number>> = {};
  for (const path of paths) {
    for (const { ttl, address = "" } of beyondHome(path)) {
      const counts = seen[ttl] ?? {};
      seen[ttl] = { ...counts, [address]: (counts[address] ?? 0) + 1 };
    }
  }
  const best = Object.entries(seen).flatMap(([hop, counts]): Suggestion[] => {
    const [top] = Object.entries(counts).sort(([, a], [, b]) => b - a);
    return top === undefined || top[1] < leastSeen ? [] : [{ hop: Number(hop), ip: top[0], seen: top[1] }];
  });
  // A path that grew by a hop shows the same router at two places.
  const suggestions = best.filter(({ ip }, index) => best.findIndex((other) => other.ip === ip) === index);
  return { seen, suggestions };
}

/**
 * The first hop is the home's router, and so is a private address before the first public one: a second router, or the modem. A
 * private one behind a public one, or the shared space of 100.64.0.0/10, is the provider's.
 */
function beyondHome(path: readonly Hop[]): readonly Hop[] {
  const home = homeAddresses();
  const near = path.filter(({ ttl, address, answered }) => ttl <= farthest && answered > 0 && address !== undefined);
  const first = near.findIndex(
    ({ ttl, address = "" }) => ttl >= nearest && !home.check(address, isIP(address) === 6 ? "ipv6" : "ipv4"),
  );
  return first < 0 ? [] : near.slice(first);
}

function homeAddresses(): BlockList {
  const list = new BlockList();
  list.addSubnet("10.0.0.0", 8, "ipv4");
  list.addSubnet("172.16.0.0", 12, "ipv4");
  list.addSubnet("192.168.0.0", 16, "ipv4");
  list.addSubnet("169.254.0.0", 16, "ipv4");
  list.addSubnet("127.0.0.0", 8, "ipv4");
  list.addSubnet("fc00::", 7, "ipv6");
  list.addSubnet("fe80::", 10, "ipv6");
  return list;
}

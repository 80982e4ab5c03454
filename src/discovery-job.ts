import type { Config } from "./config/schema.ts";
import type { JobResult } from "./jobs.ts";
import type { Clock } from "./lib/clock.ts";
import { type Discovery, discoverHops } from "./probes/path/discover.ts";
import type { Trace } from "./probes/path/trace.ts";

interface DiscoveryParts {
  readonly trace: Trace;
  readonly clock: Clock;
  /** Two hosts of different operators. */
  readonly hosts: readonly string[];
}

const publicHosts = ["1.1.1.1", "8.8.8.8"];

/** Two hosts whose paths show what is the provider's. */
export function pathHosts({ targets }: Pick<Config, "targets">): readonly string[] {
  const own = targets.filter(({ enabled, icmp }) => enabled && icmp).map(({ host }) => host);
  return [...new Set([...own, ...(own.length === 0 ? publicHosts : [])])].slice(0, 2);
}

/** Looks for the provider's routers and says which are worth watching. */
export async function discoveryJob(parts: DiscoveryParts, signal: AbortSignal): Promise<JobResult> {
  const found = await discoverHops({ ...parts, signal });
  return { event: "hops_discovered", text: textOf(found) };
}

function textOf({ traces, suggestions, reasons }: Discovery): string {
  if (traces === 0) return `The provider's hops could not be looked for: ${reasons.join("; ")}`;
  const found = suggestions.map(({ hop, ip, seen }) => `${ip} (hop ${hop}, in ${seen} of ${traces} traces)`);
  if (found.length === 0) return `No hop of the provider answered steadily in ${traces} traces`;
  return `The provider's hops are ${found.join(", ")}: put them under isp_targets to have them watched`;
}

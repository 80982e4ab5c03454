import { resolve } from "node:path";
import { mergeIntoFile } from "../config/merge.ts";
import { systemClock } from "../lib/clock.ts";
import { type Discovery, discoverHops } from "../probes/path/discover.ts";
import { openTracer } from "../probes/path/open.ts";
import type { Surroundings } from "./surroundings.ts";

export interface DiscoverOptions {
  /** Two targets of the configuration. */
  readonly hosts: readonly string[];
  readonly json: boolean;
  /** The configuration file to write to; absent: what was found is only printed. */
  readonly into?: string;
  /** Keeps what was found for `probe-tcp --from-candidates`. */
  readonly keep: (text: string) => Promise<void>;
}

/** `netwarden discover-hops [--write]`: the provider's routers that answer steadily; gives the exit code, 1 when there are none. */
export async function discoverHopsCommand(
  { hosts, json, into, keep }: DiscoverOptions,
  world: Surroundings,
): Promise<number> {
  const found = await discovered(hosts, world);
  if (world.signal.aborted) return 3;
  if (found.traces === 0) {
    world.err(`no path could be traced: ${found.reasons.join("; ")}\n`);
    return 3;
  }
  const { seen, suggestions } = found;
  const text = JSON.stringify({ seen, suggestions }, null, 2);
  await keep(`${text}\n`);
  world.out(json ? `${text}\n` : discoveryText(found));
  if (suggestions.length === 0) return 1;
  if (into !== undefined) return await write(found, into, world);
  if (!json) world.err("write them into the configuration with --write, or put them under isp_targets\n");
  return 0;
}

/** Traces, with the progress told. */
export async function discovered(hosts: readonly string[], world: Surroundings): Promise<Discovery> {
  const { isTerminal, err, signal } = world;
  const onProgress = (done: number, of: number) => {
    if (isTerminal)
      err(`\rtracing [${"#".repeat(done)}${".".repeat(of - done)}] ${done}/${of}${done === of ? "\n" : ""}`);
  };
  if (!isTerminal) err(`tracing ${hosts.join(" and ")} several times, about half a minute\n`);
  const clock = systemClock;
  return await discoverHops({ trace: openTracer({ clock }), clock, signal, hosts, onProgress });
}

/** For people: what was seen, and what of it is suggested. */
export function discoveryText({ traces, seen, suggestions }: Discovery): string {
  const rows = Object.entries(seen).flatMap(([hop, counts]) =>
    Object.entries(counts).map(([ip, times]) => {
      const isOne = suggestions.some((each) => each.ip === ip && String(each.hop) === hop);
      return `  ${hop.padStart(3)}  ${ip.padEnd(39)}  ${String(times).padStart(4)}  ${isOne ? "suggested" : ""}`.trimEnd();
    }),
  );
  const head = `The provider's routers in ${traces} traces\n  hop  ${"address".padEnd(39)}  seen\n`;
  if (rows.length === 0) return `No router of the provider answered in ${traces} traces\n`;
  return `${head}${rows.join("\n")}\n${suggestions.length === 0 ? "None was seen often enough to be suggested\n" : ""}`;
}

async function write({ suggestions }: Discovery, into: string, world: Surroundings): Promise<number> {
  const patch = { isp_targets: suggestions.map(({ ip }) => ip) };
  const { kept, changed, backup } = await mergeIntoFile(resolve(world.cwd, into), patch);
  for (const line of kept) world.err(`kept: ${line}\n`);
  const before = backup === undefined ? "" : `; as it was before: ${backup}`;
  world.err(changed ? `written: ${into}${before}\n` : `${into} has them already\n`);
  return 0;
}

import { hostname } from "node:os";
import { isoTime, systemClock } from "../lib/clock.ts";
import { isHostName } from "../lib/host-name.ts";
import type { Hop } from "../model/types.ts";
import { openTracer } from "../probes/path/open.ts";
import { hopsTable, lossOf } from "../probes/path/report.ts";
import type { Traced } from "../probes/path/trace.ts";
import type { Surroundings } from "./surroundings.ts";

export interface TraceOptions {
  readonly host: string;
  /** Packets a hop. */
  readonly count: number;
  readonly asn: boolean;
  readonly json: boolean;
}

/** `netwarden trace HOST`: the path as a table, live on a terminal; gives the exit code, 1 when the host did not answer. */
export async function traceCommand({ host, count, asn, json }: TraceOptions, world: Surroundings): Promise<number> {
  if (!isHostName(host)) {
    world.err(`${JSON.stringify(host)} is neither an address nor a host name\n`);
    return 2;
  }
  const trace = openTracer({ clock: systemClock });
  const live = !json && !asn && world.columns !== undefined ? liveTable(world) : undefined;
  if (live === undefined) world.err(`tracing ${host}, about ${count + 3} s\n`);
  const onHops = live === undefined ? {} : { onHops: live.show };
  const found = await trace({ host, count, intervalMs: 1_000, asn, ...onHops }, world.signal);
  if (!found.ok) {
    world.err(`${found.reason}\n`);
    return found.broken || world.signal.aborted ? 3 : 1;
  }
  if (json) world.out(`${JSON.stringify(asJson(host, found), null, 2)}\n`);
  else if (live !== undefined) live.show(found.hops);
  else world.out(`${found.text}\n`);
  if (found.tool !== "mtr") world.err(`traced by ${found.tool}: with mtr there would be figures of loss\n`);
  if (!found.reached) world.err(`${host} did not answer${lastOf(found.hops)}\n`);
  return found.reached ? 0 : 1;
}

/** Draws the table over itself. */
function liveTable({ out, columns = 80 }: Surroundings) {
  let drawn = 0;
  return {
    show: (hops: readonly Hop[]) => {
      const lines = hopsTable(hops, hostname()).map((line) => line.slice(0, columns - 1));
      const back = drawn === 0 ? "" : `\u001b[${drawn}A\u001b[0J`;
      drawn = lines.length;
      out(`${back}${lines.join("\n")}\n`);
    },
  };
}

function lastOf(hops: readonly Hop[]): string {
  const last = hops.findLast(({ answered }) => answered > 0);
  return last === undefined ? "; nobody on the way did" : `; the last that did is ${last.address}, hop ${last.ttl}`;
}

function asJson(host: string, { address, reached, tool, startedAt, hops }: Traced): object {
  return {
    host,
    address,
    reached,
    tool,
    started: isoTime(startedAt),
    hops: hops.map((hop) => ({
      hop: hop.ttl,
      address: hop.address ?? null,
      ...(hop.asn === undefined ? {} : { asn: hop.asn }),
      loss: Math.round(lossOf(hop) * 10) / 10,
      sent: hop.sent,
      answered: hop.answered,
      last_ms: hop.lastMs ?? null,
      mean_ms: hop.meanMs ?? null,
      best_ms: hop.bestMs ?? null,
      worst_ms: hop.worstMs ?? null,
      deviation_ms: hop.deviationMs ?? null,
    })),
  };
}

import type { LookupFunction } from "node:net";
import { hostname } from "node:os";
import type { Clock } from "../../lib/clock.ts";
import { untilAborted, withDeadline } from "../../lib/deadline.ts";
import { isHostName } from "../../lib/host-name.ts";
import { createResolve } from "../../lib/resolve.ts";
import { isReached, withoutOwn } from "./hops.ts";
import { createMtr } from "./mtr.ts";
import { ownAddresses } from "./own-addresses.ts";
import { hopsReport } from "./report.ts";
import type { NotTraced, Trace, TraceAddress, TraceTool } from "./trace.ts";
import { createTracepath } from "./tracepath.ts";
import { createTraceroute } from "./traceroute.ts";

/** What tracing needs. `files` replaces programs' own names, `own` this machine's addresses. */
export interface TracerParts {
  readonly clock: Clock;
  readonly files?: Partial<Readonly<Record<TraceTool, string>>>;
  readonly lookup?: LookupFunction;
  readonly own?: () => Promise<readonly string[]>;
}

const lookupMs = 5_000;

/** Traces with the first tool that works: mtr, which tells loss, else traceroute, else tracepath. */
export function openTracer({ clock, files = {}, lookup, own = ownAddresses }: TracerParts): Trace {
  const resolve = createResolve(lookup);
  const tools: readonly (readonly [TraceTool, TraceAddress])[] = [
    ["mtr", createMtr({ clock, ...(files.mtr === undefined ? {} : { file: files.mtr }) })],
    ["traceroute", createTraceroute({ clock, ...(files.traceroute === undefined ? {} : { file: files.traceroute }) })],
    ["tracepath", createTracepath({ clock, ...(files.tracepath === undefined ? {} : { file: files.tracepath }) })],
  ];
  const addressOf = async (host: string, signal: AbortSignal) =>
    await withDeadline({ clock, timeoutMs: lookupMs, signal }, async (deadline) => {
      const found = await untilAborted(resolve(host), deadline.signal).catch(() => []);
      return (found.find(({ family }) => family === 4) ?? found[0])?.address;
    });
  return async (job, signal) => {
    if (!isHostName(job.host))
      return failed(`${JSON.stringify(job.host.slice(0, 100))} is neither an address nor a name`);
    const address = await addressOf(job.host, signal);
    if (address === undefined) return failed(`${job.host} has no address: its name could not be resolved`);
    const reasons: string[] = [];
    for (const [tool, trace] of tools) {
      if (signal.aborted) return failed("it was stopped");
      const startedAt = clock.now();
      const found = await trace({ ...job, address }, signal);
      if (!found.ok && !found.broken) return found;
      if (!found.ok) {
        reasons.push(found.reason);
        continue;
      }
      const hops = withoutOwn(found.hops, { own: await own(), target: address });
      const text = hopsReport(hops, { startedAt, from: hostname() });
      return { ok: true, address, startedAt, hops, reached: isReached(hops, address), tool, text };
    }
    return signal.aborted ? failed("it was stopped") : { ok: false, broken: true, reason: reasons.join("; ") };
  };
}

function failed(reason: string): NotTraced {
  return { ok: false, broken: false, reason };
}

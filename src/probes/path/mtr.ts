import { isIPv6 } from "node:net";
import type { Clock } from "../../lib/clock.ts";
import type { Hop } from "../../model/types.ts";
import { parseMtrJson } from "./mtr-json.ts";
import { createRawReader } from "./mtr-raw.ts";
import { failureOf, runTool } from "./tool.ts";
import type { TraceAddress } from "./trace.ts";

/** How long answers are waited for after the last packet. mtr waits all of it, in any case. */
const graceS = 2;
const slackMs = 8_000;
/** The names of networks are asked for when all packets are back; each may take its time. */
const asnMs = 20_000;
const liveEveryMs = 200;

/** Traces with mtr: `--json`, or, to be told live and where mtr was built without JSON, `--raw`. `file` replaces the program's name. */
export function createMtr({ clock, file = "mtr" }: { readonly clock: Clock; readonly file?: string }): TraceAddress {
  return async (job, signal) => {
    const { address, count, intervalMs, onHops, asn = false } = job;
    const timeoutMs = (count + 1) * intervalMs + graceS * 1_000 + slackMs + (asn ? asnMs : 0);
    const args = [
      "-n",
      isIPv6(address) ? "-6" : "-4",
      ...["-c", String(count), "-i", String(intervalMs / 1_000), "-G", String(graceS)],
      ...(job.mostHops === undefined ? [] : ["-m", String(job.mostHops)]),
      ...(asn ? ["-z"] : []),
      address,
    ];
    const limits = { clock, signal, timeoutMs };
    const raw = async () => {
      const reader = createRawReader(address);
      let toldAt = Number.NEGATIVE_INFINITY;
      const onLine = (line: string) => {
        reader.read(line);
        if (onHops === undefined || clock.monotonic() - toldAt < liveEveryMs) return;
        toldAt = clock.monotonic();
        onHops(reader.soFar());
      };
      const end = await runTool({ file, args: ["--raw", ...args] }, { ...limits, onLine });
      return failureOf("mtr", address, end) ?? outcomeOf(reader.hops());
    };
    if (onHops !== undefined && !asn) return await raw();
    const end = await runTool({ file, args: ["--json", ...args] }, limits);
    if (end.errors.some((line) => /(unrecognized|unknown|invalid) option.*(json|j\b)/i.test(line))) return await raw();
    const hops = end.late ? undefined : parseMtrJson(end.lines.join("\n"));
    return hops === undefined ? (failureOf("mtr", address, end) ?? garbage) : outcomeOf(hops);
  };
}

const garbage = { ok: false, broken: true, reason: "mtr answered with something that is no report" } as const;

/** Where nobody at all answered, be it for want of a carrier, mtr lists no hop and calls that a success. */
function outcomeOf(hops: readonly Hop[]) {
  if (hops.length > 0) return { ok: true, hops } as const;
  return {
    ok: false,
    broken: false,
    reason: "no hop answered, not even the gateway: is the cable plugged in, is the router on?",
  } as const;
}

import { isIPv6 } from "node:net";
import { platform } from "node:os";
import builders from "ping/lib/builder/factory.js";
import parsers from "ping/lib/parser/factory.js";
import { z } from "zod";
import { runChild } from "../../lib/child.ts";
import type { Clock } from "../../lib/clock.ts";
import { withDeadline } from "../../lib/deadline.ts";
import type { ProbeOutcome } from "../../model/types.ts";
import { notSent, tooLarge } from "./sized.ts";

/** One run of the system's `ping`: `count` packets to one address. */
export interface PingJob {
  readonly address: string;
  readonly count: number;
  readonly spacingMs: number;
  readonly timeoutMs: number;
  /** Of the payload, sent with "don't fragment"; absent: small. */
  readonly bytes?: number;
}

/** Where it runs. `file` replaces the system's own program. */
export interface PingTools {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly file?: string | undefined;
}

const mostLines = 400;
/** How much longer than it was told to a ping may take before it counts as stuck. */
const graceMs = 1_000;

/** Linux's is `-M do`. A ping that does not know it (busybox) refuses to start: not measured. */
const dontFragment: Readonly<Record<string, readonly string[]>> = {
  darwin: ["-D"],
  freebsd: ["-D"],
  win32: ["-f"],
};

const resultSchema = z.object({
  times: z.array(z.number()),
  // The text "unknown" when there was no summary: then ping did not measure, whatever else it says.
  packetLoss: z.string().regex(/^[0-9.]+$/),
});

/**
 * One outcome a packet, answered ones first: ping does not say in which order they were lost. Of the package `ping` its knowledge
 * of the systems' options and outputs is used, not its way to run the program: that one can't be stopped, waits for a hung
 * child, and its parser throws inside an event handler, which would end our process.
 */
export async function runPing(job: PingJob, { clock, signal, file }: PingTools): Promise<readonly ProbeOutcome[]> {
  const { address, count, spacingMs, timeoutMs, bytes } = job;
  const system = platform();
  if (!builders.isPlatformSupport(system)) return failures(count, "this system's ping is not known");
  const seconds = Math.ceil(timeoutMs / 1_000);
  const config = {
    v6: isIPv6(address),
    timeout: seconds,
    min_reply: count,
    extra: [
      // On Windows `-i` is the time to live.
      ...(count > 1 && system !== "win32" ? ["-i", String(spacingMs / 1_000)] : []),
      ...(bytes === undefined ? [] : (dontFragment[system] ?? ["-M", "do"])),
    ],
    packetSize: bytes,
  };
  const lines: string[] = [];
  const keep = (line: string) => {
    if (lines.length < mostLines) lines.push(line);
  };
  const longestMs = count * spacingMs + seconds * 1_000 + graceMs;
  const { end, stuck } = await withDeadline({ clock, timeoutMs: longestMs, signal }, async (deadline) => {
    const command = {
      file: file ?? builders.getExecutablePath(system, config.v6),
      args: builders.createBuilder(system).getCommandArguments(address, { ...config }),
    };
    const ended = await runChild(command, { stdout: keep, stderr: keep }, { clock, signal: deadline.signal });
    return { end: ended, stuck: deadline.expired() };
  });
  if (end.failure !== undefined) return failures(count, `ping could not start: ${end.failure}`);
  if (stuck) return failures(count, "ping did not end");
  const result = resultSchema.safeParse(parsed(lines, { address, system, config }));
  if (!result.success)
    return failures(count, `ping could not measure: ${lines[0]?.slice(0, 200) ?? "it said nothing"}`);
  return outcomesOf(result.data.times, job, lines);
}

function outcomesOf(times: readonly number[], job: PingJob, lines: readonly string[]): ProbeOutcome[] {
  const { count, timeoutMs } = job;
  // `-W` is no limit of a single reply: ping counts late ones as well.
  const inTime = times.filter((rttMs) => rttMs >= 0 && rttMs <= timeoutMs).slice(0, count);
  const loss = lossOf(job, lines);
  return [
    ...inTime.map((rttMs): ProbeOutcome => ({ ok: true, rttMs })),
    ...Array.from({ length: count - inTime.length }, () => loss),
  ];
}

function lossOf({ timeoutMs, bytes }: PingJob, lines: readonly string[]): ProbeOutcome {
  const said = (words: RegExp) => lines.find((line) => words.test(line))?.slice(0, 200);
  if (bytes !== undefined) {
    const refused = said(/frag needed|packet too big|needs to be fragmented/i);
    if (refused !== undefined) return tooLarge(bytes, refused);
    if (said(/message too long/i) !== undefined) return notSent(bytes);
  }
  const unreachable = said(/nreachable/);
  if (unreachable !== undefined) return { ok: false, reason: "unreachable", detail: unreachable };
  const what = bytes === undefined ? "" : ` to ${bytes} bytes`;
  return { ok: false, reason: "timeout", detail: `no answer${what} within ${timeoutMs} ms` };
}

function parsed(
  lines: readonly string[],
  { address, system, config }: { readonly address: string; readonly system: string; readonly config: object },
): unknown {
  try {
    const parser = parsers.createParser(address, system, { ...config });
    for (const line of lines) parser.eat(line);
    return parser.getResult();
  } catch {
    return undefined;
  }
}

function failures(count: number, detail: string): ProbeOutcome[] {
  return Array.from({ length: count }, () => ({ ok: false, reason: "internal", detail }));
}

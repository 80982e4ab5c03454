import { type ChildEnd, runChild } from "../../lib/child.ts";
import type { Clock, Timestamp } from "../../lib/clock.ts";
import type { CheckId } from "../../model/types.ts";
import { parseFpingLine } from "./fping-line.ts";
import type { EmitProbe } from "./icmp.ts";
import { gatherSized } from "./sized.ts";
import { createTally, type Tally } from "./tally.ts";

/** The addresses of one family and the checks that each stands for. fping gets addresses only, never names. */
export interface FpingJob {
  readonly family: 4 | 6;
  readonly checks: ReadonlyMap<string, readonly CheckId[]>;
  readonly periodMs: number;
  readonly timeoutMs: number;
  /** Of the payload, sent with "don't fragment"; absent: small. A stream's are small. */
  readonly bytes?: number;
}

/** Where fping runs, and with what. */
export interface FpingTools {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** The program's name or path. */
  readonly file: string;
}

/** How a run ended, with the first thing that fping had to say. */
export interface FpingEnd extends ChildEnd {
  readonly said: string;
}

/** Answers as long as fping and the kernel work: it tells a silent network from a silent fping, and ends an orphan by its pipe. */
const canaries = { 4: "127.0.0.1", 6: "::1" } as const;
const widestSpacingMs = 10;
const narrowestSpacingMs = 0.1;
/** A stream's lines are read in gulps; a burst's at once, for a verdict waits for them. */
const gatherMs = { stream: 40, burst: 0 } as const;
const settleSlackMs = 150;
const mostLag = 30;

/** Probes all addresses every period until stopped, or until fping ends or says nothing for a while. */
export async function streamFping(job: FpingJob, tools: FpingTools, emit: EmitProbe): Promise<FpingEnd> {
  const { family, checks, periodMs, timeoutMs } = job;
  const { clock } = tools;
  const canary = canaries[family];
  // The canary comes last: when its packet n was answered, everybody's packet n had been sent.
  const addresses = [...[...checks.keys()].filter((address) => address !== canary), canary];
  const spacing = spacingOf(addresses.length, periodMs);
  const mode = ["-l", "-p", String(periodMs), "-t", String(timeoutMs), "-i", spacing];
  const tally = createTally(job, emit);
  const lag = Math.min(mostLag, Math.ceil((timeoutMs + settleSlackMs) / periodMs));
  const watch = watchSilence(clock, 3 * periodMs + timeoutMs + 5_000);
  const onCanary = (seq: number, sentAt: Timestamp) => tally.settle(seq - lag, sentAt - lag * periodMs);
  try {
    return await run(
      { args: argsOf(family, mode, addresses), tools, stop: watch.silent, gatherMs: gatherMs.stream },
      (text) => {
        watch.heard();
        countLine(tally, text, { canary, onCanary });
      },
    );
  } finally {
    watch.cancel();
  }
}

/** Sends `count` packets to each address, `periodMs` apart, and ends when each one's fate was emitted. */
export async function burstFping(
  job: FpingJob & { readonly count: number },
  tools: FpingTools,
  emit: EmitProbe,
): Promise<FpingEnd> {
  const { family, checks, count, periodMs, timeoutMs, bytes } = job;
  const addresses = [...checks.keys()];
  const spacing = spacingOf(addresses.length, periodMs);
  const size = bytes === undefined ? [] : ["-b", String(bytes), "-M"];
  const mode = ["-C", String(count), "-p", String(periodMs), "-t", String(timeoutMs), "-i", spacing, ...size];
  const sized = bytes === undefined ? undefined : gatherSized(emit);
  const tally = createTally(job, sized?.emit ?? emit);
  const startedAt = tools.clock.now();
  const limit = watchSilence(
    tools.clock,
    count * Math.max(periodMs, addresses.length * Number(spacing)) + timeoutMs + 3_000,
  );
  try {
    const end = await run(
      { args: argsOf(family, mode, addresses), tools, stop: limit.silent, gatherMs: gatherMs.burst },
      (text) => countLine(tally, text, undefined),
    );
    // 0: all answered, 1: some did not. Then a packet without a line could not be sent; otherwise nothing is known.
    if (end.code === 0 || end.code === 1) tally.settle(count - 1, startedAt + (count - 1) * periodMs);
    if (!tools.signal.aborted) sized?.flush();
    return end;
  } finally {
    limit.cancel();
  }
}

function countLine(
  tally: Tally,
  text: string,
  canary: { readonly canary: string; readonly onCanary: (seq: number, sentAt: Timestamp) => void } | undefined,
): void {
  const line = parseFpingLine(text);
  if (line === undefined) return;
  tally.line(line);
  if (line.kind === "reply" && line.host === canary?.canary) canary.onCanary(line.seq, line.stamp - line.rttMs);
}

interface Run {
  readonly args: readonly string[];
  readonly tools: FpingTools;
  readonly stop: AbortSignal;
  readonly gatherMs: number;
}

async function run({ args, tools, stop, gatherMs }: Run, onLine: (text: string) => void): Promise<FpingEnd> {
  const { clock, signal, file } = tools;
  const controller = new AbortController();
  const abort = () => controller.abort();
  for (const each of [signal, stop]) {
    if (each.aborted) abort();
    each.addEventListener("abort", abort, { once: true });
  }
  let said = "";
  const stderr = (text: string) => {
    onLine(text);
    if (said === "" && !text.startsWith("ICMP ") && text.trim() !== "") said = text.slice(0, 200);
  };
  try {
    const limits = { clock, signal: controller.signal, gatherMs };
    const end = await runChild({ file, args }, { stdout: onLine, stderr }, limits);
    return { ...end, said: stop.aborted ? "fping fell silent" : said };
  } finally {
    signal.removeEventListener("abort", abort);
    stop.removeEventListener("abort", abort);
  }
}

function argsOf(family: 4 | 6, mode: readonly string[], addresses: readonly string[]): string[] {
  return [`-${family}`, "-e", "-D", ...mode, "--", ...addresses];
}

/** All of them within a period, evenly but not too far apart. Whole ms as long as it goes: old versions take nothing else. */
function spacingOf(addresses: number, periodMs: number): string {
  const evenMs = (0.8 * periodMs) / addresses;
  const spacingMs = evenMs >= 1 ? Math.floor(evenMs) : Math.floor(evenMs * 10) / 10;
  return String(Math.min(widestSpacingMs, Math.max(narrowestSpacingMs, spacingMs)));
}

/** `silent` aborts when `heard` was not called for `ms`. One slow timer: resetting one at each line would cost more. */
function watchSilence(clock: Clock, ms: number) {
  const controller = new AbortController();
  let heardAt = clock.monotonic();
  let cancel = () => {};
  const look = () => {
    const left = heardAt + ms - clock.monotonic();
    if (left <= 0) controller.abort();
    else cancel = clock.after(left, look);
  };
  look();
  return {
    silent: controller.signal,
    heard: () => {
      heardAt = clock.monotonic();
    },
    cancel: () => cancel(),
  };
}

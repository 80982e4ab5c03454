import type { Clock } from "../../lib/clock.ts";
import type { Log } from "../../lib/log.ts";
import type { Resolve } from "../../lib/resolve.ts";
import type { ProbeOutcome } from "../../model/types.ts";
import { type Resolved, resolveTargets, signatureOf } from "./addresses.ts";
import { burstFping, type FpingEnd, type FpingJob, streamFping } from "./fping.ts";
import type { Batch, Beat, EmitProbe, Icmp, IcmpTarget } from "./icmp.ts";
import { bySize, type SizeGroup } from "./sized.ts";

/** What an engine works with. */
export interface EngineParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly book: Resolve;
  /** The program's name or path. */
  readonly file: string;
}

const quickWaitMs = 20;
const staggerMs = 70;
const slowestLookMs = 10_000;
const shortestBackoffMs = 500;
const longestBackoffMs = 30_000;
/** A child that lived this long was fine. */
const fineMs = 60_000;

/** One long-lived fping per address family for the heartbeat, a short-lived one per batch. */
export function createFpingEngine(parts: EngineParts): Icmp {
  return {
    engine: "fping",
    beat: (beat, emit, signal) => runBeat({ ...parts, beat, emit }, signal),
    batch: async (batch, emit, signal) => {
      const inTurn = async (group: SizeGroup, index: number) => {
        // A host that gets several sizes is not to get them at the same moment.
        if (index > 0) await parts.clock.sleep(index * staggerMs, signal);
        if (!signal.aborted) await runGroup({ ...parts, batch: { ...batch, ...group }, emit }, signal);
      };
      await Promise.all(bySize(batch.targets).map(inTurn));
    },
  };
}

/** Without an address nothing can be measured, which is no failure of the network. */
export function emitUnresolved(
  targets: readonly IcmpTarget[],
  { clock, emit }: { readonly clock: Clock; readonly emit: EmitProbe },
): void {
  for (const { id, host } of targets) {
    emit(id, { ok: false, reason: "internal", detail: `cannot resolve ${host.slice(0, 253)}` }, clock.now());
  }
}

type Beating = EngineParts & { readonly beat: Beat; readonly emit: EmitProbe };
type Batching = EngineParts & { readonly batch: Batch & SizeGroup; readonly emit: EmitProbe };

/** Streams to the addresses that are known, and begins anew when a name gets an address or another one. */
async function runBeat(parts: Beating, signal: AbortSignal): Promise<void> {
  const { clock, book, beat, emit } = parts;
  const look = () => resolveTargets(beat.targets, { book, clock, waitMs: quickWaitMs });
  let resolved = await look();
  while (!signal.aborted) {
    emitUnresolved(resolved.unresolved, { clock, emit });
    const generation = new AbortController();
    const stop = () => generation.abort();
    signal.addEventListener("abort", stop, { once: true });
    const streams = Promise.all(jobsOf(resolved, beat).map((job) => keepStreaming(parts, job, generation.signal)));
    const before = signatureOf(resolved);
    let pauseMs = beat.periodMs;
    do {
      await clock.sleep(pauseMs, signal);
      pauseMs = Math.min(slowestLookMs, 2 * pauseMs);
      if (signal.aborted) break;
      resolved = await look();
      emitUnresolved(resolved.unresolved, { clock, emit });
    } while (signatureOf(resolved) === before);
    stop();
    signal.removeEventListener("abort", stop);
    await streams;
  }
}

async function keepStreaming(parts: Beating, job: FpingJob, signal: AbortSignal): Promise<void> {
  const { clock, log, file, emit } = parts;
  let failures = 0;
  while (!signal.aborted) {
    const startedAt = clock.monotonic();
    const end = await streamFping(job, { clock, signal, file }, emit);
    if (signal.aborted) return;
    failures = clock.monotonic() - startedAt >= fineMs ? 1 : failures + 1;
    if (failures === 1) log.warn("fping ended, starting it again", { ...end, family: job.family });
    emitAll(job, couldNot(end), { clock, emit });
    await clock.sleep(Math.min(longestBackoffMs, shortestBackoffMs * 2 ** Math.min(10, failures - 1)), signal);
  }
}

/** Names that are not known yet hold nobody up. */
async function runGroup(parts: Batching, signal: AbortSignal): Promise<void> {
  const { clock, book, batch, emit } = parts;
  const quick = await resolveTargets(batch.targets, { book, clock, waitMs: quickWaitMs });
  const rest = async () => {
    const slow = await resolveTargets(quick.unresolved, { book, clock, waitMs: batch.timeoutMs });
    emitUnresolved(slow.unresolved, { clock, emit });
    await runBatch(parts, slow, signal);
  };
  await Promise.all([runBatch(parts, quick, signal), quick.unresolved.length > 0 ? rest() : undefined]);
}

async function runBatch(parts: Batching, resolved: Resolved, signal: AbortSignal): Promise<void> {
  const { clock, file, batch, emit } = parts;
  const beat = { ...batch, periodMs: batch.spacingMs };
  const size = batch.bytes === undefined ? {} : { bytes: batch.bytes };
  const run = async (job: FpingJob) => {
    const end = await burstFping({ ...job, ...size, count: batch.count }, { clock, signal, file }, emit);
    const measured = end.code === 0 || end.code === 1;
    if (!measured && !signal.aborted) emitAll(job, couldNot(end), { clock, emit });
  };
  await Promise.all(jobsOf(resolved, beat).map(run));
}

function jobsOf(resolved: Resolved, { periodMs, timeoutMs }: Beat): FpingJob[] {
  const families = [4, 6] as const;
  return families
    .map((family) => ({ family, checks: resolved[family], periodMs, timeoutMs }))
    .filter(({ checks }) => checks.size > 0);
}

function emitAll(
  { checks }: FpingJob,
  outcome: ProbeOutcome,
  { clock, emit }: { readonly clock: Clock; readonly emit: EmitProbe },
): void {
  for (const ids of checks.values()) for (const id of ids) emit(id, outcome, clock.now());
}

function couldNot({ failure, code, said }: FpingEnd): ProbeOutcome {
  const why = [failure, code === undefined ? undefined : `exit code ${code}`, said].filter(
    (part) => (part ?? "") !== "",
  );
  return { ok: false, reason: "internal", detail: `fping could not measure: ${why.join(", ") || "it was ended"}` };
}

import { createGate } from "../../lib/gate.ts";
import type { TraceMode, TraceTarget } from "../../model/types.ts";
import type { Plan } from "../../model/view.ts";
import type { Trace } from "../path/trace.ts";
import type { RunParts } from "./parts.ts";

/** Which round of the plan was seen last; it outlives a pause of the monitoring. */
export interface RoundMemory {
  roundId: number;
}

type PathParts = RunParts & { readonly trace: Trace; readonly memory: RoundMemory };

const mostAtOnce = 4;
/** An outage may come at once: the first look at each path is early, and quick. */
const firstBaselineMs = 1_500;
const firstPackets = 2;
const betweenBaselinesMs = 1_000;
const baselinePackets = 5;
const lookAgainMs = 10_000;
const staggerMs = 300;
const usualIntervalMs = 1_000;
/** So long a round may take for the sake of the routers' limits. */
const unhurriedMs = 60_000;

/** Traces paths beside all other probes: the baseline one target after the other, a round that is asked for at once. */
export async function runPaths(parts: PathParts, signal: AbortSignal): Promise<void> {
  const { plan, memory } = parts;
  const round = createRounds(parts, signal);
  const running = new Set<Promise<void>>();
  const baseline = runBaseline(parts, { signal, isBusy: () => running.size > 0 });
  while (!signal.aborted) {
    const { trace } = plan.current();
    if (trace.round.id !== memory.roundId) {
      memory.roundId = trace.round.id;
      const work = round(trace.round);
      running.add(work);
      work.finally(() => running.delete(work)).catch(() => undefined);
    }
    await plan.changed(signal);
  }
  await Promise.all([baseline, ...running]);
}

/** Never beside a round: two traces at once take each other's answers away where routers limit them. */
async function runBaseline(
  parts: PathParts,
  { signal, isBusy }: { readonly signal: AbortSignal; readonly isBusy: () => boolean },
): Promise<void> {
  const { plan, clock } = parts;
  const dueAt = new Map<string, number>();
  await clock.sleep(firstBaselineMs, signal);
  while (!signal.aborted) {
    const { baselineMs, baselineTargets } = plan.current().trace;
    const now = clock.monotonic();
    const dueOf = ({ slug, host }: TraceTarget) => dueAt.get(`${slug} ${host}`) ?? now;
    const [next] = baselineTargets.toSorted((a, b) => dueOf(a) - dueOf(b));
    const waitMs = next === undefined || baselineMs === 0 || isBusy() ? lookAgainMs : dueOf(next) - now;
    if (next === undefined || waitMs > 0) {
      await clock.sleep(Math.min(waitMs, lookAgainMs), signal);
      continue;
    }
    const key = `${next.slug} ${next.host}`;
    const count = dueAt.has(key) ? baselinePackets : firstPackets;
    dueAt.set(key, now + baselineMs);
    await traceOne(parts, { target: next, mode: "baseline", count, intervalMs: usualIntervalMs }, signal);
    await clock.sleep(betweenBaselinesMs, signal);
  }
}

/** A target that still is in an earlier round of the same kind is left out: whoever presses twice gets one answer. */
function createRounds(parts: PathParts, signal: AbortSignal): (round: Plan["trace"]["round"]) => Promise<void> {
  const { clock } = parts;
  const gate = createGate(mostAtOnce);
  const busy = new Set<string>();
  return async ({ mode, targets, count }) => {
    const atOnce = Math.min(targets.length, mostAtOnce);
    const intervalMs = intervalOf(count, atOnce);
    const note = intervalMs < atOnce * usualIntervalMs ? crowded(atOnce) : "";
    const one = async (target: TraceTarget, index: number) => {
      const key = `${mode} ${target.host}`;
      if (busy.has(key)) return;
      busy.add(key);
      try {
        await gate.pass(async () => {
          await clock.sleep((index % mostAtOnce) * staggerMs, signal);
          await traceOne(parts, { target, mode, count, intervalMs, note }, signal);
        });
      } finally {
        busy.delete(key);
      }
    };
    await Promise.all(targets.map(one));
  };
}

/**
 * A Linux router answers one host about once a second: traces that share their first hops fake a loss there, of 90 % and more for
 * one of three. So each sends more slowly the more they are, unless the round would take too long: then the report says so.
 */
function intervalOf(count: number, atOnce: number): number {
  const slow = Math.min(atOnce, Math.floor(unhurriedMs / (Math.max(1, count) * usualIntervalMs)));
  return Math.max(1, slow) * usualIntervalMs;
}

function crowded(atOnce: number): string {
  return `\n${atOnce} traces ran at once: loss at a hop that the last hop does not show is only that router's limit of answers`;
}

interface OneTrace {
  readonly target: TraceTarget;
  readonly mode: TraceMode;
  readonly count: number;
  readonly intervalMs: number;
  /** Added to the report. */
  readonly note?: string;
}

async function traceOne(
  { trace, emit, clock, log }: PathParts,
  { target, mode, count, intervalMs, note = "" }: OneTrace,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) return;
  try {
    const found = await trace({ host: target.host, count, intervalMs }, signal);
    if (signal.aborted) return;
    const at = clock.now();
    if (!found.ok) return emit({ type: "path-failed", at, target, mode, reason: found.reason });
    const { startedAt, hops, reached, tool, text } = found;
    emit({ type: "path", at, target, mode, startedAt, hops, reached, tool, text: text + note });
  } catch (error) {
    log.error("a bug in tracing a path", { host: target.host, error });
  }
}

import type { Clock } from "../../lib/clock.ts";
import type { Observation } from "../../model/types.ts";
import type { View } from "../../model/view.ts";
import type { Sink, Update } from "../../sinks/sink.ts";
import type { Progress } from "./progress.ts";
import { createSettling } from "./settling.ts";

interface Patience {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Looks on while a cycle runs, and tells how far it is. */
export interface Watch {
  readonly push: Sink["push"];
  /** Resolves when what was known at the start has been folded, or when the patience is over. */
  started(patience: Patience): Promise<void>;
  /** Resolves when a full cycle has ended and its verdict stands, or when the patience is over. */
  settled(patience: Patience): Promise<void>;
  /** Resolves when the round of traces that was asked for has ended, or when the patience is over. */
  traced(patience: Patience): Promise<void>;
}

/** Emits are batched: what was asked for a moment ago is in the plan only after the next batch. */
const batchMs = 500;

export function createWatch({ clock, progress }: { readonly clock: Clock; readonly progress: Progress }): Watch {
  const stands = createSettling(clock);
  const measured = new Set<string>();
  const traced = new Set<string>();
  let cycleEnded = false;
  let isSettled = false;
  let view: View | undefined;
  let waiting: { readonly until: () => boolean; readonly done: () => void } | undefined;

  const wait = async (until: () => boolean, { timeoutMs, signal }: Patience) => {
    const over = new AbortController();
    const stop = () => over.abort();
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted || until()) stop();
    waiting = { until, done: stop };
    await clock.sleep(timeoutMs, over.signal);
    waiting = undefined;
    signal.removeEventListener("abort", stop);
  };
  const allTraced = () => {
    const targets = view?.plan.trace.round.targets ?? [];
    progress.step("tracing the paths", traced.size, targets.length);
    return targets.every(({ host }) => traced.has(host));
  };

  return {
    push: (update) => {
      ({ view } = update);
      for (const seen of update.observations) note(seen, measured, traced);
      cycleEnded ||= update.observations.some((seen) => seen.type === "cycle" && !seen.partial);
      isSettled = stands(view) && (cycleEnded || hidesAll(view));
      if (!isSettled) progress.step("measuring", measured.size, regularChecks(update));
      if (waiting?.until() === true) waiting.done();
    },
    started: (patience) => wait(() => view !== undefined, patience),
    settled: (patience) => wait(() => isSettled, patience),
    traced: async (patience) => {
      await clock.sleep(batchMs, patience.signal);
      await wait(allTraced, patience);
    },
  };
}

/** Behind a router that is out of reach nothing can be measured: there is no need to wait for the end of trying. */
export function hidesAll({ verdict }: View): boolean {
  return verdict.status === "LAN_DOWN";
}

function note(seen: Observation, measured: Set<string>, traced: Set<string>): void {
  if (seen.type === "probe") measured.add(seen.check);
  if (seen.type === "path" || seen.type === "path-failed") traced.add(seen.target.host);
}

function regularChecks({ view }: Update): number {
  return view.plan.checks.filter(({ onDemand }) => onDemand !== true).length;
}

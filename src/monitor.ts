import type { Clock, Timestamp } from "./lib/clock.ts";
import type { Log } from "./lib/log.ts";
import type { Mac } from "./lib/mac.ts";
import { createDerive } from "./model/derive.ts";
import { memoryOf } from "./model/memory.ts";
import type { Model } from "./model/model.ts";
import { createReduce, type Folded } from "./model/reduce.ts";
import type { Observation } from "./model/types.ts";
import type { Plan, View } from "./model/view.ts";
import type { PlanReader } from "./probes/probe.ts";
import type { Sink } from "./sinks/sink.ts";

/** The heart: collects observations, folds them, derives the view, and hands it to every sink. */
export interface Monitor {
  emit(observation: Observation): void;
  view(): View;
  model(): Model;
  readonly plan: PlanReader;
  /** From now on this sink gets every update too. */
  add(push: Sink["push"]): void;
  /** Folds what is left, hands it out with the memory, and folds no more. */
  stop(): void;
}

/** Batches are folded at most this often: a thousand targets must not cost a thousand derivations a second. */
const batchMs = 100;
/** How often the sinks get the memory; with an event they get it at once. */
const memoryEveryMs = 5_000;

export function createMonitor(parts: {
  model: Model;
  clock: Clock;
  log: Log;
  fatal: (error: unknown) => void;
  /** The maker that a MAC names. */
  vendorOf: (mac: Mac) => string | undefined;
}): Monitor {
  const { clock, log } = parts;
  const reduce = createReduce(parts.model.settings, parts.vendorOf);
  const derive = createDerive(parts.model.settings);
  const pushes: Sink["push"][] = [];
  const waiting = createWaiters();
  let folded: Folded = reduce(parts.model, [], clock.now());
  let view = derive(folded.model, folded.layers);
  let queue: Observation[] = [];
  let scheduled = false;
  let stopped = false;
  let memoryAt = Number.NEGATIVE_INFINITY;
  let lastFold = Number.NEGATIVE_INFINITY;
  let cancelReview = () => {};

  const schedule = () => {
    if (scheduled || stopped) return;
    scheduled = true;
    clock.after(Math.max(0, lastFold + batchMs - clock.monotonic()), fold);
  };

  const fold = () => {
    scheduled = false;
    lastFold = clock.monotonic();
    const observations = queue;
    queue = [];
    try {
      folded = reduce(folded.model, observations, clock.now());
      const before = view.plan;
      view = derive(folded.model, folded.layers);
      hand(observations);
      if (isOtherPlan(before, view.plan)) waiting.wake();
      review(folded.reviewAt);
    } catch (error) {
      // A bug here would repeat for ever on a broken model: end, and let the supervisor start us anew.
      log.error("a bug in the monitor", { error });
      parts.fatal(error);
    }
  };

  const hand = (observations: readonly Observation[]) => {
    const { model } = folded;
    const decided = observations.some(({ type }) => type === "command");
    const isDue = stopped || decided || model.events.length > 0 || clock.monotonic() - memoryAt >= memoryEveryMs;
    if (isDue) memoryAt = clock.monotonic();
    const { devices } = model.network;
    const update = { view, events: model.events, observations, devices, ...(isDue ? { memory: memoryOf(model) } : {}) };
    for (const push of pushes) push(update);
  };

  /** A verdict that must hold for a while is looked at again when it has, even if nothing new comes in. */
  const review = (at: Timestamp | undefined) => {
    cancelReview();
    if (at !== undefined) cancelReview = clock.after(Math.max(batchMs, at - clock.now()), schedule);
  };

  return {
    emit: (observation) => {
      queue.push(observation);
      schedule();
    },
    view: () => view,
    model: () => folded.model,
    plan: { current: () => view.plan, changed: waiting.wait },
    add: (push) => {
      pushes.push(push);
    },
    stop: () => {
      cancelReview();
      stopped = true;
      fold();
      cancelReview();
    },
  };
}

function isOtherPlan(a: Plan, b: Plan): boolean {
  return (
    a.burst.id !== b.burst.id ||
    a.cycle.id !== b.cycle.id ||
    a.trace.round.id !== b.trace.round.id ||
    a.active !== b.active ||
    a.checks !== b.checks ||
    a.intervalMs !== b.intervalMs ||
    a.heartbeatMs !== b.heartbeatMs ||
    a.heartbeatTimeoutMs !== b.heartbeatTimeoutMs
  );
}

function createWaiters() {
  let waiters = new Set<() => void>();
  return {
    wake: () => {
      const woken = waiters;
      waiters = new Set();
      for (const resolve of woken) resolve();
    },
    /** Resolves at the next change of the plan, or when `signal` aborts. */
    wait: (signal: AbortSignal) =>
      new Promise<void>((resolve) => {
        if (signal.aborted) return resolve();
        const done = () => {
          waiters.delete(done);
          signal.removeEventListener("abort", done);
          resolve();
        };
        waiters.add(done);
        signal.addEventListener("abort", done, { once: true });
      }),
  };
}

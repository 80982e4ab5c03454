import { eventPayload } from "../../entities/render.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Log } from "../../lib/log.ts";
import type { Sink } from "../sink.ts";

/** So many events wait at most; then the oldest is dropped, for the newest says how things are. */
const mostWaiting = 100;
/** After the end so much time is left for what waits. */
const farewellMs = 3_000;

/** `stopping`: no more time for patience; `hard`: no more time at all. */
export interface Delivery {
  readonly stopping: AbortSignal;
  readonly hard: AbortSignal;
}

interface AlerterParts {
  readonly name: string;
  /** How many events are told at the same time. */
  readonly atOnce: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Tells one event, as JSON. Never rejects; settles soon after `hard` aborts. */
  deliver(event: string, delivery: Delivery): Promise<void>;
}

/** A sink that tells somebody each event in its turn, and nothing else. It never holds up what pushes. */
export function createAlerter({ name, atOnce, clock, log, deliver }: AlerterParts): Sink {
  const waiting: string[] = [];
  const idle = new Set<() => void>();
  let dropped = 0;

  const add = (event: string) => {
    waiting.push(event);
    if (waiting.length <= mostWaiting) return;
    waiting.shift();
    if (dropped === 0) log.warn("events come faster than they can be told: the oldest are dropped", { sink: name });
    dropped += 1;
  };

  const tellDropped = () => {
    if (dropped > 0) log.warn("events were dropped", { sink: name, dropped });
    dropped = 0;
  };

  /** Resolves when something comes, or when `signal` aborts. */
  const more = (signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      const done = () => {
        idle.delete(done);
        signal.removeEventListener("abort", done);
        resolve();
      };
      if (signal.aborted) return resolve();
      idle.add(done);
      signal.addEventListener("abort", done, { once: true });
    });

  const work = async (delivery: Delivery) => {
    while (!delivery.hard.aborted) {
      const event = waiting.shift();
      if (event !== undefined) {
        await deliver(event, delivery);
        continue;
      }
      tellDropped();
      if (delivery.stopping.aborted) return;
      await more(delivery.stopping);
    }
  };

  return {
    name,
    push: ({ events }) => {
      for (const event of events) add(eventPayload(event));
      if (waiting.length === 0) return;
      for (const wake of [...idle]) wake();
    },
    run: async (stopping) => {
      const hard = new AbortController();
      let cancel = () => {};
      const limit = () => {
        cancel = clock.after(farewellMs, () => hard.abort());
      };
      if (stopping.aborted) limit();
      else stopping.addEventListener("abort", limit, { once: true });
      const delivery = { stopping, hard: hard.signal };
      await Promise.all(Array.from({ length: atOnce }, () => work(delivery)));
      cancel();
      dropped += waiting.length;
      waiting.length = 0;
      tellDropped();
    },
  };
}

import type { Sample } from "../history/queue.ts";
import type { Store } from "../history/store.ts";
import type { Clock } from "../lib/clock.ts";
import type { Observation } from "../model/types.ts";
import type { DomainEvent, Outage } from "../model/view.ts";
import type { Sink } from "./sink.ts";

/** The model's memory is written at most so often, and at once when an outage begins or ends. */
const memoryEveryMs = 10_000;

/** Keeps samples, outages, events and the model's memory. At the end it closes the store. */
export function createHistorySink({ store, clock }: { readonly store: Store; readonly clock: Clock }): Sink {
  let outage: Outage | undefined;
  let unsaved: { readonly memory: unknown } | undefined;
  let savedAt = Number.NEGATIVE_INFINITY;

  const saveMemory = () => {
    if (unsaved !== undefined) store.saveMemory(unsaved.memory);
    unsaved = undefined;
    savedAt = clock.monotonic();
  };

  return {
    name: "history",
    push: ({ view, events, observations, memory }) => {
      const samples = observations.flatMap(toSample);
      if (samples.length > 0) store.appendSamples(samples);
      for (const event of events) store.recordEvent(event);
      if (view.lastOutage !== undefined && view.lastOutage !== outage) store.recordOutage(view.lastOutage);
      outage = view.lastOutage;
      if (memory !== undefined) unsaved = { memory };
      if (unsaved === undefined) return;
      if (events.some(isTurn) || clock.monotonic() - savedAt >= memoryEveryMs) saveMemory();
    },
    run: async (signal) => {
      await aborted(signal);
      if (unsaved !== undefined) saveMemory();
      await store.close();
    },
  };
}

/** A probe that could not measure says nothing of the network: it is no sample. */
function toSample(observation: Observation): readonly Sample[] {
  if (observation.type !== "probe") return [];
  const { at, check, outcome } = observation;
  if (outcome.ok) return [{ at, check, ok: true, rttMs: outcome.rttMs }];
  return outcome.reason === "internal" ? [] : [{ at, check, ok: false }];
}

function isTurn({ event_type: type }: DomainEvent): boolean {
  return (
    type === "outage_started" || type === "outage_ended" || type === "degraded_started" || type === "degraded_ended"
  );
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

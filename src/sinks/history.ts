import type { Sample } from "../history/queue.ts";
import type { Store } from "../history/store.ts";
import type { Clock } from "../lib/clock.ts";
import type { Observation } from "../model/types.ts";
import type { DomainEvent, Outage } from "../model/view.ts";
import { createDeviceKeeper } from "./device-keeper.ts";
import type { Sink } from "./sink.ts";

/** The model's memory is written at most so often, and at once when an outage begins or ends or the user decided something. */
const memoryEveryMs = 10_000;

/**
 * Keeps samples, outages, events, devices and the model's memory. At the end it closes the store. `storedDevices`: ids that
 * the database has.
 */
export function createHistorySink(parts: {
  readonly store: Store;
  readonly clock: Clock;
  readonly storedDevices?: Iterable<string>;
}): Sink {
  const { store, clock } = parts;
  const keeper = createDeviceKeeper({ store, clock, stored: parts.storedDevices ?? [] });
  let outage: Outage | undefined;
  let unsaved: { readonly memory: unknown } | undefined;
  let decided = false;
  let savedAt = Number.NEGATIVE_INFINITY;

  const saveMemory = () => {
    if (unsaved !== undefined) store.saveMemory(unsaved.memory);
    unsaved = undefined;
    decided = false;
    savedAt = clock.monotonic();
  };

  return {
    name: "history",
    push: ({ view, events, observations, devices, memory }) => {
      const samples = observations.flatMap(toSample);
      if (samples.length > 0) store.appendSamples(samples);
      for (const event of events) store.recordEvent(event);
      if (view.lastOutage !== undefined && view.lastOutage !== outage) store.recordOutage(view.lastOutage);
      outage = view.lastOutage;
      keeper.take(devices, events);
      if (observations.some(isDecision)) {
        // Who is left out from now on must not be there again after the power went.
        keeper.flush();
        decided = true;
      }
      if (memory !== undefined) unsaved = { memory };
      if (unsaved === undefined) return;
      if ((decided && memory !== undefined) || events.some(isTurn) || clock.monotonic() - savedAt >= memoryEveryMs)
        saveMemory();
    },
    run: async (signal) => {
      await aborted(signal);
      keeper.flush();
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

/** What the user said of a device must not be asked again. */
function isDecision(observation: Observation): boolean {
  if (observation.type !== "command") return false;
  const { name } = observation.command;
  return name === "acknowledge" || name === "ignore" || name === "join";
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

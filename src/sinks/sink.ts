import type { DeviceState } from "../model/devices/state.ts";
import type { Observation } from "../model/types.ts";
import type { DomainEvent, View } from "../model/view.ts";

/** One turn of the flow: the answers, what happened once, and the observations that led there. */
export interface Update {
  readonly view: View;
  readonly events: readonly DomainEvent[];
  readonly observations: readonly Observation[];
  /** What is known of each device, by id. A state is the same object as long as nothing in it changed. */
  readonly devices: ReadonlyMap<string, DeviceState>;
  /** Plain JSON of the model to keep, when due. */
  readonly memory?: unknown;
}

/** Makes a part of the world match the view. */
export interface Sink {
  readonly name: string;
  /** Never blocks and never throws: what takes time is queued. */
  push(update: Update): void;
  /** Works until `signal` aborts, then says its farewell (flush, goodbye) and resolves. */
  run(signal: AbortSignal): Promise<void>;
}

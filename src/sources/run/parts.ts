import type { Clock } from "../../lib/clock.ts";
import type { Log } from "../../lib/log.ts";
import type { SourceId } from "../../model/devices/sighting.ts";
import type { Observation } from "../../model/types.ts";
import type { ListeningSource, PollingSource } from "../source.ts";

/** A source to be run. `open` makes its driver, and a new one after a bug in the old one. */
export interface PolledSource {
  readonly way: "poll";
  readonly id: SourceId;
  /** For people. */
  readonly name: string;
  /** From the start of one poll to the start of the next. */
  readonly intervalMs: number;
  open(): PollingSource;
}

/** One whose reports come by themselves. */
export interface HeardSource {
  readonly way: "listen";
  readonly id: SourceId;
  readonly name: string;
  open(): ListeningSource;
}

export type OpenSource = PolledSource | HeardSource;

/** All that running sources needs. */
export interface RunParts {
  readonly clock: Clock;
  readonly log: Log;
  emit(observation: Observation): void;
  readonly sources: readonly OpenSource[];
  /** From 0 to below 1, for the spread of retries; a test gives its own. */
  readonly random?: () => number;
}

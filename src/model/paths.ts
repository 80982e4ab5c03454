import type { Timestamp } from "../lib/clock.ts";
import type { Hop, TraceTarget } from "./types.ts";
import type { TracePlan } from "./view.ts";

/** The way to a target while all was well: the routers by their distance, as far as they answer. */
export interface KnownPath {
  readonly target: TraceTarget;
  readonly at: Timestamp;
  readonly hops: readonly Hop[];
}

/** What is known of paths, and which round of traces was asked for last. */
export interface Paths {
  /** By the target's slug. */
  readonly known: Readonly<Record<string, KnownPath>>;
  readonly round: TracePlan["round"];
  /** The outage that the last intensive round belongs to. */
  readonly roundOf: Timestamp;
}

export const noPaths: Paths = { known: {}, round: { id: 0, mode: "manual", targets: [], count: 0 }, roundOf: 0 };

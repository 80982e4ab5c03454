import type { Timestamp } from "../lib/clock.ts";
import { type Baseline, noBaseline } from "./baseline.ts";
import { checksFor } from "./checks.ts";
import { emptyNetwork, type NetworkState } from "./devices/network.ts";
import { type Episode, noEpisode } from "./diagnosis/episode.ts";
import type { Facts } from "./facts.ts";
import { noPaths, type Paths } from "./paths.ts";
import type { Settings } from "./settings.ts";
import { statesFor } from "./states.ts";
import type { DomainEvent, Outage, Plan, Today } from "./view.ts";

/** All there is to know. Plain immutable data: `reduce` makes a new one of each batch of observations. */
export interface Model extends Facts {
  /** False: the user switched the measuring off. */
  readonly monitoring: boolean;
  /** False: outside the scheduled hours. */
  readonly scheduled: boolean;
  readonly episode: Episode;
  readonly today: Today;
  readonly lastOutage: Outage | undefined;
  /** When the outage that goes on last got another cause, and what it was before. */
  readonly turned: { readonly at: Timestamp; readonly from: Outage } | undefined;
  readonly network: NetworkState;
  readonly paths: Paths;
  readonly learnt: Baseline;
  /** When the baseline was last added to, and when paths were last asked in calm. */
  readonly learntAt: Timestamp;
  /** `learntAt`: when what is asked in need alone was last asked in calm. */
  readonly burst: Plan["burst"] & { readonly at: Timestamp; readonly count: number; readonly learntAt: Timestamp };
  readonly cycle: Plan["cycle"];
  /** When the data before that pause ended; an outage that is over after the pause ended no later than here is known. */
  readonly pausedAt: Timestamp;
  /** What happened in the newest batch. */
  readonly events: readonly DomainEvent[];
}

/** A model that knows nothing yet. */
export function createModel(settings: Settings, at: Timestamp): Model {
  const checks = checksFor(settings, undefined);
  return {
    at,
    settings,
    monitoring: true,
    scheduled: true,
    link: undefined,
    linkSince: { carrier: 0, address: 0, route: 0 },
    checks,
    states: statesFor(checks, () => undefined),
    remembered: {},
    episode: noEpisode,
    today: emptyDay(""),
    lastOutage: undefined,
    turned: undefined,
    network: emptyNetwork(settings.sources, at),
    paths: noPaths,
    learnt: noBaseline,
    learntAt: at,
    baseline: {},
    burst: { id: 0, checks: [], at: 0, count: 0, learntAt: 0 },
    cycle: { id: 0, scope: "all" },
    resumedAt: at,
    pausedAt: at,
    events: [],
  };
}

/** A day on which nothing happened yet. */
export function emptyDay(day: string): Today {
  return { day, cycles: 0, okCycles: 0, upMs: 0, downMs: 0, noDataMs: 0, outages: 0 };
}

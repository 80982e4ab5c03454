import type { Timestamp } from "../lib/clock.ts";
import type { Baseline } from "./baseline.ts";
import { checksFor } from "./checks.ts";
import { type NetworkMemory, networkMemoryOf, rememberNetwork } from "./devices/memory.ts";
import type { DeviceState } from "./devices/state.ts";
import { emptyDay, type Model } from "./model.ts";
import type { Paths } from "./paths.ts";
import { rememberedState, stateOf, statesFor } from "./states.ts";
import type { CheckId } from "./types.ts";
import type { Outage, Today } from "./view.ts";

/** What outlives the program: plain JSON. */
export interface Memory extends NetworkMemory {
  readonly version: 1;
  readonly at: Timestamp;
  readonly monitoring: boolean;
  readonly today: Today;
  readonly lastOutage?: Outage;
  /** When each check was last answered: what never worked is no sign of trouble. */
  readonly answered: Readonly<Record<CheckId, Timestamp>>;
  readonly learnt?: Baseline;
  /** The ways to the targets while all was well. */
  readonly paths?: Paths["known"];
}

/** What to keep of a model. */
export function memoryOf(model: Model): Memory {
  const { states, checks, remembered } = model;
  const answered: Record<CheckId, Timestamp> = { ...remembered };
  for (const { id } of checks) {
    const at = stateOf(states, id)?.lastOkAt ?? 0;
    if (at > 0) answered[id] = at;
  }
  return {
    version: 1,
    at: model.at,
    monitoring: model.monitoring,
    today: model.today,
    ...(model.lastOutage === undefined ? {} : { lastOutage: model.lastOutage }),
    answered,
    learnt: model.learnt,
    paths: model.paths.known,
    ...networkMemoryOf(model.network),
  };
}

/** What an earlier run left. */
export interface Left {
  /** Absent: none, or of another version. */
  readonly memory?: Memory;
  readonly devices: readonly DeviceState[];
  /** When this machine started, where it can be told. */
  readonly bootAt?: Timestamp;
  /** Today. */
  readonly day: string;
}

/** A new model with what an earlier run left; the time between the two is a gap without data. */
export function remember(model: Model, { memory, devices, day, bootAt = 0 }: Left): Model {
  const network = rememberNetwork(model.network, { memory: memory ?? {}, devices, at: model.at }, model.settings);
  if (memory === undefined) return { ...model, network };
  const gap = Math.max(0, model.at - memory.at);
  const today = memory.today.day === day ? { ...memory.today, noDataMs: memory.today.noDataMs + gap } : emptyDay(day);
  const { learnt = model.learnt, paths: known = {} } = memory;
  const checks = checksFor(model.settings, model.link, known);
  const isRestarted = bootAt > memory.at;
  const episode = isRestarted
    ? { ...model.episode, verdict: "host_restarted" as const, since: model.at }
    : model.episode;
  return {
    ...model,
    episode,
    learnt,
    paths: { ...model.paths, known },
    checks,
    monitoring: memory.monitoring,
    today,
    lastOutage: memory.lastOutage,
    pausedAt: Math.min(memory.at, model.at),
    remembered: memory.answered,
    network,
    states: statesFor(checks, ({ id }) => rememberedState(memory.answered, id)),
  };
}

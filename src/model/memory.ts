import type { Timestamp } from "../lib/clock.ts";
import { unmeasured } from "./check-state.ts";
import { emptyDay, type Model } from "./model.ts";
import type { CheckId } from "./types.ts";
import type { Outage, Today } from "./view.ts";

/** What outlives the program: plain JSON. */
export interface Memory {
  readonly version: 1;
  readonly at: Timestamp;
  readonly monitoring: boolean;
  readonly today: Today;
  readonly lastOutage?: Outage;
  /** When each check was last answered: what never worked is no sign of trouble. */
  readonly answered: Readonly<Record<CheckId, Timestamp>>;
}

/** What to keep of a model. */
export function memoryOf(model: Model): Memory {
  const answered = [...model.states].flatMap(([id, { lastOkAt }]) => (lastOkAt > 0 ? [[id, lastOkAt] as const] : []));
  return {
    version: 1,
    at: model.at,
    monitoring: model.monitoring,
    today: model.today,
    ...(model.lastOutage === undefined ? {} : { lastOutage: model.lastOutage }),
    answered: Object.fromEntries(answered),
  };
}

/** A new model with what an earlier run left; the time between the two is a gap without data. */
export function remember(model: Model, memory: Memory, day: string): Model {
  const gap = Math.max(0, model.at - memory.at);
  const today = memory.today.day === day ? { ...memory.today, noDataMs: memory.today.noDataMs + gap } : emptyDay(day);
  const answered = Object.entries(memory.answered).map(([id, lastOkAt]) => [id, { ...unmeasured, lastOkAt }] as const);
  return {
    ...model,
    monitoring: memory.monitoring,
    today,
    lastOutage: memory.lastOutage,
    pausedAt: Math.min(memory.at, model.at),
    states: new Map(answered),
  };
}

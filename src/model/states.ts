import type { Timestamp } from "../lib/clock.ts";
import { type CheckState, unmeasured } from "./check-state.ts";
import type { Check, CheckId } from "./types.ts";

/**
 * What is known of each check. Immutable; a copy of the list is cheap where a copy of a map of a thousand entries, ten
 * times a second, is not.
 */
export interface States {
  readonly places: ReadonlyMap<CheckId, number>;
  readonly list: readonly CheckState[];
}

/** States for these checks; what `known` says of one is taken over. */
export function statesFor(checks: readonly Check[], known: (check: Check) => CheckState | undefined): States {
  return {
    places: new Map(checks.map(({ id }, place) => [id, place])),
    list: checks.map((check) => known(check) ?? unmeasured),
  };
}

/** What is known of one check; `undefined` when there is no such check. */
export function stateOf({ places, list }: States, id: CheckId): CheckState | undefined {
  const place = places.get(id);
  return place === undefined ? undefined : list[place];
}

/** Each state made anew. */
export function mapStates({ places, list }: States, change: (state: CheckState) => CheckState): States {
  return { places, list: list.map(change) };
}

/** A check that was answered in an earlier run, and that was not measured in this one. */
export function rememberedState(remembered: Readonly<Record<CheckId, Timestamp>>, id: CheckId): CheckState | undefined {
  const lastOkAt = remembered[id];
  return lastOkAt === undefined ? undefined : { ...unmeasured, lastOkAt };
}

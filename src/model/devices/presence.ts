import type { Timestamp } from "../../lib/clock.ts";
import type { SourceState } from "./network.ts";
import { sourceOf } from "./network.ts";
import type { DeviceState, Sighted } from "./state.ts";

const dayMs = 86_400_000;
/** A source that has not been seen since the start, or since a pause of ours, may still be on its way. */
const startMs = 120_000;
/** One reading without a client may be a roam that the router is still digesting. */
const readingsMissed = 2;
const shortestHoldMs = 60_000;

/** What the conclusion rests on. */
export interface Witnesses {
  readonly sources: ReadonlyMap<string, SourceState>;
  readonly at: Timestamp;
  readonly resumedAt: Timestamp;
}

/** `unknown`: nobody who could tell is available. `open`: not settled yet, what was so far holds. */
export type Conclusion = "connected" | "gone" | "unknown" | "open";

/** How long a report proves that a client is there. */
export function holdMs(source: SourceState): number {
  return Math.max(shortestHoldMs, 6 * source.settings.intervalMs);
}

/** The keys of the sources that see the device now. */
export function seenBy(device: DeviceState, witnesses: Witnesses): readonly string[] {
  const keys: string[] = [];
  for (const key of Object.keys(device.sightings)) {
    const sighted = device.sightings[key];
    const source = witnesses.sources.get(sourceOf(key));
    if (sighted === undefined || source === undefined || keys.includes(source.key)) continue;
    if (seesNow(sighted, source, witnesses)) keys.push(source.key);
  }
  return keys;
}

function seesNow({ missed, connectedAt }: Sighted, source: SourceState, { at }: Witnesses): boolean {
  if (source.available !== true || connectedAt === 0) return false;
  return source.coverage === "full" ? missed === 0 : at - connectedAt < holdMs(source);
}

/**
 * Whether the device is connected, by evidence. It is gone only when every source that could tell is available and has
 * said so: the one that saw it last, those that saw it within the last week, and all that may have taken it over since.
 */
export function conclude(device: DeviceState, seen: readonly string[], witnesses: Witnesses): Conclusion {
  if (seen.length > 0) return "connected";
  const entries = Object.entries(device.sightings).filter(([, { connectedAt }]) => connectedAt > 0);
  const last = Math.max(0, ...entries.map(([, { connectedAt }]) => connectedAt));
  if (last === 0) return "gone";
  let conclusion: Conclusion = "gone";
  for (const [key, sighted] of entries) {
    const said = ofOne(sighted, { source: witnesses.sources.get(sourceOf(key)), last, witnesses });
    if (said === "unknown") return "unknown";
    if (said === "open") conclusion = "open";
  }
  return conclusion === "gone" && mayBeElsewhere(last, witnesses) ? "open" : conclusion;
}

interface Witness {
  readonly source: SourceState | undefined;
  readonly last: Timestamp;
  readonly witnesses: Witnesses;
}

function ofOne(sighted: Sighted, { source, last, witnesses }: Witness): Conclusion {
  const { at, resumedAt } = witnesses;
  const isLast = sighted.connectedAt === last;
  const early = at - resumedAt < startMs;
  if (source?.available === undefined) return early ? "open" : isLast ? "unknown" : "gone";
  if (!source.available) {
    const lostMs = at - (source.failure?.since ?? source.readingAt);
    const stillCounts = at - sighted.connectedAt < 7 * dayMs && lostMs < dayMs;
    return isLast || stillCounts ? "unknown" : "gone";
  }
  if (source.coverage === "partial") {
    const since = Math.max(sighted.connectedAt, resumedAt);
    // A sender that says nothing at all proves nothing: it must have reported others meanwhile.
    return at - since >= holdMs(source) && source.readingAt - since >= holdMs(source) / 2 ? "gone" : "open";
  }
  return sighted.missed >= readingsMissed ? "gone" : "open";
}

/** A router that was not read since may show the device in its next reading. */
function mayBeElsewhere(last: Timestamp, { sources }: Witnesses): boolean {
  for (const source of sources.values()) {
    if (source.coverage === "full" && source.available === true && source.readingAt <= last) return true;
  }
  return false;
}

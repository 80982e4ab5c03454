import type { Quality } from "./view.ts";

/** What is usual: slowly moving means over the time in which all was well, and by hour of the week. */
export interface Baseline {
  readonly rttMs?: number;
  readonly jitterMs?: number;
  /** Minutes that went in. */
  readonly minutes: number;
  /** Round-trip time by hour of the week (0: Sunday midnight, local), as text keys of a sparse map, with its minutes. */
  readonly hours: Readonly<Record<string, { readonly rttMs: number; readonly minutes: number }>>;
}

export const noBaseline: Baseline = { minutes: 0, hours: {} };

/** Until then each minute counts as much as all before. */
const learning = 20;
const hourKnown = 60;

/** One more minute in which all was well. */
export function addMinute(baseline: Baseline, { rttMs, jitterMs }: Quality, hourOfWeek: number): Baseline {
  if (rttMs === undefined) return baseline;
  const minutes = baseline.minutes + 1;
  const weight = Math.max(1 / minutes, 1 / (10 * learning));
  const key = String(hourOfWeek);
  const hour = baseline.hours[key] ?? { rttMs, minutes: 0 };
  const hourWeight = Math.max(1 / (hour.minutes + 1), 1 / (3 * hourKnown));
  const mixed = mix(baseline.jitterMs, jitterMs, weight);
  return {
    minutes,
    rttMs: mix(baseline.rttMs, rttMs, weight) ?? rttMs,
    ...(mixed === undefined ? {} : { jitterMs: mixed }),
    hours: {
      ...baseline.hours,
      [key]: { rttMs: mix(hour.rttMs, rttMs, hourWeight) ?? rttMs, minutes: hour.minutes + 1 },
    },
  };
}

/** What is usual at this hour; `undefined` figures: not learnt yet. */
export function usualAt(
  baseline: Baseline,
  hourOfWeek: number,
): { readonly rttMs?: number; readonly jitterMs?: number } {
  const { rttMs, jitterMs, minutes } = baseline;
  if (rttMs === undefined || minutes < 2) return {};
  const hour = baseline.hours[String(hourOfWeek)];
  const usual = hour !== undefined && hour.minutes >= hourKnown ? Math.max(rttMs, hour.rttMs) : rttMs;
  return { rttMs: usual, ...(jitterMs === undefined ? {} : { jitterMs }) };
}

function mix(old: number | undefined, now: number | undefined, weight: number): number | undefined {
  if (old === undefined || now === undefined) return now ?? old;
  return old + (now - old) * weight;
}

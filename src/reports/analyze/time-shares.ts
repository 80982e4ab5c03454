import type { Timestamp } from "../../lib/clock.ts";
import type { HeatCell, TimeShares } from "./analysis.ts";

export type TimeState = "up" | "down" | "no_data";

/** Adds up how long it was so, on the whole and by local hour and weekday. */
export interface TimeCollector {
  /** From `from` to before `to`; where local time is ahead of UTC by `utcOffsetMs`. */
  addSpan(state: TimeState, span: { readonly from: Timestamp; readonly to: Timestamp }, utcOffsetMs: number): void;
  /** So long within the hour that begins at or before `at`. */
  addTime(state: TimeState, amount: { readonly at: Timestamp; readonly ms: number }, utcOffsetMs: number): void;
  shares(): TimeShares;
  heat(): readonly HeatCell[];
}

const hourMs = 3_600_000;
const dayHours = 24;
const weekHours = 168;

export function createTimeCollector(): TimeCollector {
  const up = new Float64Array(weekHours);
  const down = new Float64Array(weekHours);
  let [upMs, downMs, noDataMs] = [0, 0, 0];

  const addTime: TimeCollector["addTime"] = (state, { at, ms }, utcOffsetMs) => {
    const cell = cellOf(at + utcOffsetMs);
    if (state === "up") {
      upMs += ms;
      up[cell] = (up[cell] ?? 0) + ms;
    } else if (state === "down") {
      downMs += ms;
      down[cell] = (down[cell] ?? 0) + ms;
    } else noDataMs += ms;
  };

  return {
    addTime,
    addSpan: (state, { from, to }, utcOffsetMs) => {
      // A pause may last years: only its length counts.
      if (state === "no_data") {
        noDataMs += to - from;
        return;
      }
      let at = from;
      while (at < to) {
        const hourEnd = (Math.floor((at + utcOffsetMs) / hourMs) + 1) * hourMs - utcOffsetMs;
        const end = Math.min(to, hourEnd);
        addTime(state, { at, ms: end - at }, utcOffsetMs);
        at = end;
      }
    },
    shares: () => ({ upMs, downMs, noDataMs }),
    heat: () =>
      Array.from(up, (ms, cell) => ({
        weekday: Math.floor(cell / dayHours),
        hour: cell % dayHours,
        upMs: ms,
        downMs: down[cell] ?? 0,
      })),
  };
}

/** Monday 0 o'clock is 0. The first of January 1970 was a Thursday. */
function cellOf(local: number): number {
  const hours = Math.floor(local / hourMs) + 3 * dayHours;
  return ((hours % weekHours) + weekHours) % weekHours;
}

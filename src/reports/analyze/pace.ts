/** How far apart rows usually are, and from when on there is a gap between two. */
export interface Pace {
  /** Takes the time from one row to the next in; true when nobody looked for a part of it. `extraMs`: it may take so much longer. */
  isGap(intervalMs: number, extraMs: number): boolean;
  /** The usual time between two rows, for a row that none follows. */
  usualMs(): number;
}

/** Odd, so that there is a middle one. Few, so that another pace is soon the usual one. */
const remembered = 15;
const lookedAtEvery = 60;
/** Before a pace shows: the older tool was run every five minutes at the least. */
const unknownLimitMs = 900_000;
const unknownUsualMs = 20_000;
const times = 3;
const leastSlackMs = 60_000;

/** The usual interval is the median of the last fifteen: no pause, however long, changes it. */
export function createPace(): Pace {
  const last = new Float64Array(remembered);
  let count = 0;
  let median = 0;
  const usual = () => {
    const known = last.slice(0, Math.min(count, remembered)).sort();
    return known[Math.floor((known.length - 1) / 2)] ?? 0;
  };
  return {
    isGap: (intervalMs, extraMs) => {
      last[count % remembered] = intervalMs;
      count += 1;
      if (count <= 3 || count % lookedAtEvery === 0) median = usual();
      if (count < 3) return intervalMs > unknownLimitMs + extraMs;
      if (intervalMs <= median * times) return false;
      median = usual();
      return intervalMs > Math.max(median * times, median + leastSlackMs) + extraMs;
    },
    usualMs: () => (count === 0 ? unknownUsualMs : Math.min(median, unknownLimitMs)),
  };
}

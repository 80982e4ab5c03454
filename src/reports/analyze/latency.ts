import type { Timestamp } from "../../lib/clock.ts";
import type { LatencyFigures, LatencyPoint } from "./analysis.ts";

/** Collects round-trip times in constant memory. */
export interface LatencyCollector {
  add(at: Timestamp, ms: number): void;
  /** `undefined`: there was none. */
  figures(): LatencyFigures | undefined;
  /** At most 480 points in the order of time. */
  points(): readonly LatencyPoint[];
}

/** So many are kept as they are; beyond that, in classes of 1 %. */
const exactValues = 4_096;
const least = 0.01;
const growth = 1.01;
const classes = 1_600;
const mostPoints = 480;
const firstStepMs = 60_000;

export function createLatency(): LatencyCollector {
  const exact = new Float64Array(exactValues);
  const counts = new Float64Array(classes);
  const perStep = 1 / Math.log(growth);
  const series = createSeries();
  let [count, sum, min, max] = [0, 0, Number.POSITIVE_INFINITY, 0];

  const percentile = (share: number): number => {
    const rank = Math.max(1, Math.ceil(share * count));
    if (count <= exactValues) return exact.slice(0, count).sort()[rank - 1] ?? 0;
    let seen = 0;
    const found = counts.findIndex((n) => {
      seen += n;
      return seen >= rank;
    });
    return Math.min(max, Math.max(min, least * growth ** (found + 0.5)));
  };

  return {
    add: (at, ms) => {
      if (count < exactValues) exact[count] = ms;
      const place = ms <= least ? 0 : Math.min(classes - 1, Math.floor(Math.log(ms / least) * perStep));
      counts[place] = (counts[place] ?? 0) + 1;
      count += 1;
      sum += ms;
      if (ms < min) min = ms;
      if (ms > max) max = ms;
      series.add(at, ms);
    },
    figures: () =>
      count === 0
        ? undefined
        : {
            count,
            minMs: min,
            meanMs: sum / count,
            p50Ms: percentile(0.5),
            p95Ms: percentile(0.95),
            maxMs: max,
          },
    points: series.points,
  };
}

interface Cell {
  count: number;
  sum: number;
  max: number;
}

/** The chart: when it would get too many points, two become one, and so the time of each doubles. */
function createSeries() {
  let cells = new Map<number, Cell>();
  let stepMs = firstStepMs;
  let index = Number.NaN;
  let cell: Cell = { count: 0, sum: 0, max: 0 };
  const widen = () => {
    stepMs *= 2;
    const wider = new Map<number, Cell>();
    for (const [old, { count, sum, max }] of cells) {
      const other = wider.get(Math.floor(old / 2)) ?? { count: 0, sum: 0, max: 0 };
      wider.set(Math.floor(old / 2), {
        count: other.count + count,
        sum: other.sum + sum,
        max: Math.max(other.max, max),
      });
    }
    cells = wider;
  };
  const find = (at: Timestamp): Cell => {
    const found = cells.get(Math.floor(at / stepMs));
    if (found !== undefined) return found;
    while (cells.size >= mostPoints) widen();
    const fresh = cells.get(Math.floor(at / stepMs)) ?? { count: 0, sum: 0, max: 0 };
    cells.set(Math.floor(at / stepMs), fresh);
    return fresh;
  };
  return {
    add: (at: Timestamp, ms: number) => {
      const wanted = Math.floor(at / stepMs);
      if (wanted !== index) {
        cell = find(at);
        index = Math.floor(at / stepMs);
      }
      cell.count += 1;
      cell.sum += ms;
      if (ms > cell.max) cell.max = ms;
    },
    points: (): readonly LatencyPoint[] =>
      [...cells]
        .sort(([a], [b]) => a - b)
        .map(([place, { count, sum, max }]) => ({ at: place * stepMs, meanMs: sum / count, maxMs: max })),
  };
}

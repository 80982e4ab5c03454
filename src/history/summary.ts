/** Samples put together. Times in ms; the fields after `ok` are absent when none was answered. */
export interface SampleSummary {
  readonly count: number;
  readonly ok: number;
  readonly minMs?: number;
  readonly meanMs?: number;
  /** The smallest time that 95 % of the answers did not exceed. */
  readonly p95Ms?: number;
  readonly maxMs?: number;
  /** The mean step between one answer's time and the next one's; absent with fewer than two. */
  readonly jitterMs?: number;
}

/** Takes samples in the order of time and sums them up. */
export interface Tally {
  add(ok: boolean, rttMs: number | undefined): void;
  summary(): SampleSummary;
}

/** A tally of nothing yet. An answer without a time counts as answered only. */
export function createTally(): Tally {
  const times: number[] = [];
  let count = 0;
  let ok = 0;
  let sum = 0;
  let steps = 0;
  return {
    add: (answered, rttMs) => {
      count += 1;
      if (!answered) return;
      ok += 1;
      if (rttMs === undefined) return;
      const previous = times.at(-1);
      if (previous !== undefined) steps += Math.abs(rttMs - previous);
      sum += rttMs;
      times.push(rttMs);
    },
    summary: () => {
      const sorted = Float64Array.from(times).sort();
      const [minMs, p95Ms, maxMs] = [sorted[0], sorted[Math.ceil(0.95 * sorted.length) - 1], sorted.at(-1)];
      if (minMs === undefined || p95Ms === undefined || maxMs === undefined) return { count, ok };
      // Rounding must not push the mean out of the range it lies in.
      const meanMs = Math.min(maxMs, Math.max(minMs, sum / sorted.length));
      const jitterMs = sorted.length > 1 ? { jitterMs: steps / (sorted.length - 1) } : {};
      return { count, ok, minMs, meanMs, p95Ms, maxMs, ...jitterMs };
    },
  };
}

interface Timed extends SampleSummary {
  readonly minMs: number;
  readonly meanMs: number;
  readonly p95Ms: number;
  readonly maxMs: number;
}

/** Several summaries as one. All is exact but p95 (estimated, see `percentile95`) and jitter (steps between parts are unseen). */
export function mergeSummaries(parts: readonly SampleSummary[]): SampleSummary {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const ok = parts.reduce((sum, part) => sum + part.ok, 0);
  const timed = parts.filter(isTimed);
  if (timed.length === 0) return { count, ok };
  const minMs = timed.reduce((least, part) => Math.min(least, part.minMs), Number.POSITIVE_INFINITY);
  const maxMs = timed.reduce((most, part) => Math.max(most, part.maxMs), 0);
  const mean = weighted(timed.map((part) => [part.meanMs, part.ok]));
  const jitters = timed.flatMap(({ jitterMs, ok: n }) => (jitterMs === undefined ? [] : [[jitterMs, n - 1] as const]));
  return {
    count,
    ok,
    minMs,
    meanMs: Math.min(maxMs, Math.max(minMs, mean)),
    p95Ms: percentile95(timed),
    maxMs,
    ...(jitters.length > 0 && { jitterMs: weighted(jitters) }),
  };
}

function isTimed(part: SampleSummary): part is Timed {
  return part.maxMs !== undefined;
}

function weighted(values: readonly (readonly [value: number, weight: number])[]): number {
  const weight = values.reduce((sum, [, each]) => sum + each, 0);
  return values.reduce((sum, [value, each]) => sum + value * (each / weight), 0);
}

/**
 * Each part is taken as spread evenly from its minimum to its p95 and from there to its maximum; the answer is where 95 % of
 * all lie below. It is within the parts' p95s: a mean of them would hide the one bad quarter of an hour.
 */
function percentile95(parts: readonly Timed[]): number {
  const total = parts.reduce((sum, part) => sum + part.ok, 0);
  const below = (x: number) => parts.reduce((sum, part) => sum + part.ok * share(part, x), 0) / total;
  let low = parts.reduce((least, part) => Math.min(least, part.p95Ms), Number.POSITIVE_INFINITY);
  let high = parts.reduce((most, part) => Math.max(most, part.p95Ms), 0);
  for (let round = 0; round < 30 && high - low > 1e-3; round += 1) {
    const middle = (low + high) / 2;
    if (below(middle) < 0.95) low = middle;
    else high = middle;
  }
  return high;
}

function share(part: Timed, x: number): number {
  if (x < part.minMs) return 0;
  if (x >= part.maxMs) return 1;
  if (x < part.p95Ms) return (0.95 * (x - part.minMs)) / (part.p95Ms - part.minMs);
  return 0.95 + (0.05 * (x - part.p95Ms)) / (part.maxMs - part.p95Ms);
}

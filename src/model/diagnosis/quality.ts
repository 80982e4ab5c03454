import type { Timestamp } from "../../lib/clock.ts";
import type { Bucket } from "../check-state.ts";
import type { Quality } from "../view.ts";

const windowMs = 60_000;
const fewest = 3;

/** Loss, round-trip time, jitter and MOS of the last 60 s (to ten seconds). */
export function qualityOf(buckets: readonly Bucket[], at: Timestamp): Quality {
  let sent = 0;
  let answered = 0;
  let sumMs = 0;
  let changesMs = 0;
  for (const bucket of buckets) {
    if (bucket.from < at - windowMs) continue;
    sent += bucket.sent;
    answered += bucket.answered;
    sumMs += bucket.sumMs;
    changesMs += bucket.changesMs;
  }
  if (sent < fewest) return {};
  const lossPercent = ((sent - answered) / sent) * 100;
  if (answered < 2) return { lossPercent };
  const rttMs = sumMs / answered;
  const jitterMs = changesMs / (answered - 1);
  return { rttMs, jitterMs, lossPercent, mos: meanOpinionScore({ rttMs, jitterMs, lossPercent }) };
}

/** The middle of several qualities, figure by figure. */
export function medianQuality(all: readonly Quality[]): Quality {
  const figures = ["rttMs", "jitterMs", "lossPercent", "mos"] as const;
  const medians = figures.map((figure) => [figure, median(all.flatMap((one) => one[figure] ?? []))] as const);
  return Object.fromEntries(medians.filter(([, value]) => value !== undefined));
}

/** Simplified E-model: the effective latency counts jitter twice and 10 ms for codecs; R is held within 0 to 100. */
export function meanOpinionScore(quality: { rttMs: number; jitterMs: number; lossPercent: number }): number {
  const latency = quality.rttMs + 2 * quality.jitterMs + 10;
  const delayed = latency < 160 ? 93.2 - latency / 40 : 93.2 - (latency - 120) / 10;
  const r = Math.min(100, Math.max(0, delayed - 2.5 * quality.lossPercent));
  return 1 + 0.035 * r + 7e-6 * r * (r - 60) * (100 - r);
}

function median(values: number[]): number | undefined {
  if (values.length === 0) return undefined;
  values.sort((a, b) => a - b);
  const middle = Math.floor(values.length / 2);
  const upper = values[middle] ?? 0;
  return values.length % 2 === 1 ? upper : ((values[middle - 1] ?? 0) + upper) / 2;
}

import type { Timestamp } from "../../lib/clock.ts";
import { type Analysis, analysisRules } from "./analysis.ts";
import type { Span } from "./covered.ts";
import type { LatencyCollector } from "./latency.ts";
import { createLongest, type OutageCollector } from "./outages.ts";
import type { TimeCollector } from "./time-shares.ts";

/** What a report is put together from. `spans`: the times of which there are data, in order, each with its own pauses inside. */
export interface Collected {
  readonly source: Analysis["source"];
  readonly asked: { readonly from?: Timestamp | undefined; readonly to?: Timestamp | undefined };
  readonly utcOffsetMs: number;
  readonly spans: readonly Span[];
  readonly pauses: GapCollector;
  readonly times: TimeCollector;
  readonly outages: ReturnType<OutageCollector["summary"]>;
  readonly latency: LatencyCollector;
  readonly extra: Partial<Pick<Analysis, "isp" | "oldRules" | "raw" | "checks">> & {
    readonly notes: readonly string[];
  };
}

export interface GapCollector {
  add(gap: Span): void;
  count(): number;
  items(): Span[];
}

/** A pause that is shorter than this is no line in the list. */
const shortestGapMs = 1_000;
const mostGaps = 1_000;

/** Keeps the longest pauses. */
export function createGapCollector(): GapCollector {
  return createLongest<Span>(mostGaps, (gap) => gap.to - gap.from);
}

/** The report of what was collected. */
export function assemble(collected: Collected): Analysis {
  const { source, asked, utcOffsetMs, spans, times, outages, latency, extra } = collected;
  const first = spans[0]?.from ?? 0;
  const last = spans.reduce((end, span) => Math.max(end, span.to), first);
  const from = asked.from ?? first;
  const to = Math.max(from, asked.to ?? last);
  const { upMs, downMs } = times.shares();
  const measuredMs = upMs + downMs;
  const noDataMs = Math.max(0, to - from - measuredMs);
  const gaps = withGapsBetween(collected.pauses, spans, { from, to });
  const figures = latency.figures();
  const cut = outages.outageCount - outages.outages.length;
  const notes = [
    ...extra.notes,
    ...(cut > 0 ? [`the ${cut} shortest outages are counted but not listed`] : []),
    ...(gaps.count() > mostGaps ? ["the shortest times without data are counted but not listed"] : []),
  ];
  return {
    rules: analysisRules,
    source,
    from,
    to,
    utcOffsetMs,
    availability: {
      upMs,
      downMs,
      noDataMs,
      ...(measuredMs > 0 && { percent: (upMs / measuredMs) * 100 }),
      noDataPercent: to > from ? (noDataMs / (to - from)) * 100 : 0,
    },
    ...outages,
    ...(outages.outageCount > 0 && { meanUpMs: upMs / outages.outageCount }),
    ...(figures !== undefined && { gateway: figures }),
    latency: latency.points(),
    heat: times.heat(),
    gaps: gaps.items().sort((a, b) => a.from - b.from),
    gapCount: gaps.count(),
    checks: [],
    ...extra,
    notes,
  };
}

function withGapsBetween(gaps: GapCollector, spans: readonly Span[], { from, to }: Span): GapCollector {
  let at = from;
  for (const span of [...spans, { from: to, to }]) {
    const end = Math.min(span.from, to);
    if (end - at >= shortestGapMs) gaps.add({ from: at, to: end });
    at = Math.max(at, span.to);
  }
  return gaps;
}

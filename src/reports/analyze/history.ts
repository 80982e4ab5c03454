import type { AnalysisRecords, MeasuredTime } from "../../history/read-analysis.ts";
import type { SampleSummary } from "../../history/summary.ts";
import { mergeSummaries } from "../../history/summary.ts";
import { isoTime, type Timestamp, utcOffset } from "../../lib/clock.ts";
import type { Outage } from "../../model/view.ts";
import type { Analysis, AnalyzedOutage, LatencyFigures, LatencyPoint } from "./analysis.ts";
import { assemble, createGapCollector } from "./assemble.ts";
import type { Span } from "./covered.ts";
import type { LatencyCollector } from "./latency.ts";
import { createOutageCollector } from "./outages.ts";
import { createTimeCollector, type TimeCollector } from "./time-shares.ts";

/** Of what usually was measured in that time; a little less is no pause: a burst or a new interval changes it too. */
const wholeShare = 0.8;
/** Below, the whole time is shown as without data. */
const emptyShare = 0.5;
/** How many neighbours on each side tell what is usual. */
const neighbours = 12;
/** Between two samples nothing was missed. */
const edgeMs = 30_000;
const mostPoints = 480;

/** Makes a report of our own history. Outages are as recorded, with their starts and ends back-dated. */
export function analyzeHistory(records: AnalysisRecords, name: string): Analysis {
  const { from, to, stepMs } = records;
  const times = createTimeCollector();
  const outages = createOutageCollector();
  const real = records.outages.filter(({ severity }) => severity === "outage");
  for (const outage of real) outages.add(toAnalyzed(outage, { from, to }));
  const down = merge(real.map(({ started, ended = to }) => clip({ from: started, to: ended }, { from, to })));
  for (const span of down) times.addSpan("down", span, utcOffset(span.from));
  const seen = merge([...addUp(records, { times, down }), ...down].sort((a, b) => a.from - b.from));
  const raw = records.raw.map(({ at, check, ok, rttMs }) => [
    isoTime(at),
    check,
    ok ? "ok" : "lost",
    rttMs?.toFixed(2) ?? "",
  ]);
  return assemble({
    source: { kind: "history", names: [name] },
    asked: { from, to },
    utcOffsetMs: utcOffset(from),
    spans: seen,
    pauses: createGapCollector(),
    times,
    outages: outages.summary(),
    latency: latencyOf(records, stepMs),
    extra: {
      notes: [],
      checks: records.checks.map(({ check, count, ok, meanMs, maxMs }) => ({
        check,
        count,
        okPercent: count === 0 ? 0 : (ok / count) * 100,
        ...(meanMs !== undefined && { meanMs }),
        ...(maxMs !== undefined && { maxMs }),
      })),
      ...(raw.length > 0 && {
        raw: { columns: ["time", "check", "result", "round_trip_ms"], rows: raw, total: records.rawTotal },
      }),
    },
  });
}

function toAnalyzed(outage: Outage, period: Span): AnalyzedOutage {
  const { verdict, blame, confidence, place } = outage;
  const { from: started, to: ended } = clip({ from: outage.started, to: outage.ended ?? period.to }, period);
  return {
    started,
    ended,
    durationMs: ended - started,
    startSeen: outage.started >= period.from,
    endSeen: outage.ended !== undefined && outage.ended <= period.to,
    verdict,
    blame,
    confidence,
    place,
    evidence: outage.evidence.map(({ layer, result, detail }) => `${layer}: ${result.replace("_", " ")}, ${detail}`),
    utcOffsetMs: utcOffset(started),
  };
}

/** Counts what was measured and was no outage as up; gives the times that were measured. */
function addUp(
  { measured, from, to, stepMs }: AnalysisRecords,
  { times, down }: { readonly times: TimeCollector; readonly down: readonly Span[] },
): readonly Span[] {
  const usual = usualCounts(measured);
  let next = 0;
  return measured.flatMap((each, index) => {
    const step = clip(seenIn(each, stepMs), { from, to });
    const length = step.to - step.from;
    if (length <= 0) return [];
    while (next < down.length && (down[next]?.to ?? 0) <= step.from) next += 1;
    let downMs = 0;
    for (let other = next; other < down.length && (down[other]?.from ?? 0) < step.to; other += 1) {
      const part = clip(down[other] ?? step, step);
      downMs += Math.max(0, part.to - part.from);
    }
    const share = shareOf(each.count, ((usual[index] ?? 0) * length) / stepMs);
    const upMs = Math.min(length - downMs, Math.max(0, length * share - downMs));
    if (upMs > 0) times.addTime("up", { at: step.from, ms: upMs }, utcOffset(step.from));
    return share >= emptyShare ? [step] : [];
  });
}

/** The part of a step that was looked at: where the samples themselves are left, it is known when they began and ended. */
function seenIn({ at, first = at, last }: MeasuredTime, stepMs: number): Span {
  const end = at + stepMs;
  return { from: first - at <= edgeMs ? at : first, to: last === undefined || end - last <= edgeMs ? end : last };
}

/** How often is usual around each time: the middle one of its neighbours. */
function usualCounts(measured: readonly MeasuredTime[]): readonly number[] {
  return measured.map((_, index) => {
    const around = measured.slice(Math.max(0, index - neighbours), index + neighbours + 1).map(({ count }) => count);
    return around.sort((a, b) => a - b)[Math.floor(around.length / 2)] ?? 0;
  });
}

function shareOf(count: number, expected: number): number {
  const share = expected === 0 ? 0 : count / expected;
  return share >= wholeShare ? 1 : share;
}

/** The figures of the gateway's round-trip times; the middle one and the 95th percentile are estimated from the summaries. */
function latencyOf({ gateway }: AnalysisRecords, stepMs: number): LatencyCollector {
  const timed = gateway.filter(({ meanMs }) => meanMs !== undefined);
  return {
    add: () => {},
    figures: () => figuresOf(timed),
    points: () => pointsOf(timed, stepMs),
  };
}

function figuresOf(timed: readonly SampleSummary[]): LatencyFigures | undefined {
  const { ok, minMs, meanMs, p95Ms, maxMs } = mergeSummaries(timed);
  if (minMs === undefined || meanMs === undefined || p95Ms === undefined || maxMs === undefined) return undefined;
  const means = timed.map((each) => ({ ms: each.meanMs ?? 0, ok: each.ok })).sort((a, b) => a.ms - b.ms);
  let seen = 0;
  const middle = means.find((each) => {
    seen += each.ok;
    return seen * 2 >= ok;
  });
  return { count: ok, minMs, meanMs, p50Ms: middle?.ms ?? meanMs, p95Ms, maxMs };
}

function pointsOf(timed: AnalysisRecords["gateway"], stepMs: number): readonly LatencyPoint[] {
  const first = timed[0]?.at ?? 0;
  const last = timed.at(-1)?.at ?? 0;
  const wide = Math.ceil((last - first + stepMs) / stepMs / mostPoints) * stepMs;
  const groups = Map.groupBy(timed, ({ at }) => Math.floor((at - first) / wide));
  return [...groups].map(([place, parts]) => {
    const { meanMs = 0, maxMs = 0 } = mergeSummaries(parts);
    return { at: first + place * wide, meanMs, maxMs };
  });
}

function clip(span: Span, { from, to }: Span): Span {
  return { from: Math.max(span.from, from), to: Math.max(Math.max(span.from, from), Math.min(span.to, to)) };
}

/** Spans in the order of their start as spans that do not touch. */
function merge(spans: readonly Span[]): readonly Span[] {
  const found: { from: Timestamp; to: Timestamp }[] = [];
  for (const { from, to } of spans) {
    const last = found.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else if (to > from) found.push({ from, to });
  }
  return found;
}

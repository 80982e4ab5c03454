import type { Blame, Verdict } from "../../model/diagnosis/verdicts.ts";
import type { AnalyzedOutage, OutageGroup } from "./analysis.ts";

/** Collects outages: all count, the longest ones are listed. */
export interface OutageCollector {
  add(outage: AnalyzedOutage): void;
  summary(): {
    readonly outages: readonly AnalyzedOutage[];
    readonly outageCount: number;
    readonly longest?: AnalyzedOutage;
    readonly shortest?: AnalyzedOutage;
    readonly causes: readonly OutageGroup<Verdict>[];
    readonly blames: readonly OutageGroup<Blame>[];
  };
}

/** A report that lists more is read by nobody, and a log that flaps must not fill the memory. */
export const mostOutages = 2_000;

export function createOutageCollector(): OutageCollector {
  const listed = createLongest<AnalyzedOutage>(mostOutages, ({ durationMs }) => durationMs);
  const causes = new Map<Verdict, OutageGroup<Verdict>>();
  const blames = new Map<Blame, OutageGroup<Blame>>();
  let longest: AnalyzedOutage | undefined;
  let shortest: AnalyzedOutage | undefined;
  return {
    add: (outage) => {
      listed.add(outage);
      count(causes, outage.verdict, outage.durationMs);
      count(blames, outage.blame, outage.durationMs);
      if (longest === undefined || outage.durationMs > longest.durationMs) longest = outage;
      // How long one was whose start or end nobody saw is not known.
      const isWhole = outage.startSeen && outage.endSeen;
      if (isWhole && (shortest === undefined || outage.durationMs < shortest.durationMs)) shortest = outage;
    },
    summary: () => ({
      outages: listed.items().sort((a, b) => a.started - b.started),
      outageCount: listed.count(),
      ...(longest !== undefined && { longest }),
      ...(shortest !== undefined && { shortest }),
      causes: [...causes.values()].sort(byTime),
      blames: [...blames.values()].sort(byTime),
    }),
  };
}

/** Keeps the so many largest of all that are added. */
export function createLongest<T>(most: number, sizeOf: (item: T) => number) {
  let kept: T[] = [];
  let count = 0;
  const trim = () => {
    if (kept.length > most) kept = kept.sort((a, b) => sizeOf(b) - sizeOf(a)).slice(0, most);
  };
  return {
    add: (item: T) => {
      kept.push(item);
      count += 1;
      if (kept.length >= 2 * most) trim();
    },
    count: () => count,
    items: (): T[] => {
      trim();
      return [...kept];
    },
  };
}

function count<Name extends string>(groups: Map<Name, OutageGroup<Name>>, name: Name, ms: number): void {
  const { outages, downMs } = groups.get(name) ?? { outages: 0, downMs: 0 };
  groups.set(name, { name, outages: outages + 1, downMs: downMs + ms });
}

function byTime(a: OutageGroup, b: OutageGroup): number {
  return b.downMs - a.downMs || b.outages - a.outages || a.name.localeCompare(b.name, "en");
}

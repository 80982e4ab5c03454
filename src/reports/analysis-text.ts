import { oneLine } from "../lib/one-line.ts";
import { duration, meanings } from "../model/words.ts";
import {
  blameWords,
  causeOf,
  lengthOf,
  localStamp,
  type Maker,
  methodOf,
  milliseconds,
  oldRulesLines,
  percent,
  summaryOf,
  tellingOf,
  weekdays,
  zone,
} from "./analysis-words.ts";
import type { Analysis, HeatCell } from "./analyze/analysis.ts";

const outagesShown = 50;
const barWidth = 40;

interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

/** The report for a terminal. */
export function analysisText(analysis: Analysis, maker: Maker): string {
  const { from, to, utcOffsetMs, source, notes } = analysis;
  const head = [
    "Outage report",
    `${localStamp(from, utcOffsetMs)} to ${localStamp(to, utcOffsetMs)} (${zone(utcOffsetMs)}), from ${source.names.map((name) => oneLine(name)).join(", ")}`,
    "",
    summaryOf(analysis),
  ];
  const sections: readonly Section[] = [
    { title: "Availability by time", lines: availability(analysis) },
    { title: "Outages", lines: outages(analysis) },
    { title: "Causes", lines: groups(analysis.causes, (name) => meanings[name]) },
    { title: "Whose matter", lines: groups(analysis.blames, (name) => blameWords[name]) },
    { title: "Latency of the router", lines: gateway(analysis) },
    { title: "Down time by the hour", lines: hours(analysis.heat) },
    { title: "Worst hours of the week", lines: worst(analysis.heat) },
    { title: "The provider's hops", lines: isp(analysis) },
    {
      title: "Against the older tool's rules",
      lines: analysis.oldRules === undefined ? [] : oldRulesLines(analysis.oldRules, analysis),
    },
    { title: "What was left out", lines: notes },
    { title: "Method", lines: methodOf(analysis, maker) },
  ];
  const body = sections
    .filter(({ lines }) => lines.length > 0)
    .flatMap(({ title, lines }) => ["", title, "-".repeat(title.length), ...lines]);
  return `${[...head, ...body].join("\n")}\n`;
}

function availability({
  availability: shares,
  outageCount,
  longest,
  shortest,
  meanUpMs,
  gapCount,
}: Analysis): readonly string[] {
  return [
    `up       ${duration(shares.upMs)}${shares.percent === undefined ? "" : `, ${percent(shares.percent)} of the measured time`}`,
    `down     ${duration(shares.downMs)}, ${outageCount} outages`,
    `no data  ${duration(shares.noDataMs)}, ${percent(shares.noDataPercent)} of the whole time, ${gapCount} times`,
    ...(longest === undefined ? [] : [`longest outage ${lengthOf(longest)}`]),
    ...(shortest === undefined ? [] : [`shortest outage ${lengthOf(shortest)}`]),
    ...(meanUpMs === undefined ? [] : [`up between two outages ${duration(meanUpMs)} on the average`]),
  ];
}

function outages({ outages: all, outageCount }: Analysis): readonly string[] {
  const shown = all.slice(-outagesShown);
  const lines = shown.map((outage) => {
    const when = `${localStamp(outage.started, outage.utcOffsetMs)}  ${localStamp(outage.ended, outage.utcOffsetMs).slice(11)}`;
    return `${when}  ${lengthOf(outage).padStart(12)}  ${causeOf(outage)} [${tellingOf(outage)}]`;
  });
  return outageCount > shown.length ? [`the newest ${shown.length} of ${outageCount}:`, ...lines] : lines;
}

function groups<Name extends string>(
  all: readonly { readonly name: Name; readonly outages: number; readonly downMs: number }[],
  wordsOf: (name: Name) => string,
): readonly string[] {
  return all.map(
    ({ name, outages: count, downMs }) =>
      `${duration(downMs).padStart(12)}  ${String(count).padStart(5)} ×  ${wordsOf(name)}`,
  );
}

function gateway({ gateway: figures }: Analysis): readonly string[] {
  if (figures === undefined) return [];
  const { meanMs, p50Ms, p95Ms, minMs, maxMs, count } = figures;
  return [
    `mean ${milliseconds(meanMs)}, half below ${milliseconds(p50Ms)}, 95 % below ${milliseconds(p95Ms)}, from ${milliseconds(minMs)} to ${milliseconds(maxMs)}, ${count} answers`,
  ];
}

function hours(heat: readonly HeatCell[]): readonly string[] {
  const sums = Array.from({ length: 24 }, (_, hour) =>
    heat.filter((cell) => cell.hour === hour).reduce((sum, { downMs }) => sum + downMs, 0),
  );
  const most = Math.max(...sums);
  if (most === 0) return [];
  return sums.map((ms, hour) => {
    const bar = "#".repeat(ms === 0 ? 0 : Math.max(1, Math.round((ms / most) * barWidth)));
    return `${String(hour).padStart(2, "0")}  ${duration(ms).padStart(10)}  ${bar}`.trimEnd();
  });
}

function worst(heat: readonly HeatCell[]): readonly string[] {
  const cells = heat.filter(({ downMs }) => downMs > 0).sort((a, b) => b.downMs - a.downMs);
  return cells
    .slice(0, 5)
    .map(
      ({ weekday, hour, downMs }) => `${weekdays[weekday]} ${String(hour).padStart(2, "0")}:00  ${duration(downMs)}`,
    );
}

function isp({ isp: impact }: Analysis): readonly string[] {
  if (impact === undefined) return [];
  const { rows, partialRows, downRows, outageRows, partialOutageRows, downOutageRows, hops } = impact;
  return [
    `in outages: all silent in ${downOutageRows} of ${outageRows} rows, some in ${partialOutageRows}`,
    `all the time: all silent in ${downRows} of ${rows} rows, some in ${partialRows}`,
    ...hops.map(({ address, okRows, downRows: down, downRowsInOutages }) => {
      return `${oneLine(address, 60)}: answered in ${okRows} rows, silent in ${down}, ${downRowsInOutages} of them in outages`;
    }),
  ];
}

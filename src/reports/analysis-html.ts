import { oneLine } from "../lib/one-line.ts";
import { duration, meanings } from "../model/words.ts";
import { heatTable, latencySvg, timelineSvg } from "./analysis-charts.ts";
import { analysisStyles } from "./analysis-styles.ts";
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
  zone,
} from "./analysis-words.ts";
import type { Analysis, AnalyzedOutage, OutageGroup } from "./analyze/analysis.ts";
import { escaped } from "./escaped.ts";

const outagesShown = 1_000;

/** The report as one page that needs nothing else: to print, or to hand to the provider. */
export function analysisHtml(analysis: Analysis, maker: Maker): string {
  const { from, to, utcOffsetMs, source } = analysis;
  const title = `Outage report ${localStamp(from, utcOffsetMs).slice(0, 10)} to ${localStamp(to, utcOffsetMs).slice(0, 10)}`;
  const period = `${localStamp(from, utcOffsetMs)} to ${localStamp(to, utcOffsetMs)} (${zone(utcOffsetMs)}), from ${source.names.map((name) => oneLine(name)).join(", ")}`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="generator" content="${escaped(`Netwarden ${maker.version}, report rules ${analysis.rules}`)}">
<title>${escaped(title)}</title>
<style>${analysisStyles}</style>
</head>
<body>
<h1>${escaped(title)}</h1>
<p>${escaped(period)}</p>
<p class="lead">${escaped(summaryOf(analysis))}</p>
${[
  section("Timeline", timelineSvg(analysis)),
  section("Availability by time", facts(analysis)),
  section(
    "Causes",
    groups(analysis.causes, (name) => meanings[name]),
  ),
  section(
    "Whose matter",
    groups(analysis.blames, (name) => blameWords[name]),
  ),
  section("Outages", outageTable(analysis)),
  section("Down time by weekday and hour, in minutes", analysis.outageCount === 0 ? "" : heatTable(analysis.heat)),
  section("Latency of the router", gateway(analysis)),
  section("The provider's hops", isp(analysis)),
  section("What was measured", checks(analysis)),
  section(
    "Against the older tool's rules",
    analysis.oldRules === undefined ? "" : list(oldRulesLines(analysis.oldRules, analysis)),
  ),
  section("What was left out", list(analysis.notes)),
  section("Method", list(methodOf(analysis, maker))),
  section("Appendix: raw data", appendix(analysis)),
].join("")}</body>
</html>
`;
}

function section(title: string, content: string): string {
  return content === "" ? "" : `<section>\n<h2>${escaped(title)}</h2>\n${content}\n</section>\n`;
}

function list(lines: readonly string[]): string {
  return lines.length === 0 ? "" : `<ul>\n${lines.map((line) => `<li>${escaped(line)}</li>`).join("\n")}\n</ul>`;
}

/** A table of texts; what comes in `<`…`>` is text too. */
function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (row: readonly string[]) => row.map((text) => `<td>${escaped(oneLine(text, 500))}</td>`).join("");
  const head = columns.map((name) => `<th scope="col">${escaped(oneLine(name, 100))}</th>`).join("");
  return `<div class="wide"><table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${rows.map((row) => `<tr>${cells(row)}</tr>`).join("\n")}\n</tbody>\n</table></div>`;
}

function facts({ availability, longest, shortest, meanUpMs, gapCount, outageCount }: Analysis): string {
  const share = availability.percent === undefined ? "" : `, ${percent(availability.percent)} of the measured time`;
  return table(
    ["", ""],
    [
      ["up", `${duration(availability.upMs)}${share}`],
      ["down", `${duration(availability.downMs)}, ${outageCount} outages`],
      [
        "no data",
        `${duration(availability.noDataMs)}, ${percent(availability.noDataPercent)} of the whole time, ${gapCount} times`,
      ],
      ...(longest === undefined ? [] : [["longest outage", lengthOf(longest)]]),
      ...(shortest === undefined ? [] : [["shortest outage", lengthOf(shortest)]]),
      ...(meanUpMs === undefined ? [] : [["up between two outages, on the average", duration(meanUpMs)]]),
    ],
  );
}

function groups<Name extends string>(all: readonly OutageGroup<Name>[], wordsOf: (name: Name) => string): string {
  if (all.length === 0) return "";
  return table(
    ["", "down", "outages"],
    all.map(({ name, downMs, outages }) => [`${wordsOf(name)} (${name})`, duration(downMs), String(outages)]),
  );
}

function outageTable({ outages, outageCount }: Analysis): string {
  if (outageCount === 0) return "<p>None.</p>";
  const shown = outages.slice(-outagesShown);
  const note = outageCount > shown.length ? `<p>The newest ${shown.length} of ${outageCount}.</p>\n` : "";
  const row = (outage: AnalyzedOutage) => [
    localStamp(outage.started, outage.utcOffsetMs),
    localStamp(outage.ended, outage.utcOffsetMs),
    lengthOf(outage),
    causeOf(outage),
    blameWords[outage.blame],
    tellingOf(outage),
    outage.evidence.join("; "),
  ];
  return note + table(["start", "end", "duration", "cause", "whose matter", "verdict", "evidence"], shown.map(row));
}

function gateway(analysis: Analysis): string {
  const { gateway: figures } = analysis;
  if (figures === undefined) return "";
  const { meanMs, p50Ms, p95Ms, minMs, maxMs, count } = figures;
  const columns = ["mean", "half below", "95 % below", "lowest", "highest", "answers"];
  return `${table(columns, [[...[meanMs, p50Ms, p95Ms, minMs, maxMs].map(milliseconds), String(count)]])}\n${latencySvg(analysis)}`;
}

function isp({ isp: impact }: Analysis): string {
  if (impact === undefined) return "";
  const { rows, partialRows, downRows, outageRows, partialOutageRows, downOutageRows, hops } = impact;
  const shares = table(
    ["", "rows", "all hops silent", "some silent"],
    [
      ["in outages", String(outageRows), String(downOutageRows), String(partialOutageRows)],
      ["all the time", String(rows), String(downRows), String(partialRows)],
    ],
  );
  if (hops.length === 0) return shares;
  const columns = ["hop", "answered, rows", "silent, rows", "silent in outages, rows"];
  return `${shares}\n${table(
    columns,
    hops.map((hop) => [hop.address, String(hop.okRows), String(hop.downRows), String(hop.downRowsInOutages)]),
  )}`;
}

function checks({ checks: all }: Analysis): string {
  if (all.length === 0) return "";
  return table(
    ["check", "probes", "answered", "mean", "highest"],
    all.map(({ check, count, okPercent, meanMs, maxMs }) => [
      check,
      String(count),
      percent(okPercent),
      meanMs === undefined ? "" : milliseconds(meanMs),
      maxMs === undefined ? "" : milliseconds(maxMs),
    ]),
  );
}

function appendix({ raw, source }: Analysis): string {
  if (raw === undefined) return "";
  const what = source.kind === "netlog" ? "rows of the log that are not OK" : "probes around the newest outages";
  const note =
    raw.rows.length < raw.total
      ? `${raw.rows.length} of ${raw.total} ${what}; the rest is in the log itself.`
      : `All ${raw.total} ${what}.`;
  return `<p>${escaped(note)}</p>\n${table(raw.columns, raw.rows)}`;
}

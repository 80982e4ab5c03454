import { duration } from "../model/words.ts";
import { causeOf, localStamp, milliseconds, weekdays } from "./analysis-words.ts";
import type { Analysis, HeatCell } from "./analyze/analysis.ts";
import { escaped } from "./escaped.ts";

const width = 1_000;
const stripHeight = 48;
const chartHeight = 180;
const leastBar = 1.5;

/** The whole time as a strip: up, down and without data, each outage with its time and cause as a tooltip. */
export function timelineSvg({ from, to, outages, gaps, utcOffsetMs, availability }: Analysis): string {
  const x = (at: number) => Math.min(width, Math.max(0, ((at - from) / Math.max(1, to - from)) * width));
  const bar = (kind: string, span: { readonly from: number; readonly to: number }, title: string) => {
    const left = x(span.from);
    const wide = Math.max(leastBar, x(span.to) - left);
    return `<rect class="${kind}" x="${left.toFixed(2)}" y="0" width="${wide.toFixed(2)}" height="${stripHeight}"><title>${escaped(title)}</title></rect>`;
  };
  const blind = gaps.map((gap) =>
    bar("none", gap, `no data from ${localStamp(gap.from, utcOffsetMs)}, ${duration(gap.to - gap.from)}`),
  );
  const down = outages.map((outage) => {
    const title = `${localStamp(outage.started, outage.utcOffsetMs)}, ${duration(outage.durationMs)}: ${causeOf(outage)}`;
    return bar("down", { from: outage.started, to: outage.ended }, title);
  });
  const label = `${outages.length} outages, ${duration(availability.downMs)} down, ${duration(availability.noDataMs)} without data`;
  return `<svg class="strip" viewBox="0 0 ${width} ${stripHeight}" preserveAspectRatio="none" role="img" aria-label="${escaped(label)}">
<rect class="up" x="0" y="0" width="${width}" height="${stripHeight}"/>
${[...blind, ...down].join("\n")}
</svg>
<p class="axis"><span>${localStamp(from, utcOffsetMs)}</span><span>${localStamp(to, utcOffsetMs)}</span></p>`;
}

/** Mean and highest round-trip time of the router; empty without at least two points. */
export function latencySvg({ latency, from, to, utcOffsetMs }: Analysis): string {
  if (latency.length < 2) return "";
  // One slow answer must not flatten all the rest.
  const sorted = latency.map(({ maxMs }) => maxMs).sort((a, b) => a - b);
  const top = Math.max(1, ...latency.map(({ meanMs }) => meanMs), sorted[Math.floor(sorted.length * 0.98)] ?? 1) * 1.1;
  const x = (at: number) => (((at - from) / Math.max(1, to - from)) * width).toFixed(1);
  const y = (ms: number) => (chartHeight - (Math.min(ms, top) / top) * chartHeight).toFixed(1);
  const line = (kind: string, msOf: (point: (typeof latency)[number]) => number) =>
    `<polyline class="${kind}" points="${latency.map((point) => `${x(point.at)},${y(msOf(point))}`).join(" ")}"/>`;
  return `<svg class="chart" viewBox="0 0 ${width} ${chartHeight}" preserveAspectRatio="none" role="img" aria-label="round-trip time of the router, up to ${escaped(milliseconds(top))}">
${line("most", ({ maxMs }) => maxMs)}
${line("mean", ({ meanMs }) => meanMs)}
</svg>
<p class="axis"><span>${localStamp(from, utcOffsetMs)}</span><span>0 to ${escaped(milliseconds(top))}: mean, and the highest (thin)</span><span>${localStamp(to, utcOffsetMs)}</span></p>`;
}

/** Down time by weekday and hour, with its minutes in the cells. */
export function heatTable(heat: readonly HeatCell[]): string {
  const most = Math.max(0, ...heat.map(({ downMs }) => downMs));
  const hours = Array.from({ length: 24 }, (_, hour) => hour);
  const cell = (weekday: number, hour: number) => {
    const { upMs = 0, downMs = 0 } = heat.find((each) => each.weekday === weekday && each.hour === hour) ?? {};
    if (upMs + downMs === 0) return '<td class="none" title="no data"></td>';
    const level = downMs === 0 ? 0 : Math.min(4, 1 + Math.floor((downMs / most) * 3.999));
    const minutes = downMs === 0 ? "" : downMs < 60_000 ? "&lt;1" : String(Math.round(downMs / 60_000));
    return `<td class="heat${level}" title="${escaped(`${weekdays[weekday]} ${hour}:00, ${duration(downMs)} down`)}">${minutes}</td>`;
  };
  const rows = weekdays.map(
    (name, weekday) => `<tr><th scope="row">${name}</th>${hours.map((hour) => cell(weekday, hour)).join("")}</tr>`,
  );
  return `<div class="wide"><table class="week">
<tr><th></th>${hours.map((hour) => `<th scope="col">${hour}</th>`).join("")}</tr>
${rows.join("\n")}
</table></div>`;
}

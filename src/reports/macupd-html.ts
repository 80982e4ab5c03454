import { escaped } from "./escaped.ts";
import type { MacupdLogs } from "./macupd-logs.ts";
import { cellsText, type MacupdRow } from "./macupd-row.ts";

interface Section {
  readonly title: string;
  readonly lines: readonly string[];
  /** Said where there is no line. */
  readonly nothing: string;
}

/** The report on macupd's logs as a page, with the older tool's sections. `written` is its local time, for people. */
export function macupdHtml(logs: MacupdLogs, written: string): string {
  const title = escaped(titleOf(written));
  const sections = sectionsOf(logs).map(
    ({ title: heading, lines, nothing }) =>
      `<h2>${escaped(heading)}</h2>\n<pre>\n${escaped(lines.length === 0 ? nothing : lines.join("\n"))}\n</pre>`,
  );
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>:root { color-scheme: light dark } body { font-family: sans-serif; margin: 1rem } pre { overflow-x: auto }</style>
</head>
<body>
<h1>${title}</h1>
${sections.join("\n")}
</body>
</html>
`;
}

/** The same report for a terminal. */
export function macupdText(logs: MacupdLogs, written: string): string {
  const sections = sectionsOf(logs).flatMap(({ title, lines, nothing }) => [
    "",
    title,
    "-".repeat(title.length),
    ...(lines.length === 0 ? [nothing] : lines),
  ]);
  return `${[titleOf(written), ...sections].join("\n")}\n`;
}

function titleOf(written: string): string {
  return `MACupdTracker Report - ${written}`;
}

function sectionsOf({ tracker, alerts, errors }: MacupdLogs): readonly Section[] {
  const byDevice = Map.groupBy(tracker, ({ mac, name }) => `${mac} ${name}`);
  const devices = [...byDevice.keys()].sort((a, b) => a.localeCompare(b, "en"));
  return [
    { title: "Collected MAC-addresses", lines: devices, nothing: "No MAC-addresses." },
    {
      title: "Activity Details",
      lines: devices.flatMap((device) => [device, ...(byDevice.get(device) ?? []).map((row) => `  ${activity(row)}`)]),
      nothing: "No activity details.",
    },
    { title: "Alerts", lines: alerts.map((row) => `${row.mac} ${row.name} ${activity(row)}`), nothing: "No alerts." },
    { title: "Errors", lines: errors, nothing: "No errors." },
  ];
}

function activity({ day, first, last, ip, iface, cells }: MacupdRow): string {
  const place = `${(ip || "-").padEnd(15)} ${(iface || "-").padEnd(5)}`;
  return `${day.replaceAll("-", "")} ${first} ${last} ${place} ${cellsText(cells)}`;
}

import { isoTime, type Timestamp, utcTime } from "../lib/clock.ts";
import { oneLine } from "../lib/one-line.ts";
import type { Blame } from "../model/diagnosis/verdicts.ts";
import { duration, meanings } from "../model/words.ts";
import type { Analysis, AnalyzedOutage, OldRules } from "./analyze/analysis.ts";

/** Who made a report, and when. */
export interface Maker {
  readonly version: string;
  readonly at: Timestamp;
}

/** Whose matter it is, for people. */
export const blameWords: Readonly<Record<Blame, string>> = {
  none: "nobody",
  self: "the monitor's own machine",
  lan: "the home network",
  wifi: "the Wi-Fi",
  router: "the router",
  modem: "the modem or the line into the house",
  isp: "the Internet provider",
  transit: "networks beyond the provider",
  dns: "name service (DNS)",
  account: "the account at the provider",
  remote: "the other side",
};

export const weekdays: readonly string[] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** `2026-01-15 13:00:00`, in the local time that was so much ahead of UTC. */
export function localStamp(at: Timestamp, utcOffsetMs: number): string {
  return utcTime(at + utcOffsetMs)
    .slice(0, 19)
    .replace("T", " ");
}

/** `UTC+01:00`. */
export function zone(utcOffsetMs: number): string {
  const minutes = Math.round(Math.abs(utcOffsetMs) / 60_000);
  const two = (value: number) => String(value).padStart(2, "0");
  return `UTC${utcOffsetMs < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** 99.98 %: never rounded up to 100 when something was lost. */
export function percent(value: number): string {
  const text = value.toFixed(value > 99.9 && value < 100 ? 3 : 2);
  return `${value < 100 && Number(text) === 100 ? "99.999" : text} %`;
}

export function milliseconds(value: number): string {
  return `${value.toFixed(value < 100 ? 2 : 0)} ms`;
}

/** The cause of an outage in a few words. */
export function causeOf(outage: AnalyzedOutage): string {
  const place = oneLine(outage.place, 100);
  return place === "" ? meanings[outage.verdict] : `${meanings[outage.verdict]} (${place})`;
}

/** How long it took, and when that is at least so long. */
export function lengthOf({ durationMs, startSeen, endSeen }: AnalyzedOutage): string {
  return `${startSeen && endSeen ? "" : "at least "}${duration(durationMs)}`;
}

/** What an outage was called, and by whom. */
export function tellingOf({ confidence, oldStatus, oldHint, verdict }: AnalyzedOutage): string {
  if (confidence !== undefined) return `${verdict}, confidence ${Math.round(confidence)} %`;
  const old = [oldStatus, oldHint].filter((word) => word !== undefined && word !== "").join(" / ");
  return old === "" ? verdict : `${verdict}, logged as ${old}`;
}

/** What came of it in one sentence. */
export function summaryOf({ availability, outageCount, from, to, longest }: Analysis): string {
  const share = availability.percent;
  if (share === undefined) return "Nothing was measured in this time.";
  const count = outageCount === 0 ? "no outage" : outageCount === 1 ? "1 outage" : `${outageCount} outages`;
  const down = outageCount === 0 ? "" : `, ${duration(availability.downMs)} in all`;
  const worst = longest === undefined || outageCount < 2 ? "" : `, the longest ${lengthOf(longest)}`;
  const blind =
    availability.noDataPercent >= 0.01 ? `; no data for ${percent(availability.noDataPercent)} of the time` : "";
  return `${percent(share)} available in ${duration(to - from)}: ${count}${down}${worst}${blind}.`;
}

/** How a report was made, so that a provider can judge it. */
export function methodOf({ source, rules }: Analysis, { version, at }: Maker): readonly string[] {
  const made = `Made by Netwarden ${version} (report rules ${rules}) at ${isoTime(at)}.`;
  const common = "Times without data count neither as up nor as down.";
  if (source.kind === "history")
    return [
      made,
      "Outages are those that the monitor recorded as they happened: each was confirmed by repeated probes of several layers, and its start and end are those of the first probe that was lost and the first that was answered again.",
      common,
    ];
  return [
    made,
    "Each row of the log holds until the next one. An outage begins with its first row and ends with the first row in which the Internet works again, so both are exact to one interval of the log. A pause of more than three usual intervals is no data, never an outage.",
    "A row in which a page could be fetched by its name is no outage, even if pings were not answered.",
    common,
  ];
}

/** What the older tool would have said, beside ours. */
export function oldRulesLines(old: OldRules, ours: Analysis): readonly string[] {
  const dismissed = old.dismissed.filter(({ rows }) => rows > 0);
  return [
    `by the old rules: ${old.outages} outages in ${old.outageRows} of ${old.rows} rows, ${duration(old.downMs)}, ${percent(old.availabilityPercent)} of the rows OK`,
    `by these rules: ${ours.outageCount} outages, ${duration(ours.availability.downMs)}`,
    ...dismissed.map(
      ({ verdict, rows, ms }) =>
        `no outage: ${rows} ${rows === 1 ? "row" : "rows"}, ${duration(ms)}: ${meanings[verdict].toLowerCase()}`,
    ),
  ];
}

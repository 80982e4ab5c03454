import { isoTime, type Timestamp, utcTime } from "../lib/clock.ts";
import { type Maker, summaryOf } from "./analysis-words.ts";
import type { Analysis } from "./analyze/analysis.ts";

/** Keys that hold times. */
const times: ReadonlySet<string> = new Set(["from", "to", "started", "ended", "at"]);

/** The report as JSON: keys in snake_case, times in ISO 8601 with the offset of the place, everything else as it is. */
export function analysisJson(analysis: Analysis, { version, at }: Maker): Readonly<Record<string, unknown>> {
  const told = convert(analysis, analysis.utcOffsetMs) as Readonly<Record<string, unknown>>;
  return { program: "netwarden", version, made: isoTime(at), summary: summaryOf(analysis), ...told };
}

function convert(value: unknown, utcOffsetMs: number): unknown {
  if (Array.isArray(value)) return value.map((each) => convert(each, utcOffsetMs));
  if (typeof value !== "object" || value === null) return value;
  const own = "utcOffsetMs" in value && typeof value.utcOffsetMs === "number" ? value.utcOffsetMs : utcOffsetMs;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      times.has(key) && typeof inner === "number" ? stamp(inner, own) : convert(inner, own),
    ]),
  );
}

function stamp(at: Timestamp, utcOffsetMs: number): string {
  const minutes = Math.round(Math.abs(utcOffsetMs) / 60_000);
  const two = (part: number) => String(part).padStart(2, "0");
  const offset = `${utcOffsetMs < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
  return `${utcTime(at + utcOffsetMs).slice(0, 19)}${offset}`;
}

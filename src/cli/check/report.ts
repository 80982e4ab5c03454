import { isoTime, localTime } from "../../lib/clock.ts";
import { oneLine } from "../../lib/one-line.ts";
import { meanings, sentence } from "../../model/words.ts";
import type { Checked, Seen, SeenTarget } from "./seen.ts";

const results = { ok: "ok", bad: "BAD", no_data: "-" } as const;

/** A check for a person: the verdict as a sentence, what to do, and what it rests on. Ends with a newline. */
export function checkText({ seen, problems }: Checked): string {
  const { verdict } = seen;
  const facts = [
    ["Severity", verdict.severity],
    ["Place", verdict.place],
    ["Since", since(seen)],
    ["Advice", verdict.advice],
    ["Confidence", confidence(seen)],
    ["Quality", qualityText(seen.quality)],
    ...problems.map(({ capability, mend }) => ["Missing", `${capability}: ${mend}`]),
  ].filter(([, text]) => text !== "");
  const evidence = verdict.evidence.map(({ layer, result, detail }) => [
    layer.replaceAll("_", " "),
    results[result],
    detail,
  ]);
  const targets = seen.targets.map((target) => [target.name, targetResult(target), targetDetail(target)]);
  return [
    `${headline(seen)}\n`,
    ...facts.map(([name = "", text = ""]) => `  ${name.padEnd(11)} ${oneLine(text, 400)}\n`),
    ...table("Evidence", evidence),
    ...table("Targets", targets.slice(0, mostTargets)),
    ...(targets.length > mostTargets ? [`  and ${targets.length - mostTargets} more\n`] : []),
  ].join("");
}

/** The same as JSON: `null` where it is unknown, times as ISO 8601 with offset. */
export function checkJson({ by, seen, problems }: Checked) {
  const { verdict } = seen;
  return {
    at: isoTime(seen.at),
    measured_by: by,
    verdict: verdict.verdict ?? null,
    severity: verdict.severity,
    blame: verdict.blame,
    status: verdict.status ?? null,
    hint: verdict.hint ?? null,
    text: headline(seen),
    place: verdict.place,
    since: verdict.since === undefined ? null : isoTime(verdict.since),
    advice: verdict.advice,
    confidence: verdict.confidence,
    second_best: verdict.secondBest ?? null,
    evidence: verdict.evidence,
    internet: seen.internet ?? null,
    gateway: seen.gateway ?? null,
    tcp: seen.tcp ?? null,
    dns: seen.dns ?? null,
    http_name: seen.httpName ?? null,
    http_ip: seen.httpIp ?? null,
    gateway_ip: seen.gatewayIp ?? null,
    ...figures(seen.quality),
    targets: seen.targets.map((target) => ({
      slug: target.slug,
      name: target.name,
      host: target.host,
      reachable: target.reachable ?? null,
      tcp: target.tcp ?? null,
      detail: target.detail ?? null,
      ...figures(target),
    })),
    problems,
  };
}

const mostTargets = 20;

function headline({ verdict: { verdict, place } }: Seen): string {
  return verdict === undefined ? "It can't be told whether the Internet works" : oneLine(sentence(verdict, place));
}

function since({ at, verdict }: Seen): string {
  if (verdict.since === undefined || verdict.severity === "ok") return "";
  return isoTime(verdict.since).slice(0, 10) === isoTime(at).slice(0, 10)
    ? localTime(verdict.since)
    : isoTime(verdict.since).slice(0, 19).replace("T", " ");
}

function confidence({ verdict: { verdict, confidence: percent, secondBest } }: Seen): string {
  if (verdict === undefined) return "";
  return secondBest === undefined ? `${percent} %` : `${percent} %; if not that: ${meanings[secondBest]}`;
}

function qualityText({ rttMs, jitterMs, lossPercent, mos }: Seen["quality"]): string {
  return [
    rttMs === undefined ? "" : `${rttMs.toFixed(1)} ms`,
    jitterMs === undefined ? "" : `jitter ${jitterMs.toFixed(1)} ms`,
    lossPercent === undefined ? "" : `loss ${lossPercent.toFixed(0)} %`,
    mos === undefined ? "" : `MOS ${mos.toFixed(1)}`,
  ]
    .filter((part) => part !== "")
    .join(", ");
}

function figures({ rttMs, jitterMs, lossPercent, mos }: Seen["quality"]) {
  return {
    round_trip_time: rttMs ?? null,
    jitter: jitterMs ?? null,
    packet_loss: lossPercent ?? null,
    mos: mos ?? null,
  };
}

function targetResult({ reachable }: SeenTarget): string {
  return reachable === undefined ? "-" : reachable ? "ok" : "BAD";
}

function targetDetail(target: SeenTarget): string {
  return [target.name === target.host ? "" : target.host, qualityText(target), target.detail ?? ""]
    .filter((part) => part !== "")
    .join(", ");
}

function table(title: string, rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const clean = rows.map((cells) => cells.map((cell) => oneLine(cell, 120)));
  const width = Math.min(30, Math.max(...clean.map(([name = ""]) => name.length)));
  const lines = clean.map(([name = "", result = "", detail = ""]) =>
    `    ${name.padEnd(width)}  ${result.padEnd(3)}  ${detail}`.trimEnd(),
  );
  return [`  ${title}\n`, ...lines.map((line) => `${line}\n`)];
}

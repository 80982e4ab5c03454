import type { Timestamp } from "../../lib/clock.ts";
import type { Evidence } from "../view.ts";
import { brokenResolver, brokenTargets, slowResolver } from "./conditions.ts";
import { type Layer, type LayerName, type Layers, layerNames } from "./layer.ts";
import type { Rule } from "./rule.ts";
import { rules } from "./rules.ts";
import type { Verdict } from "./verdicts.ts";

/** What the layers amount to at this moment, before any hysteresis. */
export interface Assessment {
  readonly verdict: Verdict;
  /** 0 to 100: how far what was measured agrees with it. */
  readonly confidence: number;
  readonly place: string;
  readonly advice: string;
  readonly secondBest: Verdict | undefined;
  readonly evidence: readonly Evidence[];
  /** When the failure began: the first probe that showed it. 0 where the verdict names no failure. */
  readonly since: Timestamp;
  /** The layers that the verdict rests on as broken. */
  readonly broken: readonly LayerName[];
}

/** The verdict of the first rule that holds; `undefined` while too little was measured freshly to tell. */
export function assess(layers: Layers): Assessment | undefined {
  const matching = rules.filter((rule) => holds(rule, layers));
  const rule = matching[0];
  if (rule === undefined) return undefined;
  const broken = brokenLayers(rule, layers);
  return {
    verdict: rule.verdict,
    confidence: confidenceOf(rule, layers),
    place: placeOf(rule, layers),
    advice: rule.advice,
    secondBest: matching.find(({ verdict }) => verdict !== rule.verdict && verdict !== "ok")?.verdict,
    evidence: layerNames.flatMap((name) => evidenceOf(name, layers[name])),
    since: broken.length === 0 ? startOfSingles(rule, layers) : earliest(broken.map((name) => layers[name].since)),
    broken,
  };
}

function holds(rule: Rule, layers: Layers): boolean {
  for (const [name, wanted] of Object.entries(rule.when)) {
    const { status } = layers[name as LayerName];
    if (wanted.startsWith("-") ? status === wanted.slice(1) : status !== wanted) return false;
  }
  return rule.and === undefined || rule.and(layers);
}

/** Half for the conditions themselves, the rest by how many of the expected signs are there; a contradiction costs twice. */
function confidenceOf(rule: Rule, layers: Layers): number {
  const expected = Object.entries(rule.expects ?? {});
  let points = 0;
  let possible = 0;
  for (const [name, wanted] of expected) {
    const { status } = layers[name as LayerName];
    if (status === "absent") continue;
    possible += 1;
    if (status === wanted) points += 1;
    else if (status === "ok" || status === "bad") points -= 1;
  }
  const share = possible === 0 ? 0.5 : Math.max(0, points / possible);
  return Math.round(55 + 44 * share);
}

function brokenLayers(rule: Rule, layers: Layers): LayerName[] {
  const named = Object.entries(rule.when).filter(([, wanted]) => wanted === "bad" || wanted === "-ok");
  return named.map(([name]) => name as LayerName).filter((name) => layers[name].status === "bad");
}

/** Verdicts about a single member begin when that member fell silent. */
function startOfSingles(rule: Rule, layers: Layers): Timestamp {
  if (rule.verdict !== "target_down" && rule.verdict !== "dns_slow") return 0;
  const failing = layerNames.flatMap((name) => layers[name].failing).filter(({ check }) => check.role !== "gateway");
  return earliest(failing.map(({ state }) => state.lostSince));
}

function placeOf(rule: Rule, layers: Layers): string {
  if (rule.verdict === "target_down") return brokenTargets(layers).slice(0, 5).join(", ");
  if (rule.verdict === "dns_slow") return `name server ${brokenResolver(layers) ?? slowResolver(layers) ?? ""}`;
  return rule.place;
}

function evidenceOf(layer: LayerName, { status, detail, failing }: Layer): Evidence[] {
  if (status === "absent") return [];
  const result = status === "ok" || status === "bad" ? status : "no_data";
  const told = failing.find(({ state }) => state.detail !== "");
  const why = status === "bad" && told !== undefined ? told.state.detail : detail;
  return [{ layer, result, detail: status === "unknown" && why === "" ? "not measured yet" : why }];
}

function earliest(times: readonly Timestamp[]): Timestamp {
  const known = times.filter((at) => at > 0);
  return known.length === 0 ? 0 : Math.min(...known);
}

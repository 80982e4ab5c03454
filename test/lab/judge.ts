import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { verdicts } from "../../src/model/diagnosis/verdicts.ts";
import type { Outage, View } from "../../src/model/view.ts";
import type { Moment } from "./breaker.ts";
import type { Lab } from "./network.ts";
import { type OldCycle, oldRules } from "./old-rules.ts";
import { line } from "./process.ts";
import type { Listener, Program } from "./program.ts";
import type { Truth } from "./truth.ts";

/** A lab with a program in it and an ear at its broker. */
export interface Bench {
  readonly lab: Lab;
  readonly program: Program;
  readonly broker: Listener;
}

/** What came of one fault. Durations in ms since the fault, or since its end. */
export interface Judgement {
  readonly truth: Truth;
  /** What the older tool would have said. */
  readonly old: string;
  /** Verdict and place at the end. */
  readonly said: string;
  readonly suspectedMs?: number;
  readonly toldMs?: number;
  /** When the Internet was said to work again, and when nothing at all was left to say. */
  readonly restoredMs?: number;
  readonly settledMs?: number;
  /** What was not right, for people. */
  readonly problems: readonly string[];
}

const usualMs = 25_000;
/** As long as nothing is to be said, so long nothing may be said. */
const silenceMs = 15_000;
/** Losses are remembered for a minute. */
const restMs = 90_000;
const lookEveryMs = 100;
/** The old cycle begins when packets that were under way have arrived. */
const settleMs = 500;
/** What a subscriber may be told a minute of a network that comes and goes. */
const mostEventsAMinute = 10;

/** Breaks the network in the truth's way, watches what the program says of it, and mends it. */
export async function judge(bench: Bench, truth: Truth, patienceMs = truth.withinMs ?? usualMs): Promise<Judgement> {
  const { lab, program } = bench;
  await quiet(program);
  const cut = await lab.cut(truth.fault);
  let seen: Seen;
  let old: string;
  try {
    const cycle = oldCycle(lab);
    seen = await watch(bench, { truth, cut, patienceMs });
    old = await cycle;
  } finally {
    await lab.heal();
  }
  const healed = Date.now();
  const restored = await msUntil(program, healed, ({ verdict, internet }) => {
    return verdict.severity !== "outage" && internet === true;
  });
  const settled = await msUntil(program, healed, isQuiet);
  const recorded = (await program.outages()).filter(({ started }) => started >= cut.before - 1_500);
  return {
    truth,
    old,
    said: `${seen.last.verdict.verdict ?? "-"} (${seen.last.verdict.place})`,
    ...(seen.suspectedMs === undefined ? {} : { suspectedMs: seen.suspectedMs }),
    ...(seen.toldMs === undefined ? {} : { toldMs: seen.toldMs }),
    ...(restored === undefined ? {} : { restoredMs: restored }),
    ...(settled === undefined ? {} : { settledMs: settled }),
    problems: [
      ...(settled === undefined ? ["not quiet again in time"] : []),
      ...seen.problems,
      ...wrongRecords(truth, recorded),
      ...(truth.flapping === true ? tooManyEvents(bench.broker, cut.before, healed) : []),
    ],
  };
}

function quiet(program: Program): Promise<View> {
  return program.reaches("a quiet network", restMs, isQuiet);
}

function isQuiet({ verdict, episode }: View): boolean {
  return verdict.verdict === "ok" && episode.state === "settled";
}

/** How long after `from` it was so; absent when it was not in time. */
async function msUntil(program: Program, from: number, isSo: (view: View) => boolean): Promise<number | undefined> {
  try {
    await program.reaches("what follows", restMs, isSo);
    return Date.now() - from;
  } catch {
    return undefined;
  }
}

interface Seen {
  readonly last: View;
  readonly suspectedMs?: number;
  readonly toldMs?: number;
  readonly problems: readonly string[];
}

interface Watching {
  readonly truth: Truth;
  readonly cut: Moment;
  readonly patienceMs: number;
}

/** Looks until the right thing is said, or, where nothing is to be said, until the time is over. */
async function watch({ program, broker }: Bench, { truth, cut, patienceMs }: Watching): Promise<Seen> {
  const silence = truth.right.includes("ok");
  const endAt = cut.after + (silence ? Math.min(silenceMs, patienceMs) : patienceMs);
  const wrong = new Set<string>();
  let suspicion: { readonly suspectedMs?: number } = {};
  for (;;) {
    const view = await program.state();
    const { verdict, episode } = view;
    const sinceMs = Date.now() - cut.after;
    if (episode.state !== "settled" && suspicion.suspectedMs === undefined) suspicion = { suspectedMs: sinceMs };
    const right = episode.state !== "suspect" && truth.right.some((name) => name === verdict.verdict);
    const told = truth.flapping === true ? saysFlapping(broker, cut) : right;
    if (told && !silence) return { last: view, ...suspicion, toldMs: sinceMs, problems: aside(truth, view) };
    if (episode.state !== "suspect" && !right) wrong.add(verdict.verdict ?? "nothing");
    if (Date.now() > endAt) {
      const said = [...wrong].filter((name) => silence || name !== "ok").map((name) => `said ${name}`);
      return { last: view, ...suspicion, problems: silence ? said : ["not told in time", ...said] };
    }
    await sleep(lookEveryMs);
  }
}

/** What must be right beside the verdict. */
function aside({ right, place, flapping }: Truth, { verdict, internet }: View): string[] {
  if (flapping === true) return [];
  const { severity } = verdicts[right[0] ?? "ok"];
  return [
    ...(internet === (severity !== "outage") ? [] : [`internet is ${internet}`]),
    ...(verdict.evidence.length > 0 ? [] : ["no evidence"]),
    ...(place === undefined || place.test(verdict.place) ? [] : [`the place is not ${place.source}`]),
  ];
}

/** One outage of the right name where there was one, none where there was not. */
function wrongRecords({ right, flapping }: Truth, recorded: readonly Outage[]): string[] {
  const found = recorded.filter(({ severity }) => severity === "outage").map(({ verdict }) => verdict);
  const severities = new Set(right.map((name) => verdicts[name].severity === "outage"));
  // Two opinions may be right of it: then either record is.
  if (flapping === true || severities.size > 1) return [];
  const text = `recorded: ${found.join(", ") || "no outage"}`;
  if (!severities.has(true)) return found.length === 0 ? [] : [text];
  return found.length === 1 && right.some((name) => name === found[0]) ? [] : [text];
}

function saysFlapping({ heard }: Listener, { after }: Moment): boolean {
  const last = heard.findLast(({ topic, at }) => at > after && topic.endsWith("/hub/state"));
  return last !== undefined && JSON.parse(last.payload).flapping === "ON";
}

/** A network that comes and goes must not fill anybody's telephone. */
function tooManyEvents({ heard }: Listener, from: number, to: number): string[] {
  const events = heard.filter(({ topic, at }) => at >= from && at <= to && topic.endsWith("/event"));
  const aMinute = (events.length * 60_000) / Math.max(60_000, to - from);
  return aMinute < mostEventsAMinute ? [] : [`${events.length} events in ${Math.round((to - from) / 1000)} s`];
}

/** What the older tool would have said, from a cycle of its own while the fault lasts. */
async function oldCycle(lab: Lab): Promise<string> {
  await sleep(settleMs);
  const script = join(import.meta.dirname, "old-cycle.ts");
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: lab.caFile };
  const child = lab.spawn("mon", [process.execPath, script, lab.gatewayAddress, ...lab.targets], { env });
  const { status, hint } = oldRules(JSON.parse(await line(child, (text) => text.startsWith("{"))) as OldCycle);
  return hint === "" ? status : `${status} (${hint})`;
}

import type { Timestamp } from "../lib/clock.ts";
import type { Mac } from "../lib/mac.ts";
import { addMinute, usualAt } from "./baseline.ts";
import { addProbe, type CheckState, forget, unmeasured } from "./check-state.ts";
import { checksFor, gatewayOf } from "./checks.ts";
import { createFoldNetwork, type NetworkObservation } from "./devices/fold.ts";
import { assess } from "./diagnosis/assess.ts";
import { type Judgement, noEpisode, reviewAt, severityOf, stepEpisode } from "./diagnosis/episode.ts";
import type { Layers } from "./diagnosis/layer.ts";
import { createLayersOf } from "./diagnosis/layers.ts";
import { medianQuality, qualityOf } from "./diagnosis/quality.ts";
import { verdicts } from "./diagnosis/verdicts.ts";
import { emptyDay, type Model } from "./model.ts";
import { nextBurst } from "./plan.ts";
import { knowReboot, recordChange } from "./record.ts";
import type { Settings } from "./settings.ts";
import { mapStates, rememberedState, stateOf, statesFor } from "./states.ts";
import { askedRound, foldPath, nextRound } from "./traces.ts";
import type { Check, LinkFacts, Observation } from "./types.ts";

/** A pause of the monitor longer than this makes everything older worthless. */
const longestPauseMs = 5_000;
const settlingMs = 20_000;
const minuteMs = 60_000;
const hourMs = 3_600_000;

/** A folded batch: the new facts, and when to fold again even if nothing comes in. */
export interface Folded {
  readonly model: Model;
  readonly layers: Layers;
  readonly reviewAt: Timestamp | undefined;
}

/** Folds a batch of observations into the model. `at` is the time of the batch. */
export type Reduce = (before: Model, observations: readonly Observation[], at: Timestamp) => Folded;

/** A `Reduce` that keeps what did not change from one batch to the next. `vendorOf`: the maker that a MAC names. */
export function createReduce(settings: Settings, vendorOf: (mac: Mac) => string | undefined = () => undefined): Reduce {
  const layersOf = createLayersOf();
  const foldNetwork = createFoldNetwork(settings, vendorOf);
  return (before, observations, at) => {
    const { network, events } = foldNetwork(before.network, observations.filter(isOfNetwork));
    const facts = foldFacts({ ...before, at, network, events }, observations.filter(isOfPath));
    const layers = layersOf(facts);
    const judgement = judge(facts, layers);
    const episode = facts.monitoring && facts.scheduled ? stepEpisode(facts.episode, judgement) : noEpisode;
    const recorded = knowReboot(recordChange({ ...facts, episode }, before.episode));
    const model = { ...recorded, burst: nextBurst(recorded, layers), paths: nextRound(recorded) };
    return { model, layers, reviewAt: reviewAt(episode, judgement) };
  };
}

type OfNetwork = Extract<Observation, { type: "reading" | "source-failed" | "report-rejected" }>;

function isOfNetwork(observation: Observation): observation is NetworkObservation {
  const { type } = observation;
  return type === "reading" || type === "source-failed" || type === "tick" || type === "command";
}

function isOfPath(observation: Observation): observation is Exclude<Observation, OfNetwork> {
  const { type } = observation;
  return type !== "reading" && type !== "source-failed" && type !== "report-rejected";
}

function judge(model: Model, layers: Layers): Judgement {
  const justResumed = model.at - model.resumedAt < settlingMs && severityOf(model.episode.verdict) === "no_data";
  return { at: model.at, assessment: assess(layers), layers, suspicion: isSuspicious(layers), justResumed };
}

/** Something that decides a verdict was lost a moment ago and awaits confirmation. */
function isSuspicious(layers: Layers): boolean {
  const deciding = [
    layers.gateway_icmp,
    layers.targets_icmp,
    layers.targets_tcp,
    layers.dns_system,
    layers.http_by_name,
  ];
  return deciding.some(({ suspects }) => suspects.length > 0);
}

/** The probes of a batch share one copy of the list; states that no probe touched stay the same objects. */
function foldFacts(before: Model, observations: readonly Exclude<Observation, OfNetwork>[]): Model {
  let model = before;
  let list: CheckState[] | undefined;
  for (const observation of observations) {
    if (observation.type !== "probe") {
      model = foldOther(list === undefined ? model : { ...model, states: { ...model.states, list } }, observation);
      list = undefined;
      continue;
    }
    const place = model.states.places.get(observation.check);
    const check = place === undefined ? undefined : model.checks[place];
    if (place === undefined || check === undefined) continue;
    list ??= model.states.list.slice();
    list[place] = addProbe(list[place] ?? unmeasured, check, observation);
  }
  return list === undefined ? model : { ...model, states: { ...model.states, list } };
}

function foldOther(model: Model, observation: Exclude<Observation, OfNetwork | { type: "probe" }>): Model {
  switch (observation.type) {
    case "link":
      return foldLink(model, observation.facts, observation.at);
    case "cycle":
      return foldCycle(model, observation);
    case "tick":
      return foldTick(model, observation);
    case "command":
      return foldCommand(model, observation);
    case "path":
      return withChecks(foldPath(model, observation));
    case "path-failed":
      return model;
    case "job": {
      const { event, at, text, report } = observation;
      return { ...model, events: [...model.events, { event_type: event, at, text, fields: { report } }] };
    }
  }
}

function foldLink(model: Model, link: LinkFacts, at: Timestamp): Model {
  const old = model.link;
  const changed = (differs: boolean, since: Timestamp) => (differs ? at : since);
  const linkSince = {
    carrier: changed(old !== undefined && old.carrier !== link.carrier, model.linkSince.carrier),
    address: changed(
      old !== undefined && old.addresses.length > 0 !== link.addresses.length > 0,
      model.linkSince.address,
    ),
    route: changed(old !== undefined && old.defaultRoute !== link.defaultRoute, model.linkSince.route),
  };
  const checks = keepIfSame(model.checks, checksFor(model.settings, link, model.paths.known));
  const from = model.link === undefined ? undefined : gatewayOf(model.settings, model.link);
  const to = gatewayOf(model.settings, link);
  const moved = from !== undefined && to !== undefined && from !== to;
  const text = `The gateway changed from ${from} to ${to}`;
  const events = moved
    ? [...model.events, { event_type: "gateway_changed" as const, at, text, fields: { from, to } }]
    : model.events;
  return { ...model, link, linkSince, checks, states: forgetMoved(model, checks), events };
}

/** After the known paths changed. */
function withChecks(model: Model): Model {
  const checks = keepIfSame(model.checks, checksFor(model.settings, model.link, model.paths.known));
  if (checks === model.checks) return model;
  // Whoever is new on the way is asked soon: an outage may come at once.
  return { ...model, checks, states: forgetMoved(model, checks), burst: { ...model.burst, learntAt: 0 } };
}

/** What was measured of an old address says nothing of the new one; what an earlier run remembers of a new one does. */
function forgetMoved(model: Model, checks: readonly Check[]): Model["states"] {
  if (checks === model.checks) return model.states;
  const old = new Map(model.checks.map((check) => [check.id, JSON.stringify(check)]));
  return statesFor(checks, (check) => {
    if (!old.has(check.id)) return rememberedState(model.remembered, check.id);
    return old.get(check.id) === JSON.stringify(check) ? stateOf(model.states, check.id) : undefined;
  });
}

function foldCycle(model: Model, cycle: Extract<Observation, { type: "cycle" }>): Model {
  const verdict = model.episode.verdict;
  const status = verdict === undefined ? undefined : verdicts[verdict].status;
  const events = cycle.requested ? [...model.events, testFinished(model, cycle.at)] : model.events;
  if (status === undefined || cycle.partial) return { ...model, events };
  const { cycles, okCycles } = model.today;
  return {
    ...model,
    events,
    today: { ...model.today, cycles: cycles + 1, okCycles: okCycles + (status === "OK" ? 1 : 0) },
  };
}

function testFinished(model: Model, at: Timestamp) {
  const verdict = model.episode.verdict;
  const text = verdict === undefined ? "The test is done, but it is too early to tell" : `The test is done: ${verdict}`;
  return { event_type: "test_finished" as const, at, text, fields: { verdict } };
}

function foldTick(model: Model, tick: Extract<Observation, { type: "tick" }>): Model {
  const slept = tick.slept > longestPauseMs;
  const rested = slept || tick.stepped ? afterPause(model, tick) : model;
  const counted = countTime(model, tick.elapsed - (slept ? tick.slept : 0), slept ? tick.slept : 0);
  const today = counted.day === tick.day ? counted : emptyDay(tick.day);
  return learn({ ...rested, today, scheduled: tick.active }, tick);
}

/** Once a minute in which all was well, what is usual is learnt a little better. */
function learn(model: Model, { at, utcOffsetMs }: Extract<Observation, { type: "tick" }>): Model {
  if (at - model.learntAt < minuteMs && at >= model.learntAt) return model;
  const hour = hourOfWeek(at + utcOffsetMs);
  const isWell = model.episode.verdict === "ok" && model.episode.suspectSince === undefined;
  const targets = model.checks.flatMap(({ role, kind, id }) =>
    role === "target" && kind === "icmp" ? [qualityOf(stateOf(model.states, id)?.buckets ?? [], at)] : [],
  );
  const learnt = isWell ? addMinute(model.learnt, medianQuality(targets), hour) : model.learnt;
  return { ...model, learnt, learntAt: at, baseline: usualAt(learnt, hour) };
}

/** 0 is the hour from Sunday's midnight; the epoch was a Thursday. */
function hourOfWeek(localMs: number): number {
  return (Math.floor(localMs / hourMs) + 4 * 24) % (7 * 24);
}

/** The monitor itself stood still (sleep, stop, clock step): no data, and nothing older says anything of now. */
function afterPause(model: Model, { at, slept }: Extract<Observation, { type: "tick" }>): Model {
  const states = mapStates(model.states, forget);
  const episode = { ...noEpisode, turns: model.episode.turns, verdict: "monitor_gap" as const, since: at };
  return { ...model, states, episode, pausedAt: at - slept, resumedAt: at };
}

/** Availability is counted in time, in three buckets. */
function countTime(model: Model, elapsedMs: number, pausedMs: number) {
  const severity = model.monitoring && model.scheduled ? severityOf(model.episode.verdict) : "no_data";
  const { today } = model;
  if (severity === "outage") return { ...today, downMs: today.downMs + elapsedMs, noDataMs: today.noDataMs + pausedMs };
  if (severity === undefined || severity === "no_data")
    return { ...today, noDataMs: today.noDataMs + elapsedMs + pausedMs };
  return { ...today, upMs: today.upMs + elapsedMs, noDataMs: today.noDataMs + pausedMs };
}

function foldCommand(model: Model, { command }: Extract<Observation, { type: "command" }>): Model {
  switch (command.name) {
    case "run_test":
      return { ...model, cycle: { id: model.cycle.id + 1, scope: command.scope } };
    case "monitoring":
      if (command.on === model.monitoring) return model;
      return {
        ...model,
        monitoring: command.on,
        states: mapStates(model.states, forget),
      };
    case "trace":
      return { ...model, paths: askedRound(model, command.host) };
    case "acknowledge":
    case "ignore":
    case "join":
    case "analyze":
    case "discover_hops":
      return model;
  }
}

function keepIfSame(old: readonly Check[], next: readonly Check[]): readonly Check[] {
  return JSON.stringify(old) === JSON.stringify(next) ? old : next;
}

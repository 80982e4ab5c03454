import { severityOf } from "./diagnosis/episode.ts";
import type { Layers } from "./diagnosis/layer.ts";
import type { Model } from "./model.ts";
import { stateOf } from "./states.ts";
import { tracePlan } from "./traces.ts";
import type { CheckId } from "./types.ts";
import type { Plan } from "./view.ts";

const betweenBurstsMs = 2_500;
const quickBursts = 6;
const slowBurstsMs = 10_000;
const outageBurstsMs = 5_000;
const startMs = 4_000;
/** How many targets a burst probes: the suspects, then witnesses. */
const targetsInBurst = 6;
const shortTimeoutMs = 750;
const longTimeoutMs = 2_000;
/** A line slower than this (a satellite) needs the heartbeat to wait longer. */
const slowLineMs = 350;

/** What the inputs should do now. */
export function planOf(model: Model, layers: Layers): Plan {
  const { settings, burst } = model;
  return {
    active: model.monitoring && model.scheduled,
    checks: model.checks,
    intervalMs: settings.intervalMs,
    heartbeatMs: settings.heartbeatMs,
    heartbeatTimeoutMs: isSlowLine(layers) ? longTimeoutMs : shortTimeoutMs,
    burst: { id: burst.id, checks: burst.checks },
    trace: tracePlan(model),
    cycle: model.cycle,
  };
}

/** A burst is asked for on suspicion, repeated until the verdict is settled, and now and then during an outage. */
export function nextBurst(model: Model, layers: Layers): Model["burst"] {
  const { burst, at, episode } = model;
  if (!(model.monitoring && model.scheduled)) return burst;
  const asked = suspects(layers);
  const outage = severityOf(episode.verdict) === "outage";
  const unsettled = asked.length > 0 || episode.candidate !== undefined || isStarved(model, layers);
  if (!(unsettled || outage)) return isLossy(layers) ? counting(model, layers) : learning(model);
  const pause = unsettled ? (burst.count < quickBursts ? betweenBurstsMs : slowBurstsMs) : outageBurstsMs;
  if (at - burst.at < pause) return burst;
  const single = !outage && isAboutOneTarget(layers);
  const checks = single ? asked : [...new Set([...coreChecks(layers, asked), ...otherChecks(model)])];
  return { ...burst, id: burst.id + 1, checks, at, count: unsettled ? burst.count + 1 : 0 };
}

/** After a change nothing fresh is known for too long: measure again instead of waiting for the next cycle. */
function isStarved(model: Model, layers: Layers): boolean {
  const { at, resumedAt, episode } = model;
  if (at - resumedAt < startMs) return false;
  return episode.verdict === undefined || layers.internet.status === "suspect" || layers.internet.status === "unknown";
}

/** Deciding checks that were lost just now and await confirmation, the newest first in line. */
function suspects(layers: Layers): CheckId[] {
  const deciding = [
    layers.gateway_icmp,
    layers.targets_icmp,
    layers.targets_tcp,
    layers.dns_system,
    layers.dns_gateway,
    layers.dns_public,
    layers.http_by_name,
    layers.http_by_address,
  ];
  return deciding.flatMap(({ suspects }) => suspects.map(({ check }) => check.id)).slice(0, targetsInBurst);
}

/** Among many targets single losses are common: while others answer, only the silent one is asked again. */
function isAboutOneTarget(layers: Layers): boolean {
  const { gateway_icmp, targets_icmp, targets_tcp, dns_system, http_by_name } = layers;
  if (targets_icmp.status !== "ok" || targets_icmp.members.length <= targetsInBurst) return false;
  const quiet = [gateway_icmp, dns_system, http_by_name, targets_tcp];
  return quiet.every(({ suspects }) => suspects.length === 0);
}

function coreChecks(layers: Layers, asked: readonly CheckId[]): CheckId[] {
  const idsOf = (members: Layers["gateway"]["members"]) =>
    members.slice(0, targetsInBurst).map(({ check }) => check.id);
  const targets = new Set([...asked, ...idsOf(layers.targets_icmp.members)]);
  const tcp = idsOf(layers.targets_tcp.members);
  return [...idsOf(layers.gateway_icmp.members), ...idsOf(layers.gateway_tcp.members), ...targets, ...tcp];
}

function otherChecks(model: Model): CheckId[] {
  const wanted = model.checks.filter(({ kind, onDemand }) => kind === "dns" || kind === "http" || onDemand === true);
  return wanted.map(({ id }) => id);
}

const countEveryMs = 5_000;

function isLossy({ loss, own_loss }: Layers): boolean {
  return loss.status === "suspect" || loss.status === "bad" || own_loss.status === "bad";
}

/** More packets than the heartbeat sends tell sooner how many are lost, and on which side of the router. */
function counting({ burst, at }: Model, layers: Layers): Model["burst"] {
  if (at - burst.at < countEveryMs) return burst;
  const idsOf = (members: Layers["gateway"]["members"]) => members.slice(0, 3).map(({ check }) => check.id);
  const checks = [...idsOf(layers.gateway_icmp.members), ...idsOf(layers.targets_icmp.members)];
  return { ...burst, id: burst.id + 1, checks, at };
}

const learnEveryMs = 900_000;
const learnAtStartMs = 3_000;

/** What is asked in need alone is asked now and then in calm, too: only what answers in calm says something by its silence. */
function learning({ at, burst, episode, resumedAt, checks, states }: Model): Model["burst"] {
  const calm = burst.count === 0 ? burst : { ...burst, count: 0 };
  if (at - burst.learntAt < slowBurstsMs || episode.verdict === undefined || at - resumedAt < learnAtStartMs)
    return calm;
  const due = checks.some((check) => {
    const asked = stateOf(states, check.id)?.measuredAt ?? 0;
    return check.onDemand === true && (asked === 0 || at - asked >= learnEveryMs);
  });
  if (!due) return { ...calm, learntAt: at };
  const asked = checks.flatMap(({ id, onDemand }) => (onDemand === true ? [id] : []));
  return { id: burst.id + 1, checks: asked, at: burst.at, count: 0, learntAt: at };
}

function isSlowLine(layers: Layers): boolean {
  let fastest: number | undefined;
  for (const { state } of layers.targets_icmp.members) {
    if (state.rttMs !== undefined && state.rttMs < (fastest ?? Number.POSITIVE_INFINITY)) fastest = state.rttMs;
  }
  return fastest !== undefined && fastest > slowLineMs;
}

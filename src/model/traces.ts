import { severityOf } from "./diagnosis/episode.ts";
import type { Model } from "./model.ts";
import type { Paths } from "./paths.ts";
import type { Settings } from "./settings.ts";
import type { Hop, Observation, TraceTarget } from "./types.ts";
import type { DomainEvent, TracePlan } from "./view.ts";

const mostTargets = 3;
const mostHops = 5;
const manualCount = 10;

type Traced = Extract<Observation, { type: "path" }>;

/** The targets whose paths are watched: three of different operators say where a path breaks, a thousand say no more. */
export function tracedTargets({ targets, hops }: Settings): readonly TraceTarget[] {
  const icmp = targets.filter((target) => target.icmp).slice(0, mostTargets);
  return [
    ...icmp.map(({ slug, host }) => ({ slug, host })),
    ...hops.slice(0, mostHops).map(({ slug, address }) => ({ slug, host: address })),
  ];
}

/** A traced path, remembered when it reached its target while all was well; a change of the way is told. */
export function foldPath(model: Model, traced: Traced): Model {
  const isWell = severityOf(model.episode.verdict) === "ok" || model.episode.verdict === undefined;
  if (traced.mode === "intensive" || !traced.reached || !isWell) return model;
  const old = model.paths.known[traced.target.slug];
  const known = {
    ...model.paths.known,
    [traced.target.slug]: { target: traced.target, at: traced.at, hops: traced.hops },
  };
  const paths = { ...model.paths, known: bounded(known) };
  if (old === undefined || !isOtherWay(old.hops, traced.hops)) return { ...model, paths };
  return { ...model, paths, events: [...model.events, routeChanged(traced, old.hops)] };
}

/** A round of traces: when an outage begins, and when somebody asks. */
export function nextRound(model: Model): Paths {
  const { paths, settings, episode, lastOutage } = model;
  const started = lastOutage?.started ?? 0;
  const isOutage = severityOf(episode.verdict) === "outage" && lastOutage?.ended === undefined;
  if (!(isOutage && settings.trace.intensive) || paths.roundOf === started) return paths;
  const round = {
    id: paths.round.id + 1,
    mode: "intensive" as const,
    targets: tracedTargets(settings),
    count: settings.trace.intensiveCount,
  };
  return { ...paths, round, roundOf: started };
}

/** A round that somebody asked for: of one host, or of all that are watched. */
export function askedRound(model: Model, host: string | undefined): Paths {
  const { paths, settings } = model;
  const targets = tracedTargets(settings);
  const asked = host === undefined ? targets : [targets.find((one) => one.host === host) ?? { slug: "", host }];
  return { ...paths, round: { id: paths.round.id + 1, mode: "manual", targets: asked, count: manualCount } };
}

/** What the tracer should do now. */
export function tracePlan({ paths, settings }: Model): TracePlan {
  return {
    baselineMs: settings.trace.baselineMs,
    baselineTargets: tracedTargets(settings),
    round: paths.round,
  };
}

/** Two answers of one distance from different routers; a router that is silent this time is no change. */
function isOtherWay(before: readonly Hop[], now: readonly Hop[]): boolean {
  const old = new Map(before.map(({ ttl, address }) => [ttl, address]));
  return now.some(({ ttl, address }) => {
    const was = old.get(ttl);
    return address !== undefined && was !== undefined && was !== address;
  });
}

function routeChanged({ target, at, hops }: Traced, old: readonly Hop[]): DomainEvent {
  const way = (list: readonly Hop[]) => list.map(({ address }) => address ?? "*").join(" ");
  return {
    event_type: "route_changed",
    at,
    text: `The way to ${target.host} changed`,
    fields: { target: target.slug, host: target.host, from: way(old), to: way(hops) },
  };
}

function bounded(known: Paths["known"]): Paths["known"] {
  const all = Object.entries(known);
  return all.length <= 64 ? known : Object.fromEntries(all.sort(([, a], [, b]) => b.at - a.at).slice(0, 64));
}

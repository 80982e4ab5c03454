import type { Timestamp } from "../lib/clock.ts";
import type { CheckState } from "./check-state.ts";
import { unmeasured } from "./check-state.ts";
import { gatewayIcmp, gatewayOf } from "./checks.ts";
import { createDeriveNetwork } from "./devices/derive.ts";
import type { DevicesView } from "./devices/view.ts";
import { isFlapping, severityOf } from "./diagnosis/episode.ts";
import type { Layer, Layers } from "./diagnosis/layer.ts";
import { medianQuality, qualityOf } from "./diagnosis/quality.ts";
import { type Verdict, verdicts } from "./diagnosis/verdicts.ts";
import type { Model } from "./model.ts";
import { planOf } from "./plan.ts";
import { checkId, type Settings } from "./settings.ts";
import { stateOf } from "./states.ts";
import type { Check } from "./types.ts";
import type { EpisodeView, Quality, ResolverView, SiteView, TargetView, VerdictView, View } from "./view.ts";

/** Turns the facts into the answers. */
export type Derive = (model: Model, layers: Layers) => View;

type DnsCheck = Extract<Check, { kind: "dns" }>;
type HttpCheck = Extract<Check, { kind: "http" }>;

/** Verdicts under which the gateway itself can't be used. */
const withoutGateway: ReadonlySet<Verdict> = new Set<Verdict>([
  "own_link_down",
  "no_address",
  "no_route",
  "lan_segment_down",
  "gateway_down",
  "gateway_reboot",
]);

/** Verdicts under which nothing can be said of what lies beyond the break. */
const withoutPath: ReadonlySet<Verdict> = new Set<Verdict>([
  ...withoutGateway,
  "modem_down",
  "wan_session_down",
  "isp_access_down",
  "isp_core_down",
  "transit_down",
  "internet_down",
  "monitor_gap",
  "host_restarted",
]);

/** The median over all targets is recomputed at most this often: it is a figure over 60 s. */
const medianEveryMs = 1_000;
const figuresEveryMs = 2_000;

/** A `derive` that keeps what did not change: a thousand targets must not cost a thousand derivations for each probe. */
export function createDerive(settings: Settings): Derive {
  const networkOf = createDeriveNetwork(settings);
  const targetsOf = keptTargets();
  const slowChecks = keptSlowChecks();
  let median: { readonly at: number; readonly quality: Quality } = { at: Number.NEGATIVE_INFINITY, quality: {} };
  return (model, layers) => {
    const blind = hidesTargets(model, layers);
    const targets = targetsOf(model, blind);
    if (model.at - median.at >= medianEveryMs) median = { at: model.at, quality: medianQuality(targets) };
    return assemble(model, layers, {
      targets,
      quality: median.quality,
      network: networkOf(model.network, model.at),
      ...slowChecks(model.checks),
    });
  };
}

/** The checks that are shown one by one, found once for each list of checks. */
function keptSlowChecks(): (checks: Model["checks"]) => Pick<Parts, "resolvers" | "sites"> {
  let of: Model["checks"] | undefined;
  let kept: Pick<Parts, "resolvers" | "sites"> = { resolvers: [], sites: [] };
  return (checks) => {
    if (of === checks) return kept;
    of = checks;
    kept = {
      resolvers: checks.filter((check) => check.kind === "dns"),
      sites: checks.filter((check) => check.kind === "http"),
    };
    return kept;
  };
}

interface Parts {
  readonly targets: readonly TargetView[];
  readonly quality: Quality;
  readonly network: DevicesView;
  readonly resolvers: readonly DnsCheck[];
  readonly sites: readonly HttpCheck[];
}

function assemble(model: Model, layers: Layers, parts: Parts): View {
  const { episode } = model;
  const severity = severityOf(episode.verdict);
  const known = severity !== undefined && severity !== "no_data";
  const gatewayIp = gatewayOf(model.settings, model.link);
  const gatewayRttMs = stateOf(model.states, gatewayIcmp)?.rttMs;
  return {
    at: model.at,
    site: model.settings.site,
    monitoring: model.monitoring,
    verdict: verdictView(model),
    episode: episodeView(model),
    flapping: isFlapping(episode, model.at),
    ...(known ? { internet: severity !== "outage", gateway: !withoutGateway.has(episode.verdict ?? "ok") } : {}),
    ...worksAs("tcp", layers.targets_tcp),
    ...worksAs("dns", layers.dns_system.status === "absent" ? layers.dns_public : layers.dns_system),
    ...worksAs("httpName", layers.http_by_name),
    ...worksAs("httpIp", layers.http_by_address),
    ...(gatewayIp === undefined ? {} : { gatewayIp }),
    ...(gatewayRttMs === undefined ? {} : { gatewayRttMs }),
    ...(model.link === undefined ? {} : { link: model.link }),
    quality: parts.quality,
    targets: parts.targets,
    hops: model.settings.hops.map((hop) => hopView(hop, model)),
    resolvers: parts.resolvers.map((check) => resolverView(check, model)),
    sites: parts.sites.map((check) => siteView(check, model)),
    today: model.today,
    ...(model.lastOutage === undefined ? {} : { lastOutage: model.lastOutage }),
    network: parts.network,
    plan: planOf(model, layers),
  };
}

function verdictView({ episode }: Model): VerdictView {
  const { verdict, assessment, since } = episode;
  if (verdict === undefined) {
    return { severity: "no_data", blame: "none", confidence: 0, place: "", evidence: [], advice: "" };
  }
  const { severity, blame, status, hint } = verdicts[verdict];
  const { confidence = 100, place = "", evidence = [], advice = "", secondBest } = assessment ?? {};
  return {
    verdict,
    severity,
    blame,
    ...(status === undefined ? {} : { status }),
    ...(hint === undefined ? {} : { hint }),
    confidence,
    place,
    since,
    evidence,
    ...(secondBest === undefined ? {} : { secondBest }),
    advice,
  };
}

function episodeView({ episode }: Model): EpisodeView {
  const outage = severityOf(episode.verdict) === "outage";
  const better = episode.candidate !== undefined && severityOf(episode.candidate.assessment.verdict) !== "outage";
  const state = outage
    ? better
      ? "recovering"
      : "confirmed"
    : episode.suspectSince === undefined
      ? "settled"
      : "suspect";
  return episode.suspectSince === undefined ? { state } : { state, suspectSince: episode.suspectSince };
}

/** While the path itself is broken or in doubt, a silent target says nothing of itself. */
function hidesTargets({ episode }: Model, layers: Layers): boolean {
  return episode.verdict === undefined || withoutPath.has(episode.verdict) || layers.internet.status !== "ok";
}

interface KeptTarget {
  readonly icmp: CheckState | undefined;
  readonly tcp: CheckState | undefined;
  readonly blind: boolean;
  readonly at: Timestamp;
  readonly view: TargetView;
}

/** Figures over a minute need no new view with each probe; any other change does. */
function isAsShown(old: KeptTarget, now: Pick<KeptTarget, "icmp" | "tcp" | "at">): boolean {
  if (old.icmp === now.icmp && old.tcp === now.tcp) return true;
  return now.at - old.at < figuresEveryMs && isLike(old.icmp, now.icmp) && isLike(old.tcp, now.tcp);
}

function isLike(one: CheckState | undefined, other: CheckState | undefined): boolean {
  return one?.status === other?.status && one?.detail === other?.detail;
}

/** The view of each target; that of one whose checks did not change stays the same object, and so does the list. */
function keptTargets(): (model: Model, blind: boolean) => readonly TargetView[] {
  let known: ReadonlyMap<string, number> | undefined;
  let places: readonly (readonly [number, number])[] = [];
  const kept: KeptTarget[] = [];
  let list: readonly TargetView[] = [];
  return ({ settings, states, at }, blind) => {
    if (known !== states.places) {
      known = states.places;
      places = settings.targets.map(({ slug }) => [placeOf(states, "icmp", slug), placeOf(states, "tcp", slug)]);
    }
    let changed = false;
    for (let index = 0; index < places.length; index += 1) {
      const target = settings.targets[index];
      const place = places[index];
      if (target === undefined || place === undefined) continue;
      const icmp = states.list[place[0]];
      const tcp = states.list[place[1]];
      const old = kept[index];
      if (old !== undefined && old.blind === blind && isAsShown(old, { icmp, tcp, at })) continue;
      kept[index] = { icmp, tcp, blind, at, view: targetView(target, { icmp, tcp, blind }, at) };
      changed = true;
    }
    if (changed) list = kept.map(({ view }) => view);
    return list;
  };
}

function placeOf(states: Model["states"], kind: "icmp" | "tcp", slug: string): number {
  return states.places.get(checkId(kind, slug)) ?? -1;
}

function targetView(
  { slug, name, host }: Model["settings"]["targets"][number],
  { icmp, tcp, blind }: Pick<KeptTarget, "icmp" | "tcp" | "blind">,
  at: Timestamp,
): TargetView {
  const silent = reachability([icmp, tcp]);
  const reachable = silent === false && blind ? undefined : silent;
  const detail = icmp?.detail || tcp?.detail || "";
  return {
    slug,
    name,
    host,
    ...(reachable === undefined ? {} : { reachable }),
    ...worksAs("tcp", tcp === undefined || (blind && tcp.status === "bad") ? undefined : tcp),
    ...(reachable === true || detail === "" ? {} : { detail }),
    ...qualityOf(icmp?.buckets ?? [], at),
  };
}

/** Any answer makes it reachable: a target that drops pings but takes connections is not down. */
function reachability(states: readonly (CheckState | undefined)[]): boolean | undefined {
  const known = states.flatMap((state) => (state === undefined || state.status === "unknown" ? [] : [state.status]));
  if (known.length === 0) return undefined;
  // A lost probe that awaits its confirmation has not made the target unreachable yet.
  return known.some((status) => status !== "bad");
}

function hopView(hop: Model["settings"]["hops"][number], model: Model): TargetView {
  const state = stateOf(model.states, checkId("icmp", hop.slug)) ?? unmeasured;
  const reachable = reachability([state]);
  return {
    slug: hop.slug,
    name: hop.name,
    host: hop.address,
    ...(reachable === undefined ? {} : { reachable }),
    ...qualityOf(state.buckets, model.at),
  };
}

function resolverView(check: DnsCheck, model: Model): ResolverView {
  const { slug, name, server, scope } = check;
  return { slug, name, server, scope, ...measured(stateOf(model.states, check.id)) };
}

function siteView(check: HttpCheck, model: Model): SiteView {
  const { slug, name, url } = check;
  return { slug, name, url, ...measured(stateOf(model.states, check.id)) };
}

function measured(state: CheckState = unmeasured) {
  return {
    ...worksAs("ok", state),
    ...(state.rttMs === undefined ? {} : { timeMs: state.rttMs }),
    ...(state.detail === "" ? {} : { detail: state.detail }),
  };
}

/** `{ [key]: true | false }`, or nothing while it is unknown; a lost probe that awaits confirmation changes nothing yet. */
function worksAs<const K extends string>(
  key: K,
  from: Layer | CheckState | undefined,
): { readonly [key in K]?: boolean } {
  if (from === undefined) return {};
  const works = from.status === "ok" || (from.status === "suspect" && hasWorked(from));
  if (works) return { [key]: true } as { [key in K]: boolean };
  return from.status === "bad" ? ({ [key]: false } as { [key in K]: boolean }) : {};
}

function hasWorked(from: Layer | CheckState): boolean {
  return "members" in from ? from.members.some(({ state }) => state.lastOkAt > 0) : from.lastOkAt > 0;
}

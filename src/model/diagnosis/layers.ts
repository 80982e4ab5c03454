import type { Timestamp } from "../../lib/clock.ts";
import { gatewayOf } from "../checks.ts";
import type { Facts } from "../facts.ts";
import { type FigureLayers, figureLayers, noFigures } from "./figures.ts";
import { createGroups, type Groups } from "./groups.ts";
import { absent, type Layer, type LayerName, type Layers, type Member } from "./layer.ts";
import { wayLayers } from "./way.ts";
import { peersLayer, routerLoadLayer, wanLayer } from "./witness.ts";

/** Layers whose change makes older measurements of all others worthless until they are repeated. */
/** Figures over a minute need no more. */
const figuresEveryMs = 1_000;
const decisive = ["gateway_icmp", "targets_icmp", "targets_tcp"] as const;

/** Folds the checks into layers. */
export type LayersOf = (facts: Facts) => Layers;

/**
 * A `LayersOf` that keeps what did not change. What was measured before the last change of a decisive layer is `unknown`:
 * after a cut, the answer that a server gave ten seconds ago says nothing.
 */
export function createLayersOf(): LayersOf {
  const groupsOf = createGroups();
  let figures: { readonly at: Timestamp; readonly layers: FigureLayers } = { at: 0, layers: noFigures };
  return (facts) => {
    const groups = groupsOf(facts);
    const horizon = horizonOf(facts, groups);
    if (facts.at - figures.at >= figuresEveryMs || facts.at < figures.at) {
      const [targets, gateway] = [groups.get("targets_icmp") ?? [], groups.get("gateway_icmp") ?? []];
      figures = { at: facts.at, layers: figureLayers(facts, { targets, gateway, horizon }, figures.layers) };
    }
    return { ...assemble(facts, groups, horizon), ...figures.layers };
  };
}

function horizonOf({ linkSince, resumedAt }: Facts, groups: Groups): Timestamp {
  const changes = decisive.map((name) => together(groups.get(name), 0).since);
  return Math.max(linkSince.carrier, linkSince.address, linkSince.route, resumedAt, ...changes);
}

function assemble(facts: Facts, groups: Groups, horizon: Timestamp): Omit<Layers, keyof FigureLayers> {
  const group = (name: LayerName) => together(groups.get(name), horizon);
  const targetsIcmp = group("targets_icmp");
  const targetsTcp = group("targets_tcp");
  const byAddress = group("http_by_address");
  const gatewayIcmp = silentByHabit(group("gateway_icmp"), targetsIcmp);
  const gatewayTcp = group("gateway_tcp");
  return {
    ...linkLayers(facts, gatewayOf(facts.settings, facts.link)),
    gateway_icmp: gatewayIcmp,
    gateway_tcp: gatewayTcp,
    gateway: gatewayLayer(gatewayIcmp, gatewayTcp),
    targets_icmp: targetsIcmp,
    targets_tcp: targetsTcp,
    http_by_address: byAddress,
    internet: internetLayer(targetsIcmp, targetsTcp, byAddress),
    dns_system: group("dns_system"),
    dns_gateway: group("dns_gateway"),
    dns_public: group("dns_public"),
    dns_doh: group("dns_doh"),
    http_by_name: group("http_by_name"),
    portal: portalLayer(group("portal")),
    router_load: routerLoadLayer(facts),
    peers: peersLayer(facts, horizon),
    wan: wanLayer(facts, horizon),
    modem: onceSeen(group("modem")),
    ...wayLayers(facts, horizon),
    large_packets: onceSeen(group("large_packets")),
    ipv6: onceSeen(group("ipv6")),
  };
}

/** One working member is enough for a layer to work; all must fail for it to have failed. */
function together(members: readonly Member[] | undefined, horizon: Timestamp): Layer {
  if (members === undefined) return absent;
  const failing: Member[] = [];
  const suspects: Member[] = [];
  let good = 0;
  let okSince = Number.POSITIVE_INFINITY;
  let measuredAt = 0;
  for (const member of members) {
    const { state } = member;
    if (state.status === "unknown" || state.measuredAt < horizon) continue;
    measuredAt = Math.max(measuredAt, state.measuredAt);
    if (state.status === "bad") failing.push(member);
    else if (state.status === "suspect") suspects.push(member);
    else {
      good += 1;
      okSince = Math.min(okSince, state.okSince);
    }
  }
  const layer = { measuredAt, members, failing, suspects };
  if (good > 0) return { ...layer, status: "ok", since: okSince, detail: `${good} of ${members.length} answer` };
  const first = failing[0] ?? suspects[0];
  if (first === undefined) return { ...layer, status: "unknown", since: 0, detail: members[0]?.state.detail ?? "" };
  const status = suspects.length > 0 ? "suspect" : "bad";
  return { ...layer, status, since: lastOneOut([...failing, ...suspects]), detail: first.state.detail };
}

/** When the last member fell silent: the first lost probe after the newest answer of any of them. */
function lastOneOut(members: readonly Member[]): Timestamp {
  let newestAnswer = 0;
  for (const { state } of members) newestAnswer = Math.max(newestAnswer, state.lastOkAt);
  let first = Number.POSITIVE_INFINITY;
  let last = 0;
  for (const { state } of members) {
    if (state.lostSince > newestAnswer) first = Math.min(first, state.lostSince);
    last = Math.max(last, state.lostSince);
  }
  return Number.isFinite(first) ? first : last;
}

/** A gateway that has never answered ping, though what lies behind it has, ignores ping: its silence is no evidence. */
function silentByHabit(gateway: Layer, targets: Layer): Layer {
  const answered = (layer: Layer) => layer.members.some(({ state }) => state.lastOkAt > 0);
  if (gateway.status !== "bad" || answered(gateway) || !answered(targets)) return gateway;
  return targets.status === "ok" ? gateway : { ...gateway, status: "unknown", detail: "has never answered ping" };
}

/** What has never answered is not there: its silence says nothing. */
function onceSeen(layer: Layer): Layer {
  return layer.members.some(({ state }) => state.lastOkAt > 0) ? layer : absent;
}

/** Only a wrong answer is a sign of a portal; no answer at all is another layer's fault. */
function portalLayer(layer: Layer): Layer {
  const wrong = layer.failing.some(({ state }) => state.reason === "redirect" || state.reason === "mismatch");
  return layer.status === "bad" && !wrong ? { ...layer, status: "unknown" } : layer;
}

/** The gateway lives if it answers in any way; one confirmed silence is enough while nothing speaks against it. */
function gatewayLayer(icmp: Layer, tcp: Layer): Layer {
  const parts = [icmp, tcp];
  for (const status of ["ok", "bad", "suspect"] as const) {
    const found = parts.find((part) => part.status === status);
    if (found !== undefined) return found;
  }
  return icmp.status === "absent" ? tcp : icmp;
}

/** Anything that is answered from beyond the gateway proves the path; its failure needs TCP as a witness beside ICMP. */
function internetLayer(icmp: Layer, tcp: Layer, byAddress: Layer): Layer {
  const answers = [icmp, tcp, byAddress].filter(({ status }) => status === "ok");
  const first = answers[0];
  if (first !== undefined) return { ...first, since: Math.min(...answers.map(({ since }) => since)) };
  const present = [icmp, tcp].filter(({ status }) => status !== "absent");
  const measured = present.filter(({ status }) => status !== "unknown");
  const settled = measured.length > 0 && measured.every(({ status }) => status === "bad");
  const witnessed = tcp.status === "absent" || tcp.status === "bad";
  const failing = measured.map(({ since }) => since);
  const since = failing.length === 0 ? 0 : Math.min(...failing);
  const measuredAt = Math.max(0, ...measured.map((layer) => layer.measuredAt));
  if (measured.length === 0) return { ...absent, status: present.length === 0 ? "absent" : "unknown" };
  const detail = "nothing beyond the gateway answers";
  return { ...absent, status: settled && witnessed ? "bad" : "suspect", since, measuredAt, detail };
}

function linkLayers(facts: Facts, gateway: string | undefined) {
  const { link, linkSince, at } = facts;
  const fact = (good: boolean | undefined, since: Timestamp, detail: string): Layer => ({
    ...absent,
    status: good === undefined ? "unknown" : good ? "ok" : "bad",
    since,
    measuredAt: at,
    detail,
  });
  if (link === undefined) {
    const none = fact(undefined, 0, "not read yet");
    return { own_link: none, address: none, route: none, neighbour: none };
  }
  const name = link.interface ?? "no interface";
  const neighbour = link.neighbour === "unknown" ? undefined : link.neighbour === "reachable";
  return {
    own_link: fact(link.interface === undefined ? undefined : link.carrier, linkSince.carrier, name),
    address: fact(link.addresses.length > 0, linkSince.address, link.addresses.join(", ") || `no address on ${name}`),
    route: fact(link.defaultRoute, linkSince.route, link.defaultRoute ? `via ${gateway ?? name}` : "no default route"),
    neighbour: fact(neighbour, 0, link.gatewayMac ?? "not known"),
  };
}

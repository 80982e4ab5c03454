import type { Timestamp } from "../../lib/clock.ts";
import { type CheckState, type Status, unmeasured } from "../check-state.ts";
import { gatewayOf } from "../checks.ts";
import type { Facts } from "../facts.ts";
import type { Check } from "../types.ts";

/** The layers of evidence that verdicts are made of, from this machine outwards. */
export const layerNames = [
  "own_link",
  "address",
  "route",
  "neighbour",
  "gateway_icmp",
  "gateway_tcp",
  "gateway",
  "targets_icmp",
  "targets_tcp",
  "http_by_address",
  "internet",
  "dns_system",
  "dns_gateway",
  "dns_public",
  "dns_doh",
  "http_by_name",
  "portal",
] as const;

export type LayerName = (typeof layerNames)[number];

/** What one layer says. `absent`: nothing measures it here, so it says neither yes nor no. */
export interface Layer {
  readonly status: Status | "absent";
  /** When it came to this status, back-dated to the first probe that said so; 0: it always was. */
  readonly since: Timestamp;
  readonly measuredAt: Timestamp;
  readonly detail: string;
  readonly members: readonly Member[];
}

export interface Member {
  readonly check: Check;
  readonly state: CheckState;
}

export type Layers = Readonly<Record<LayerName, Layer>>;

/** Layers whose change makes older measurements of all others worthless until they are repeated. */
const decisive = ["own_link", "address", "route", "gateway_icmp", "targets_icmp", "targets_tcp"] as const;

/**
 * Folds the checks into layers. What was measured before the last change of a decisive layer is `unknown`: after a cut,
 * the answer that a server gave ten seconds ago says nothing.
 */
export function layersOf(facts: Facts): Layers {
  const base = baseLayers(facts);
  const horizon = Math.max(...decisive.map((name) => base[name].since), facts.resumedAt);
  const member = freshMember(horizon);
  const fresh = (layer: Layer): Layer => {
    if (layer.status === "absent") return layer;
    const members = layer.members.some((each) => member(each) !== each) ? layer.members.map(member) : layer.members;
    return { ...layer, status: layer.measuredAt >= horizon ? layer.status : "unknown", members };
  };
  const gatewayIcmp = fresh(base.gateway_icmp);
  const gatewayTcp = fresh(base.gateway_tcp);
  const icmp = fresh(base.targets_icmp);
  const tcp = fresh(base.targets_tcp);
  const byAddress = fresh(base.http_by_address);
  const dns = [base.dns_system, base.dns_gateway, base.dns_public].map(fresh);
  return {
    ...base,
    gateway_icmp: gatewayIcmp,
    gateway_tcp: gatewayTcp,
    gateway: gatewayLayer(gatewayIcmp, gatewayTcp),
    targets_icmp: icmp,
    targets_tcp: tcp,
    http_by_address: byAddress,
    internet: internetLayer(icmp, tcp, byAddress),
    dns_system: dns[0] ?? absent,
    dns_gateway: dns[1] ?? absent,
    dns_public: dns[2] ?? absent,
    dns_doh: fresh(base.dns_doh),
    http_by_name: fresh(base.http_by_name),
    portal: fresh(base.portal),
  };
}

/** One that was measured before is unknown by itself too. Layers share members: the same one stays the same object. */
function freshMember(horizon: Timestamp): (member: Member) => Member {
  const aged = new Map<Member, Member>();
  return (member) => {
    const { check, state } = member;
    if (state.measuredAt >= horizon || state.status === "unknown") return member;
    const known = aged.get(member) ?? { check, state: { ...state, status: "unknown" } };
    aged.set(member, known);
    return known;
  };
}

const absent: Layer = { status: "absent", since: 0, measuredAt: 0, detail: "not measured here", members: [] };

function baseLayers(facts: Facts): Layers {
  const byGroup = new Map<LayerName, Member[]>();
  const server = gatewayOf(facts.settings, facts.link);
  const resolvers = new Set(facts.link?.resolvers ?? []);
  for (const check of facts.checks) {
    const member = { check, state: facts.states.get(check.id) ?? unmeasured };
    for (const name of groupsOf(check, resolvers)) {
      const group = byGroup.get(name);
      if (group === undefined) byGroup.set(name, [member]);
      else group.push(member);
    }
  }
  const group = (name: LayerName) => together(byGroup.get(name) ?? []);
  return {
    ...linkLayers(facts, server),
    gateway_icmp: silentByHabit(group("gateway_icmp"), group("targets_icmp")),
    gateway_tcp: group("gateway_tcp"),
    gateway: absent,
    targets_icmp: group("targets_icmp"),
    targets_tcp: group("targets_tcp"),
    http_by_address: group("http_by_address"),
    internet: absent,
    dns_system: group("dns_system"),
    dns_gateway: group("dns_gateway"),
    dns_public: group("dns_public"),
    dns_doh: group("dns_doh"),
    http_by_name: group("http_by_name"),
    portal: portalLayer(group("portal")),
  };
}

function groupsOf(check: Check, resolvers: ReadonlySet<string>): LayerName[] {
  switch (check.role) {
    case "gateway":
      return [check.kind === "icmp" ? "gateway_icmp" : "gateway_tcp"];
    case "target":
      return [check.kind === "icmp" ? "targets_icmp" : "targets_tcp"];
    case "site":
      return ["http_by_name"];
    case "ip_site":
      return ["http_by_address"];
    case "portal":
      return ["portal"];
    case "hop":
      return [];
    case "resolver":
      return check.kind === "dns" ? resolverGroups(check, resolvers) : [];
  }
}

function resolverGroups(check: Extract<Check, { kind: "dns" }>, resolvers: ReadonlySet<string>): LayerName[] {
  if (check.scope === "doh") return ["dns_doh"];
  const used = resolvers.has(check.server);
  const own: LayerName[] = used ? ["dns_system"] : [];
  if (check.scope === "gateway") return [...own, "dns_gateway"];
  return check.scope === "public" ? [...own, "dns_public"] : own;
}

/** One working member is enough for a layer to work; all must fail for it to have failed. */
function together(members: readonly Member[]): Layer {
  if (members.length === 0) return absent;
  const known = members.filter(({ state }) => state.status !== "unknown");
  const measuredAt = Math.max(0, ...known.map(({ state }) => state.measuredAt));
  const good = known.filter(({ state }) => state.status === "ok");
  if (good.length > 0) {
    const newest = Math.max(...good.map(({ state }) => state.measuredAt));
    const since = Math.min(...good.map(({ state }) => state.okSince));
    return { status: "ok", since, measuredAt: newest, detail: `${good.length} of ${members.length} answer`, members };
  }
  if (known.length === 0) {
    return { status: "unknown", since: 0, measuredAt, detail: members[0]?.state.detail ?? "", members };
  }
  const status = known.some(({ state }) => state.status === "suspect") ? "suspect" : "bad";
  return { status, since: lastOneOut(known), measuredAt, detail: known[0]?.state.detail ?? "", members };
}

/** When the last member fell silent: the first lost probe after the newest answer of any of them. */
function lastOneOut(members: readonly Member[]): Timestamp {
  const newestAnswer = Math.max(...members.map(({ state }) => state.lastOkAt));
  const after = members.map(({ state }) => state.lostSince).filter((at) => at > newestAnswer);
  return after.length === 0 ? Math.max(...members.map(({ state }) => state.lostSince)) : Math.min(...after);
}

/** A gateway that has never answered ping, though what lies behind it has, ignores ping: its silence is no evidence. */
function silentByHabit(gateway: Layer, targets: Layer): Layer {
  const answered = (layer: Layer) => layer.members.some(({ state }) => state.lastOkAt > 0);
  if (gateway.status !== "bad" || answered(gateway) || !answered(targets)) return gateway;
  return targets.status === "ok" ? gateway : { ...gateway, status: "unknown", detail: "has never answered ping" };
}

/** Only a wrong answer is a sign of a portal; no answer at all is another layer's fault. */
function portalLayer(layer: Layer): Layer {
  const wrong = layer.members.some(({ state }) => state.reason === "redirect" || state.reason === "mismatch");
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
  const members = present.flatMap((layer) => layer.members);
  const measured = present.filter(({ status }) => status !== "unknown");
  const settled = measured.length > 0 && measured.every(({ status }) => status === "bad");
  const witnessed = tcp.status === "absent" || tcp.status === "bad";
  const failing = measured.map(({ since }) => since);
  const since = failing.length === 0 ? 0 : Math.min(...failing);
  const measuredAt = Math.max(0, ...measured.map((layer) => layer.measuredAt));
  if (measured.length === 0)
    return { status: present.length === 0 ? "absent" : "unknown", since, measuredAt, detail: "", members };
  const detail = "nothing beyond the gateway answers";
  return { status: settled && witnessed ? "bad" : "suspect", since, measuredAt, detail, members };
}

function linkLayers(facts: Facts, gateway: string | undefined) {
  const { link, linkSince, at } = facts;
  const fact = (good: boolean | undefined, since: Timestamp, detail: string): Layer => ({
    status: good === undefined ? "unknown" : good ? "ok" : "bad",
    since,
    measuredAt: at,
    detail,
    members: [],
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
    route: fact(gateway !== undefined, linkSince.route, gateway === undefined ? "no default route" : `via ${gateway}`),
    neighbour: fact(neighbour, 0, link.gatewayMac ?? "not known"),
  };
}

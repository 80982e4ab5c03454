import type { ProbeFailure } from "../types.ts";
import type { Layer, LayerName, Layers } from "./layer.ts";

/** How long a look-up that began while the name servers were away may go on after they are back. */
const lookUpMs = 2_000;

/** The names of what fails alone: targets that neither answer ping nor TCP, and sites. */
export function brokenTargets({
  targets_icmp: icmp,
  targets_tcp: tcp,
  http_by_name: sites,
}: Layers): readonly string[] {
  const silent = [...icmp.failing, ...tcp.failing];
  if (silent.length + sites.failing.length === 0) return [];
  const failing = (layer: Layer) => new Set(layer.failing.map(({ check }) => check.slug));
  const all = (layer: Layer) => new Set(layer.members.map(({ check }) => check.slug));
  const [noPing, noTcp, pinged, tried] = [failing(icmp), failing(tcp), all(icmp), all(tcp)];
  const dead = silent.filter(({ check: { slug } }) => {
    const wholly = (!pinged.has(slug) || noPing.has(slug)) && (!tried.has(slug) || noTcp.has(slug));
    // Where every target is silent to ping, a target without a TCP check says nothing of itself.
    return wholly && (icmp.status !== "bad" || tried.has(slug));
  });
  return [...new Set([...dead, ...sites.failing].map(({ check }) => check.name))];
}

/**
 * The name of a resolver that once worked, or that this machine uses, and that fails now. One that went down with a whole
 * target is that target's fault.
 */
export function brokenResolver(layers: Layers): string | undefined {
  const { dns_system, dns_gateway, dns_public, targets_icmp } = layers;
  const used = dns_system.failing[0];
  const dead = new Set(brokenTargets(layers));
  const hosts = targets_icmp.members.flatMap(({ check }) =>
    check.kind === "icmp" && dead.has(check.name) ? [check.host] : [],
  );
  const other = [...dns_gateway.failing, ...dns_public.failing].find(
    ({ check, state }) => state.lastOkAt > 0 && !(check.kind === "dns" && hosts.includes(check.server)),
  );
  return (used ?? other)?.check.name;
}

/**
 * A page that fails may be the name servers' fault as long as these were not asked again since it failed, and as long as it
 * was not fetched again, with time for a look-up, since they came back.
 */
export function namesSettled({ dns_system: names, http_by_name: pages }: Layers): boolean {
  if (names.status === "suspect") return false;
  if (names.status !== "ok") return true;
  return names.measuredAt >= pages.since && (names.since === 0 || pages.measuredAt >= names.since + lookUpMs);
}

export function allSay(layer: Layer, reason: ProbeFailure): boolean {
  return layer.failing.every(({ state }) => state.reason === reason);
}

/** No answer at all, as against one that says "no" or "I get no answer myself". */
export function silent(layers: Layers, name: LayerName): boolean {
  const speaking: readonly (ProbeFailure | undefined)[] = ["rcode", "mismatch", "upstream"];
  return layers[name].failing.every(({ state }) => !speaking.includes(state.reason));
}

export function usesGateway(layers: Layers): boolean {
  const used = new Set(layers.dns_system.members.map(({ check }) => check.id));
  return layers.dns_gateway.members.some(({ check }) => used.has(check.id));
}

/** How long the routers on the way may take to answer or not before nothing is said of where the break is. */
const wayMs = 6_000;

/** Every router on the way that was known to answer has answered or not since the break, or has had its time. */
export function wayIsKnown({ access, core, internet }: Layers): boolean {
  const asked = [access, core].filter(({ status }) => status !== "absent");
  const settled = asked.every(({ status }) => status === "ok" || status === "bad");
  return settled || internet.measuredAt - internet.since > wayMs;
}

/** The name server that this machine uses gives addresses of which a trusted one knows none. */
export function answersDiffer({ dns_system, dns_doh }: Layers): boolean {
  if (dns_doh.status !== "ok") return false;
  const trusted = new Set(dns_doh.members.flatMap(({ state }) => state.answers));
  const used = dns_system.members.flatMap(({ state }) => (state.status === "ok" ? state.answers : []));
  return trusted.size > 0 && used.length > 0 && !used.some((address) => trusted.has(address));
}

const slowLookUpMs = 500;

/** The name of a resolver in use whose last answers all took long. */
export function slowResolver({ dns_system }: Layers): string | undefined {
  const slow = dns_system.members.every(({ state }) => {
    const last = [state.recent[state.recent.length - 1], state.recent[state.recent.length - 3]];
    return state.status === "ok" && last.every((ms) => ms !== undefined && ms > slowLookUpMs);
  });
  return slow ? dns_system.members[0]?.check.name : undefined;
}

export function isWifi(detail: string): boolean {
  return /^(wl|wlan|wifi)/i.test(detail);
}

const manyShare = 0.4;

/** Several targets of different operators that neither answer ping nor TCP, and at least one that does. */
export function manyTargetsDead({ targets_icmp: icmp, targets_tcp: tcp }: Layers): boolean {
  if (icmp.status !== "ok" || icmp.members.length < 3) return false;
  const noTcp = new Set(tcp.failing.map(({ check }) => check.slug));
  const dead = icmp.failing.filter(({ check: { slug } }) => noTcp.has(slug));
  return dead.length >= 2 && dead.length >= icmp.members.length * manyShare;
}

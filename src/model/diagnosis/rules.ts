import type { ProbeFailure } from "../types.ts";
import type { Layer, LayerName, Layers } from "./layer.ts";
import type { Verdict } from "./verdicts.ts";

/** `ok`/`bad`: says so, freshly. `-ok`: does not work, or nobody knows. `-bad`: works, or nobody knows. */
type Wanted = "ok" | "bad" | "-ok" | "-bad";

/** One row of the decision table. */
export interface Rule {
  readonly verdict: Verdict;
  /** All of these must hold. */
  readonly when: Partial<Readonly<Record<LayerName, Wanted>>>;
  /** A condition that single layers can't say. */
  readonly and?: (layers: Layers) => boolean;
  /** What else one would see: each that is there raises the confidence, each that contradicts lowers it. */
  readonly expects?: Partial<Readonly<Record<LayerName, "ok" | "bad">>>;
  readonly place: string;
  /** One sentence that somebody without any knowledge of networks can act on. */
  readonly advice: string;
}

/** How long a look-up that began while the name servers were away may go on after they are back. */
const lookUpMs = 2_000;

/** The first rule that holds wins: from this machine outwards, then upwards from packets to pages. */
export const rules: readonly Rule[] = [
  {
    verdict: "own_link_down",
    when: { own_link: "bad", internet: "-ok" },
    expects: { gateway: "bad", internet: "bad" },
    place: "this machine's network connection",
    advice: "Check the network cable or Wi-Fi of the machine that Netwarden runs on.",
  },
  {
    verdict: "no_address",
    when: { own_link: "ok", address: "bad", internet: "-ok" },
    expects: { gateway: "bad", internet: "bad" },
    place: "this machine's network settings",
    advice: "This machine got no address: restart the router, which hands them out, then this machine.",
  },
  {
    verdict: "no_route",
    when: { own_link: "ok", address: "ok", route: "bad", internet: "-ok" },
    expects: { internet: "bad" },
    place: "this machine's network settings",
    advice: "This machine does not know the way out: check its default gateway, or renew its address.",
  },
  {
    verdict: "gateway_down",
    when: { own_link: "-bad", gateway: "bad", internet: "-ok" },
    expects: { gateway_tcp: "bad", targets_icmp: "bad", targets_tcp: "bad" },
    place: "the router",
    advice: "The router does not answer: check its power and cables, then restart it.",
  },
  {
    verdict: "gateway_down",
    when: { own_link: "-bad", gateway: "-ok", neighbour: "bad", internet: "bad" },
    expects: { gateway_tcp: "bad" },
    place: "the router",
    advice: "The router does not answer: check its power and cables, then restart it.",
  },
  {
    verdict: "captive_portal",
    when: { portal: "bad", http_by_name: "bad", dns_system: "-bad" },
    and: namesSettled,
    expects: { gateway: "ok", dns_system: "ok" },
    place: "the provider's sign-in page",
    advice: "A sign-in or payment page stands before the Internet: open any web page and follow it.",
  },
  {
    verdict: "internet_down",
    when: { gateway: "-bad", internet: "bad" },
    expects: { gateway: "ok", http_by_name: "bad", dns_public: "bad" },
    place: "beyond the router",
    advice: "The router works but nothing beyond it answers: check the modem's lights, then call the provider.",
  },
  {
    verdict: "dns_router_down",
    when: { internet: "ok", dns_system: "bad", dns_gateway: "bad", dns_public: "ok" },
    and: (layers) => silent(layers, "dns_gateway") && usesGateway(layers),
    expects: { http_by_name: "bad", dns_doh: "ok" },
    place: "the router's name service",
    advice: "The router no longer looks up names: restart it, or set a public resolver such as 9.9.9.9.",
  },
  {
    verdict: "dns_isp_down",
    when: { internet: "ok", dns_system: "bad", dns_gateway: "bad", dns_public: "ok" },
    and: usesGateway,
    expects: { http_by_name: "bad", dns_doh: "ok", internet: "ok" },
    place: "the provider's name servers",
    advice: "The provider's name servers fail: set a public resolver such as 9.9.9.9 in the router.",
  },
  {
    verdict: "dns_own_config",
    when: { internet: "ok", dns_system: "bad" },
    and: (layers) => !usesGateway(layers) && (layers.dns_gateway.status === "ok" || layers.dns_public.status === "ok"),
    expects: { http_by_name: "bad", internet: "ok" },
    place: "this machine's resolver setting",
    advice: "The resolver that this machine is set to does not answer, others do: correct its DNS setting.",
  },
  {
    verdict: "dns_down",
    when: { internet: "ok", dns_system: "bad", dns_public: "-ok", dns_gateway: "-ok" },
    expects: { http_by_name: "bad", internet: "ok", dns_public: "bad" },
    place: "name servers",
    advice: "Names can't be looked up anywhere: wait, or call the provider; addresses still work.",
  },
  {
    verdict: "dns_own_config",
    when: { internet: "ok", dns_system: "ok", http_by_name: "bad" },
    and: (layers) => namesSettled(layers) && allSay(layers.http_by_name, "rcode"),
    expects: { targets_tcp: "ok", http_by_address: "ok" },
    place: "this machine's resolver setting",
    advice: "The name servers answer, but this machine does not get names from them: check its DNS setting.",
  },
  {
    verdict: "tls_error",
    when: { internet: "ok", http_by_name: "bad", targets_tcp: "-bad" },
    and: (layers) => namesSettled(layers) && allSay(layers.http_by_name, "tls"),
    expects: { dns_system: "ok" },
    place: "secure connections",
    advice: "Certificates are refused everywhere: check this machine's clock, or what inspects its traffic.",
  },
  {
    verdict: "tcp_blocked",
    when: { targets_icmp: "ok", targets_tcp: "bad", http_by_name: "-ok", http_by_address: "-ok" },
    // A refusal comes from a server that does not serve; what filters is silent.
    and: (layers) => !allSay(layers.targets_tcp, "refused"),
    expects: { http_by_name: "bad", http_by_address: "bad" },
    place: "a firewall on the way",
    advice: "Pings pass but connections do not: check the router's firewall, then ask the provider.",
  },
  {
    verdict: "app_layer_down",
    when: { internet: "ok", http_by_name: "bad" },
    and: namesSettled,
    expects: { dns_system: "ok", targets_tcp: "ok" },
    place: "the web servers",
    advice: "The network works but the watched web pages fail: nothing to do at home but wait.",
  },
  {
    verdict: "dns_slow",
    when: { internet: "ok", dns_system: "-bad" },
    and: (layers) => brokenResolver(layers) !== undefined,
    expects: { dns_system: "ok", http_by_name: "ok" },
    place: "one of the name servers",
    advice: "One name server fails while others answer: pages may open slowly; replace it in the settings.",
  },
  {
    verdict: "target_down",
    when: { internet: "ok", http_by_name: "-bad" },
    and: (layers) => brokenTargets(layers).length > 0,
    expects: { dns_system: "ok", http_by_name: "ok", gateway: "ok" },
    place: "a single target",
    advice: "Only some targets fail; the Internet works, so it is most likely their fault.",
  },
  {
    verdict: "icmp_filtered",
    when: { internet: "ok", targets_icmp: "bad" },
    expects: { targets_tcp: "ok", http_by_name: "ok", dns_system: "ok" },
    place: "",
    advice: "Pings are dropped on the way, but everything works: nothing to do.",
  },
  {
    verdict: "gateway_icmp_filtered",
    when: { internet: "ok", gateway_icmp: "bad" },
    expects: { targets_icmp: "ok", http_by_name: "ok", dns_system: "ok" },
    place: "",
    advice: "The router ignores ping, but everything works: nothing to do.",
  },
  {
    verdict: "ok",
    when: { internet: "ok", dns_system: "-bad", http_by_name: "-bad" },
    expects: { gateway: "ok", targets_icmp: "ok", targets_tcp: "ok", dns_system: "ok", http_by_name: "ok" },
    place: "",
    advice: "",
  },
];

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

/** The name of a resolver that once worked, or that this machine uses, and that fails now. */
export function brokenResolver({ dns_system, dns_gateway, dns_public }: Layers): string | undefined {
  const used = dns_system.failing[0];
  const other = [...dns_gateway.failing, ...dns_public.failing].find(({ state }) => state.lastOkAt > 0);
  return (used ?? other)?.check.name;
}

/**
 * A page that fails may be the name servers' fault as long as these were not asked again since it failed, and as long as it
 * was not fetched again, with time for a look-up, since they came back.
 */
function namesSettled({ dns_system: names, http_by_name: pages }: Layers): boolean {
  if (names.status === "suspect") return false;
  if (names.status !== "ok") return true;
  return names.measuredAt >= pages.since && (names.since === 0 || pages.measuredAt >= names.since + lookUpMs);
}

function allSay(layer: Layer, reason: ProbeFailure): boolean {
  return layer.failing.every(({ state }) => state.reason === reason);
}

/** No answer at all, as against one that says "no". */
function silent(layers: Layers, name: LayerName): boolean {
  return layers[name].failing.every(({ state }) => state.reason !== "rcode" && state.reason !== "mismatch");
}

function usesGateway(layers: Layers): boolean {
  const used = new Set(layers.dns_system.members.map(({ check }) => check.id));
  return layers.dns_gateway.members.some(({ check }) => used.has(check.id));
}

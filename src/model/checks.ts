import { uniqueSlugs } from "../lib/slug.ts";
import type { Paths } from "./paths.ts";
import { providerHops } from "./provider-hops.ts";
import { checkId, type NamedAddress, type Settings } from "./settings.ts";
import type { Check, CheckId, LinkFacts } from "./types.ts";

/** Ports on which a home router usually answers or refuses: either proves that it lives. */
const gatewayPorts = [53, 80, 443];
const mostResolvers = 3;

/** Where a cable modem answers, whatever the home's own addresses are. */
const usualModem = "192.168.100.1";
/** What an Ethernet frame takes, less the headers of IPv4 and ICMP. */
const fullFrameBytes = 1_472;

/** Everything to measure, given the configuration, what the host's own network looks like now, and what traces showed. */
export function checksFor(
  settings: Settings,
  link: LinkFacts | undefined,
  known: Paths["known"] = {},
): readonly Check[] {
  const gateway = gatewayOf(settings, link);
  return [
    ...(gateway === undefined ? [] : gatewayChecks(gateway)),
    ...settings.targets.flatMap(targetChecks),
    ...settings.hops.map((hop) => ({ ...label("icmp", "hop", hop), kind: "icmp" as const, host: hop.address })),
    ...resolverChecks(settings, link, gateway),
    ...httpChecks(settings),
    ...onDemandChecks(settings, known, gateway),
    ...(link?.ipv6 === true ? settings.ipv6Targets.flatMap(ipv6Checks) : []),
  ];
}

/** What is measured only when something is wrong, and now and then so that its silence means something. */
function onDemandChecks(settings: Settings, known: Paths["known"], gateway: string | undefined): Check[] {
  const targets = settings.targets.filter(({ icmp }) => icmp);
  const hops = providerHops(
    known,
    targets.map(({ slug }) => slug),
    gateway,
  );
  const modem = settings.modem === "auto" ? usualModem : settings.modem;
  const biggest = targets[0];
  const demanded = <const R extends Check["role"]>(role: R, at: NamedAddress) => ({
    ...label("icmp", role, at),
    kind: "icmp" as const,
    host: at.address,
    onDemand: true as const,
  });
  return [
    ...hops.map(({ ttl, address }) =>
      demanded("path", { slug: `path_${ttl}`, name: `hop ${ttl} (${address})`, address }),
    ),
    ...(modem === "none" || modem === gateway
      ? []
      : [demanded("modem", { slug: "modem", name: "Modem", address: modem })]),
    ...(biggest === undefined
      ? []
      : [
          {
            ...demanded("mtu", { slug: "mtu", name: "Large packets", address: biggest.host }),
            bytes: fullFrameBytes,
          },
        ]),
  ];
}

function ipv6Checks({ slug, name, address }: NamedAddress): Check[] {
  const of = { slug: `v6_${slug}`, name: `${name} (IPv6)`, address };
  return [
    { ...label("icmp", "target6", of), kind: "icmp", host: address },
    { ...label("tcp", "target6", of), kind: "tcp", host: address, ports: [443], anyAnswer: false },
  ];
}

/** The configured gateway, or the routing table's. */
export function gatewayOf(settings: Settings, link: LinkFacts | undefined): string | undefined {
  return settings.gateway === "auto" ? link?.gateway : settings.gateway;
}

export const gatewayIcmp: CheckId = checkId("icmp", "gateway");

function gatewayChecks(host: string): Check[] {
  const name = { slug: "gateway", name: "Gateway", address: host };
  return [
    { ...label("icmp", "gateway", name), kind: "icmp", host },
    { ...label("tcp", "gateway", name), kind: "tcp", host, ports: gatewayPorts, anyAnswer: true },
  ];
}

function targetChecks(target: Settings["targets"][number]): Check[] {
  const name = { ...target, address: target.host };
  const checks: Check[] = [];
  if (target.icmp) checks.push({ ...label("icmp", "target", name), kind: "icmp", host: target.host });
  if (target.tcpPort > 0) {
    const ports = [target.tcpPort];
    checks.push({ ...label("tcp", "target", name), kind: "tcp", host: target.host, ports, anyAnswer: false });
  }
  return checks;
}

/** The host's own resolvers, the gateway's, the configured ones, one public by UDP and one by HTTPS: each once. */
function resolverChecks(settings: Settings, link: LinkFacts | undefined, gateway: string | undefined): Check[] {
  const { hostname, publicResolver, dohUrl } = settings.dns;
  const own = (link?.resolvers ?? []).slice(0, mostResolvers).filter((server) => server !== gateway);
  const found = [
    ...(gateway === undefined ? [] : [{ scope: "gateway" as const, name: "Router", address: gateway }]),
    ...own.map((address, index) => ({ scope: "system" as const, name: systemName(index), address })),
    ...settings.dns.resolvers.map(({ name, address }) => ({ scope: "public" as const, name, address })),
    ...(publicResolver === "" ? [] : [{ scope: "public" as const, name: "Public", address: publicResolver }]),
  ];
  const resolvers = found.filter(
    ({ address }, index) => found.findIndex((other) => other.address === address) === index,
  );
  const all = [...resolvers, ...(dohUrl === "" ? [] : [{ scope: "doh" as const, name: "DoH", address: dohUrl }])];
  const slugs = uniqueSlugs(all.map(({ name }) => name));
  return all.map(({ scope, name, address }, index) => ({
    ...label("dns", "resolver", { slug: slugs[index] ?? "", name, address }),
    kind: "dns",
    scope,
    server: address,
    hostname,
  }));
}

function systemName(index: number): string {
  return index === 0 ? "System" : `System ${index + 1}`;
}

function httpChecks(settings: Settings): Check[] {
  const { sites, ipUrl, portalUrl } = settings.http;
  const byIp = { slug: "by_address", name: "By address", address: ipUrl };
  const portal = { slug: "portal", name: "Portal check", address: portalUrl };
  const page = (role: "site" | "ip_site", site: NamedAddress): Check => ({
    ...label("http", role, site),
    kind: "http",
    url: site.address,
    expect: "page",
  });
  return [
    ...sites.map((site) => page("site", site)),
    ...(ipUrl === "" ? [] : [page("ip_site", byIp)]),
    ...(portalUrl === ""
      ? []
      : [{ ...label("http", "portal", portal), kind: "http" as const, url: portalUrl, expect: "no_content" as const }]),
  ];
}

function label<const R extends Check["role"]>(kind: Check["kind"], role: R, { slug, name }: NamedAddress) {
  return { id: checkId(kind, slug), role, slug, name };
}

import { uniqueSlugs } from "../lib/slug.ts";
import { checkId, type NamedAddress, type Settings } from "./settings.ts";
import type { Check, CheckId, LinkFacts } from "./types.ts";

/** Ports on which a home router usually answers or refuses: either proves that it lives. */
const gatewayPorts = [53, 80, 443];
const mostResolvers = 3;

/** Everything to measure, given the configuration and what the host's own network looks like now. */
export function checksFor(settings: Settings, link: LinkFacts | undefined): readonly Check[] {
  const gateway = gatewayOf(settings, link);
  return [
    ...(gateway === undefined ? [] : gatewayChecks(gateway)),
    ...settings.targets.flatMap(targetChecks),
    ...settings.hops.map((hop) => ({ ...label("icmp", "hop", hop), kind: "icmp" as const, host: hop.address })),
    ...resolverChecks(settings, link, gateway),
    ...httpChecks(settings),
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

import { getServers } from "node:dns";
import { platform } from "node:os";
import type { LinkFacts } from "../model/types.ts";
import { hasGlobalIpv6, parseArp, parseIpv6Routes, parseResolvConf, parseRoutes, type Route } from "./link/parse.ts";
import { defaultRoute, routeTo } from "./link/routes.ts";
import { createLinkSystem, type LinkSystem } from "./link/system.ts";

/** Reads this machine's own side of the network; never throws, and spawns nothing. */
export type ReadLink = () => Promise<LinkFacts>;

/** `gateway`: the configured address, or `auto` for the routing table's. */
export interface LinkParts {
  readonly gateway: string;
  readonly system?: LinkSystem;
  /** As in `os.platform()`. */
  readonly platform?: string;
}

/**
 * Linux: `/proc` and `/sys`. It remembers the interface of the last default route, so that a pulled cable can be told after the
 * route has vanished. Elsewhere nothing but addresses and resolvers is known, and nothing is made up: no gateway of its own
 * finding, the neighbour unknown, and a carrier taken for granted, for its loss could not be told.
 */
export function createLinkReader(parts: LinkParts): ReadLink {
  const { gateway, system = createLinkSystem() } = parts;
  if ((parts.platform ?? platform()) !== "linux") return () => Promise.resolve(unknownFacts(gateway, system));
  let remembered: string | undefined;
  let unanswered = 0;
  return async () => {
    const routes = await readRoutes(system);
    const route = gateway === "auto" ? defaultRoute(routes) : routeTo(gateway, routes);
    const hasDefault = defaultRoute(routes) !== undefined;
    const name = route?.interface ?? remembered ?? (await likelyInterface(system));
    remembered = route?.interface ?? remembered;
    const hop = gateway === "auto" ? gatewayOf(route) : gateway;
    const [state, resolvers, entry, ipv6Addresses] = await Promise.all([
      readInterface(system, name),
      readResolvers(system),
      readNeighbour(system, hop),
      system.read("proc/net/if_inet6"),
    ]);
    // An entry is incomplete also while the very first question is under way.
    unanswered = entry?.complete === false ? unanswered + 1 : 0;
    const neighbour = neighbourOf(entry, unanswered);
    return {
      ...(name === undefined ? {} : { interface: name }),
      ...state,
      defaultRoute: hasDefault,
      ipv6: hasGlobalIpv6(ipv6Addresses ?? "") && routes.some(({ family, prefix }) => family === 6 && prefix === 0),
      ...(hop === undefined ? {} : { gateway: hop }),
      ...(entry?.complete === true ? { gatewayMac: entry.mac } : {}),
      neighbour,
      resolvers,
    };
  };
}

/**
 * What `/proc/net/arp` can tell: asked in vain twice is `failed`; a complete entry is `reachable`, though the kernel keeps it
 * for some seconds after the gateway died, and for as long as a frozen one still answers ARP.
 */
function neighbourOf(entry: { readonly complete: boolean } | undefined, unanswered: number): LinkFacts["neighbour"] {
  if (entry === undefined) return "unknown";
  if (entry.complete) return "reachable";
  return unanswered >= 2 ? "failed" : "unknown";
}

/** A link-local next hop means nothing without its interface. */
function gatewayOf(route: Route | undefined): string | undefined {
  if (route?.gateway === undefined) return undefined;
  return route.gateway.startsWith("fe80:") ? `${route.gateway}%${route.interface}` : route.gateway;
}

async function readRoutes(system: LinkSystem): Promise<readonly Route[]> {
  const [ipv4, ipv6] = await Promise.all([system.read("proc/net/route"), system.read("proc/net/ipv6_route")]);
  return [...parseRoutes(ipv4 ?? ""), ...parseIpv6Routes(ipv6 ?? "")];
}

async function readResolvers(system: LinkSystem): Promise<readonly string[]> {
  return parseResolvConf((await system.read("etc/resolv.conf")) ?? "");
}

async function readNeighbour(system: LinkSystem, gateway: string | undefined) {
  if (gateway === undefined || gateway.includes(":")) return undefined;
  return parseArp((await system.read("proc/net/arp")) ?? "").find(({ ip }) => ip === gateway);
}

async function readInterface(system: LinkSystem, name: string | undefined) {
  if (name === undefined) return { carrier: false, addresses: [] };
  const [flags, carrier, medium] = await Promise.all([
    system.read(`sys/class/net/${name}/flags`),
    system.read(`sys/class/net/${name}/carrier`),
    readMedium(system, name),
  ]);
  const addresses = (system.addresses()[name] ?? []).filter(isUsableAddress);
  if (flags === undefined) return { medium, carrier: await existsBesideSys(system, name), addresses };
  const isUp = (Number.parseInt(flags, 16) & 1) === 1;
  return { medium, carrier: isUp && carrier?.trim() === "1", addresses };
}

/**
 * In a network namespace that was entered without a `/sys` of its own, `/sys` shows another network's interfaces; `/proc/net` is
 * always this one's. An interface that is only there exists, and its carrier, which can't be read, is taken for granted.
 */
async function existsBesideSys(system: LinkSystem, name: string): Promise<boolean> {
  const devices = (await system.read("proc/net/dev")) ?? "";
  return devices.split("\n").some((line) => line.trimStart().startsWith(`${name}:`));
}

/** A name stays the same kind of interface, but asking is cheap and a stick can be replaced. */
async function readMedium(system: LinkSystem, name: string): Promise<"wired" | "wifi"> {
  const parts = await system.list(`sys/class/net/${name}`);
  return parts.includes("wireless") || parts.includes("phy80211") ? "wifi" : "wired";
}

/** Before any default route was seen: an interface that could carry one, the most alive first. */
async function likelyInterface(system: LinkSystem): Promise<string | undefined> {
  const names = (await system.list("sys/class/net")).filter((name) => name !== "lo");
  const rated = await Promise.all(
    names.map(async (name) => {
      const [{ carrier, addresses }, parts] = await Promise.all([
        readInterface(system, name),
        system.list(`sys/class/net/${name}`),
      ]);
      const weights = [carrier && addresses.length > 0, parts.includes("device"), carrier];
      return { name, weight: weights.reduce((sum, is) => sum * 2 + (is ? 1 : 0), 0) };
    }),
  );
  return rated.sort((a, b) => b.weight - a.weight || a.name.localeCompare(b.name))[0]?.name;
}

function isUsableAddress(address: string): boolean {
  return !/^(fe[89ab][0-9a-f]:|169\.254\.|127\.|::1$)/i.test(address);
}

function unknownFacts(gateway: string, system: LinkSystem): LinkFacts {
  const addresses = Object.values(system.addresses()).flat().filter(isUsableAddress);
  return {
    carrier: true,
    defaultRoute: true,
    addresses,
    ...(gateway === "auto" ? {} : { gateway }),
    neighbour: "unknown",
    resolvers: getServers().slice(0, 3),
  };
}

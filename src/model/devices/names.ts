import type { Timestamp } from "../../lib/clock.ts";
import { isRandomMac, type Mac } from "../../lib/mac.ts";
import { oneLine } from "../../lib/one-line.ts";
import { slug } from "../../lib/slug.ts";
import type { DeviceSettings } from "../settings.ts";
import type { Decisions } from "./network.ts";
import type { ClientSighting } from "./sighting.ts";
import type { DeviceState } from "./state.ts";
import type { NameOrigin } from "./view.ts";

/** A name with its origin, and when the origin last said so. */
export interface BestName {
  readonly name: string;
  readonly origin: NameOrigin;
  readonly at: Timestamp;
}

type Named = Pick<DeviceState, "mac" | "macs" | "names" | "firstSeen">;

/** What the configuration and the user say of names and of who is known, by MAC. */
export type Known = (macs: readonly Mac[]) => {
  readonly known: boolean;
  readonly user?: string;
  readonly config?: string;
};

export function createKnown(settings: DeviceSettings, decisions: Decisions): Known {
  const configured = new Map(settings.known.flatMap(({ macs, name }) => macs.map((mac) => [mac, name] as const)));
  const joined = new Map(
    decisions.joins.flatMap(({ macs, name }) => (name === undefined ? [] : macs.map((mac) => [mac, name] as const))),
  );
  // A device's list of MACs stays the same object: a thousand devices are asked for at each poll.
  const kept = new WeakMap<readonly Mac[], ReturnType<Known>>();
  const knownBy = (macs: readonly Mac[]) => {
    const user = first(macs, (mac) => decisions.known[mac]?.name) ?? first(macs, (mac) => joined.get(mac));
    const config = first(macs, (mac) => configured.get(mac));
    return {
      known: macs.some((mac) => configured.has(mac) || decisions.known[mac] !== undefined),
      ...(user === undefined ? {} : { user }),
      ...(config === undefined ? {} : { config }),
    };
  };
  return (macs) => {
    const old = kept.get(macs);
    if (old !== undefined) return old;
    const known = knownBy(macs);
    kept.set(macs, known);
    return known;
  };
}

function first<T>(macs: readonly Mac[], find: (mac: Mac) => T | undefined): T | undefined {
  for (const mac of macs) {
    const found = find(mac);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Best first: the user's own word, the configuration, the router's name for it, DHCP, mDNS, its maker, its MAC. */
export function bestName(device: Named, { user, config }: ReturnType<Known>): BestName {
  if (user !== undefined) return { name: user, origin: "user", at: device.firstSeen };
  if (config !== undefined) return { name: config, origin: "config", at: device.firstSeen };
  for (const origin of ["router", "dhcp", "mdns"] as const) {
    const given = device.names[origin];
    if (given !== undefined) return { ...given, origin };
  }
  const vendor = device.names.vendor;
  if (vendor !== undefined) return { name: `${vendor.name} ${device.mac.slice(-8)}`, origin: "vendor", at: vendor.at };
  return { name: device.mac, origin: "mac", at: device.firstSeen };
}

/** How often a name's age is renewed: each poll would make each device another one. */
const renewMs = 3_600_000;
const longestName = 64;

/** The names that a sighting brings, put beside the older ones. */
export function withNames(names: DeviceState["names"], sighting: ClientSighting, at: Timestamp): DeviceState["names"] {
  const router = renewed(names.router, sighting.description, at);
  const dhcp = renewed(names.dhcp, sighting.hostname, at);
  const vendor = names.vendor ?? renewed(undefined, sighting.vendor, at);
  if (router === names.router && dhcp === names.dhcp && vendor === names.vendor) return names;
  return {
    ...names,
    ...(router === undefined ? {} : { router }),
    ...(dhcp === undefined ? {} : { dhcp }),
    ...(vendor === undefined ? {} : { vendor }),
  };
}

/** Anybody can call a device anything: one line, not long, nothing that turns the reading direction. */
function renewed(old: DeviceState["names"]["dhcp"], given: string | undefined, at: Timestamp) {
  const name = given === undefined || given === old?.name ? given : oneLine(given, longestName);
  if (name === undefined || name === "" || name === "*") return old;
  return old !== undefined && old.name === name && at - old.at < renewMs ? old : { name, at };
}

/** Part of entity ids for ever: from the name at first sight, unlike any other. */
export function newSlug(name: string, taken: (slug: string) => boolean): string {
  const wanted = slug(name);
  let candidate = wanted;
  for (let n = 2; taken(candidate); n += 1) candidate = `${wanted}_${n}`;
  return candidate;
}

/** The maker that a MAC names; none for one that the device made up. */
export function vendorName(mac: Mac, vendorOf: (mac: Mac) => string | undefined): string | undefined {
  return isRandomMac(mac) ? undefined : vendorOf(mac);
}

import { type Mac, parseMac } from "../../lib/mac.ts";
import type { ClientSighting } from "../../model/devices/sighting.ts";
import { type ArpRow, type ArpTable, readArp } from "./arp-rows.ts";
import { type LeaseRow, readLeases } from "./lease-rows.ts";
import type { Tables } from "./menus.ts";
import { inUse, linkOf, type Ports } from "./ports.ts";
import { readCount, readDuration, readFlag, readIpv6, readText } from "./values.ts";
import { type Registration, readRegistrations } from "./wifi-rows.ts";

const addressesShown = 8;

interface BridgeHost {
  readonly interface?: string;
  readonly idleS?: number;
}

interface Bytes {
  readonly receivedBytes: number;
  readonly sentBytes: number;
  readonly counter: string;
}

/** All that the router knows of one MAC. */
interface Evidence {
  readonly mac: Mac;
  readonly lease: LeaseRow | undefined;
  readonly arp: readonly ArpRow[];
  readonly wifi: Registration | undefined;
  readonly host: BridgeHost | undefined;
}

interface Surroundings {
  readonly ports: Ports;
  readonly arp: ArpTable;
  readonly leaseOfAddress: ReadonlyMap<string, LeaseRow>;
  readonly counted: ReadonlyMap<Mac, Bytes>;
  readonly ipv6: ReadonlyMap<Mac, readonly string[]>;
}

/**
 * One sighting a MAC, of all that the router's tables say. `connected` is an association, a learnt bridge host, or an answer
 * to ARP; a lease, or an ARP entry gone stale, tells of the past only.
 */
export function readClients(tables: Tables, ports: Ports): readonly ClientSighting[] {
  const leases = readLeases(tables.leases ?? []);
  const arp = readArp(tables.arp ?? [], ports);
  const registrations = readRegistrations(tables, ports);
  const hosts = readBridgeHosts(tables, ports);
  const around: Surroundings = {
    ports,
    arp,
    leaseOfAddress: byAddress(leases),
    counted: readKidControl(tables),
    ipv6: readNeighbors(tables, ports),
  };
  const macs = new Set([...leases.keys(), ...arp.byMac.keys(), ...registrations.keys(), ...hosts.keys()]);
  return [...macs]
    .filter((mac) => !ports.ownMacs.has(mac))
    .map((mac) => {
      const wifi = registrations.get(mac);
      const evidence = { mac, lease: leases.get(mac), arp: arp.byMac.get(mac) ?? [], wifi, host: hosts.get(mac) };
      return sightingOf(evidence, around);
    });
}

function sightingOf(evidence: Evidence, around: Surroundings): ClientSighting {
  const { mac, lease, wifi, host } = evidence;
  const arp = bestArp(evidence);
  const ip = addressOf(evidence, arp);
  const ipv6 = around.ipv6.get(mac);
  const description = lease?.comment ?? arp?.comment ?? wifi?.comment;
  const bytes = around.counted.get(mac) ?? wifi?.bytes;
  const conflicts = conflictsOf(evidence, around);
  return {
    mac,
    connected: wifi !== undefined || host !== undefined || arp?.answers === true,
    ...(ip === undefined ? {} : { ip }),
    ...(ipv6 === undefined ? {} : { ipv6 }),
    ...(lease?.hostname === undefined ? {} : { hostname: lease.hostname }),
    ...(description === undefined ? {} : { description }),
    ...attachment(evidence, { arp, ports: around.ports }),
    ...bytes,
    ...(lease === undefined ? {} : { lease: lease.lease }),
    ...(arp === undefined ? {} : { arp: arp.entry }),
    ...(conflicts.length === 0 ? {} : { conflicts }),
  };
}

/** The row that answers before one that is stale, the leased address before others. */
function bestArp({ arp, lease }: Evidence): ArpRow | undefined {
  const rank = (row: ArpRow) => (row.answers ? 2 : 0) + (row.ip === lease?.activeIp ? 1 : 0);
  return arp.reduce<ArpRow | undefined>(
    (best, row) => (best === undefined || rank(row) > rank(best) ? row : best),
    undefined,
  );
}

/** What it answers from is its address, whatever it was given; an address that is only kept for it comes last. */
function addressOf({ lease, wifi }: Evidence, arp: ArpRow | undefined): string | undefined {
  const answering = arp?.answers === true ? arp.ip : undefined;
  return answering ?? lease?.activeIp ?? wifi?.ip ?? arp?.ip ?? lease?.reservedIp;
}

function attachment(
  { wifi, host }: Evidence,
  { arp, ports }: { readonly arp: ArpRow | undefined; readonly ports: Ports },
): Partial<ClientSighting> {
  if (wifi !== undefined) return { link: "wifi", ...wifi.sighting };
  const name = host?.interface ?? arp?.entry.interface;
  const link = linkOf(ports.types.get(name ?? ""));
  return {
    ...(link === undefined ? {} : { link }),
    ...(name === undefined ? {} : { interface: name }),
    ...(host?.idleS === undefined ? {} : { idleS: host.idleS }),
  };
}

/** Only what answers now contradicts a lease: old entries are left behind by every change of address. */
function conflictsOf({ mac, lease, arp }: Evidence, { arp: table, leaseOfAddress }: Surroundings): readonly string[] {
  const conflicts: string[] = [];
  const answering = arp.filter((row) => row.answers);
  const leased = lease?.activeIp ?? lease?.reservedIp;
  if (leased !== undefined && answering.length > 0 && answering.every((row) => row.ip !== leased))
    conflicts.push(`lease says ${leased}, ARP says ${answering[0]?.ip}`);
  const intruder = leased === undefined ? undefined : table.byAddress.get(leased)?.find((row) => row.mac !== mac);
  if (intruder !== undefined) conflicts.push(`lease says ${leased} is ${mac}, ARP says ${intruder.mac}`);
  for (const { ip } of answering) {
    const owner = leaseOfAddress.get(ip);
    if (owner !== undefined && owner.mac !== mac) conflicts.push(`lease says ${ip} is ${owner.mac}, ARP says ${mac}`);
  }
  return conflicts.slice(0, addressesShown);
}

function byAddress(leases: ReadonlyMap<Mac, LeaseRow>): ReadonlyMap<string, LeaseRow> {
  const found = new Map<string, LeaseRow>();
  for (const row of leases.values()) {
    const ip = row.activeIp ?? row.reservedIp;
    if (ip !== undefined && (row.activeIp !== undefined || !found.has(ip))) found.set(ip, row);
  }
  return found;
}

/** Hosts that a bridge has learnt, the router's own ports and what lies towards the provider not among them. */
function readBridgeHosts({ bridgeHosts = [] }: Tables, { wan }: Ports): ReadonlyMap<Mac, BridgeHost> {
  const hosts = new Map<Mac, BridgeHost>();
  for (const row of bridgeHosts) {
    const mac = parseMac(row["mac-address"] ?? "");
    // Version 6 calls it `interface`.
    const name = readText(row["on-interface"]) ?? readText(row["interface"]);
    const isOther = readFlag(row["local"]) !== true && inUse(row);
    if (mac === undefined || !isOther || wan.has(name ?? "") || wan.has(row["bridge"] ?? "")) continue;
    const idleS = readDuration(row["age"]);
    const host = { ...(name === undefined ? {} : { interface: name }), ...(idleS === undefined ? {} : { idleS }) };
    // Once a VLAN: the one that it spoke in last.
    const other = hosts.get(mac);
    if (other === undefined || (idleS ?? Number.POSITIVE_INFINITY) < (other.idleS ?? Number.POSITIVE_INFINITY))
      hosts.set(mac, host);
  }
  return hosts;
}

/**
 * Kid control counts what a device exchanges with the Internet: up and down as the device sees it, so down is what it received.
 * It does so wherever the device hangs, and over roams, so it is taken before an association's own count. Before anything was
 * counted its zeros may mean that nothing passes it (fasttrack).
 */
function readKidControl({ kidControl = [] }: Tables): ReadonlyMap<Mac, Bytes> {
  const counted = new Map<Mac, Bytes>();
  for (const row of kidControl) {
    const mac = parseMac(row["mac-address"] ?? "");
    const receivedBytes = readCount(row["bytes-down"]);
    const sentBytes = readCount(row["bytes-up"]);
    if (mac === undefined || receivedBytes === undefined || sentBytes === undefined) continue;
    if (receivedBytes + sentBytes > 0) counted.set(mac, { receivedBytes, sentBytes, counter: "kid-control" });
  }
  return counted;
}

function readNeighbors({ neighbors6 = [] }: Tables, { wan }: Ports): ReadonlyMap<Mac, readonly string[]> {
  const found = new Map<Mac, Set<string>>();
  for (const row of neighbors6) {
    const mac = parseMac(row["mac-address"] ?? "");
    const ip = readIpv6(row["address"]);
    const isGone = row["status"] === "failed" || row["status"] === "incomplete";
    if (mac === undefined || ip === undefined || isGone || wan.has(row["interface"] ?? "")) continue;
    found.set(mac, (found.get(mac) ?? new Set()).add(ip));
  }
  // In an order of their own, since that of the table changes from poll to poll.
  return new Map(
    [...found].map(([mac, ips]) => [mac, [...ips].sort((a, b) => (a < b ? -1 : 1)).slice(0, addressesShown)]),
  );
}

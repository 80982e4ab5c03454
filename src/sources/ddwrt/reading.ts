import type { Mac } from "../../lib/mac.ts";
import type { ClientSighting, SourceReading } from "../../model/devices/sighting.ts";
import type { ArpEvidence } from "./arp-evidence.ts";
import { type DdwrtPages, routerFacts, wanSide } from "./facts.ts";
import { isMasked, type Page } from "./pages.ts";
import { type ArpRow, arpRows, type LeaseRow, leaseRows, type WirelessRow, wirelessRows } from "./tables.ts";

/** The pages are not what such a router answers; the message is for people and goes behind the router's name. */
export class PagesError extends Error {
  override readonly name = "PagesError";
}

/** The words of a table. A key that is not there is an error, not an empty table; so are words that make no row. */
export function table(page: Page, key: string): readonly string[] {
  const words = page.lists.get(key);
  const value = page.values.get(key);
  if (words === undefined && (value === undefined || !/^\}?$/.test(value))) {
    throw new PagesError(value === undefined ? `answered a page without ${key}` : `has ${key} in an unknown form`);
  }
  if (words?.some(isMasked)) {
    throw new PagesError("hides the MAC addresses: turn off Administration → Management → Info Site MAC Masking");
  }
  return words ?? [];
}

/** Whether the router has radios: a page without any key of them is that of a wired router. */
export function hasRadios(wireless: Page): boolean {
  return [...wireless.values.keys(), ...wireless.lists.keys()].some((key) => /^(wl_|active_wireless$)/.test(key));
}

/** Puts the pages together: everyone in the tables of radios, ARP and leases, without what is on the provider's side. */
export function toReading(pages: DdwrtPages, evidence: ArpEvidence): SourceReading {
  const { lan, wireless } = pages;
  const allArp = rowsOf(lan, "arp_table", arpRows);
  const associated = wireless === undefined ? [] : rowsOf(wireless, "active_wireless", wirelessRows);
  const minutes = Number(lan.values.get("dhcp_lease_time") ?? Number.NaN);
  const leases =
    lan.lists.has("dhcp_leases") || lan.values.has("dhcp_leases")
      ? rowsOf(lan, "dhcp_leases", (words) => leaseRows(words, Number.isInteger(minutes) ? minutes : undefined))
      : [];
  const wan = wanSide(pages, allArp);
  const arp = busiest(allArp.filter((row) => !wan?.faces(row)));
  const radio = new Map(associated.map((row) => [row.mac, row]));
  const leased = new Map(leases.map((row) => [row.mac, row]));
  const there = evidence.connected(new Set(radio.keys()), [...arp.values()]);
  const macs = new Set([...radio.keys(), ...arp.keys(), ...leased.keys()]);
  const clients = [...macs].map((mac) =>
    sighting({ mac, radio: radio.get(mac), arp: arp.get(mac), lease: leased.get(mac), inArp: there.has(mac) }),
  );
  return { clients, coverage: "full", router: routerFacts(pages, wan) };
}

function rowsOf<T>(page: Page, key: string, read: (words: readonly string[]) => readonly T[]): readonly T[] {
  const words = table(page, key);
  const rows = read(words);
  if (rows.length === 0 && words.length > 0) throw new PagesError(`has ${key} in an unknown form`);
  return rows;
}

/** One row a MAC: that of the interface with the most traffic, with all addresses. */
function busiest(rows: readonly ArpRow[]): ReadonlyMap<Mac, ArpRow> {
  const byMac = new Map<Mac, ArpRow>();
  for (const row of rows) {
    const other = byMac.get(row.mac);
    const best = other === undefined || bytes(row) > bytes(other) ? row : other;
    const addresses = [...new Set([...(other?.addresses ?? []), ...row.addresses])];
    byMac.set(row.mac, { ...best, addresses: addresses.slice(0, 32) });
  }
  return byMac;
}

function bytes({ receivedBytes = 0, sentBytes = 0 }: ArpRow): number {
  return receivedBytes + sentBytes;
}

/** Fields that may hold `undefined`, to be left out. */
type Optional<T> = { readonly [K in keyof T]?: T[K] | undefined };

interface Seen {
  readonly mac: Mac;
  readonly radio: WirelessRow | undefined;
  readonly arp: ArpRow | undefined;
  readonly lease: LeaseRow | undefined;
  readonly inArp: boolean;
}

function sighting({ mac, radio, arp, lease, inArp }: Seen): ClientSighting {
  const ipv4 = arp?.addresses.filter((address) => !address.includes(":")) ?? [];
  const ipv6 = arp?.addresses.filter((address) => address.includes(":")) ?? [];
  const leasedInUse = lease !== undefined && (ipv4.length === 0 || ipv4.includes(lease.ip));
  const ip = leasedInUse ? lease.ip : ipv4[0];
  const hostname = lease?.hostname ?? arp?.hostname;
  const conflicts =
    lease === undefined || leasedInUse ? undefined : [`lease says ${lease.ip}, ARP says ${ipv4.join(", ")}`];
  const given: Optional<ClientSighting> = {
    ip,
    ipv6: ipv6.length === 0 ? undefined : ipv6,
    hostname,
    link: radio === undefined ? undefined : "wifi",
    interface: radio?.interface ?? arp?.interface,
    signalDbm: radio?.signalDbm,
    signalPercent: radio?.signalPercent,
    linkDownBps: radio?.linkDownBps,
    linkUpBps: radio?.linkUpBps,
    receivedBytes: arp?.receivedBytes,
    sentBytes: arp?.sentBytes,
    // Bytes are counted for a MAC behind an interface.
    counter: arp?.receivedBytes === undefined ? undefined : arp.interface,
    lease: lease?.lease,
    arp: arp?.interface === undefined ? undefined : { interface: arp.interface },
    conflicts,
  };
  const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { mac, connected: radio !== undefined || inArp, ...known };
}

import type { Timestamp } from "../../lib/clock.ts";
import type { Mac } from "../../lib/mac.ts";
import type {
  ArpEntry,
  Band,
  Lease,
  MeshPoint,
  RouterFacts,
  RouterInterface,
  SourceErrorCode,
  SourceId,
} from "./sighting.ts";

/** Where a name comes from, the best first. */
export type NameOrigin = "user" | "config" | "router" | "dhcp" | "mdns" | "vendor" | "mac";

/** 24 hours, each the bits of its ten 6-minute slots in which there was evidence. */
export type ActivityCells = readonly number[];

/** Where a device is attached, of all sources the best evidence. */
export interface DevicePlace {
  readonly source: SourceId;
  /** The router's or mesh point's name. */
  readonly router: string;
  /** The access point's name; that of the router where there is no other. */
  readonly accessPoint: string;
  readonly main: boolean;
  readonly link?: "wired" | "wifi";
  readonly interface?: string;
  readonly ssid?: string;
  readonly band?: Band;
  readonly network?: "user" | "guest" | "device";
  readonly signalDbm?: number;
  readonly signalPercent?: number;
}

/** Traffic of a device from its own viewpoint. Bytes are since it was first seen. */
export interface DeviceTraffic {
  /** The name of the source that counts. */
  readonly source: string;
  readonly downBps?: number;
  readonly upBps?: number;
  readonly receivedBytes: number;
  readonly sentBytes: number;
  readonly receivedToday: number;
  readonly sentToday: number;
  readonly receivedMonth: number;
  readonly sentMonth: number;
}

/** An address that the device has had. */
export interface AddressUse {
  readonly ip: string;
  readonly first: Timestamp;
  readonly last: Timestamp;
}

/** A DHCP lease in time: what a poll says in seconds, as moments that stay. */
export interface LeaseView extends Omit<Lease, "expiresInS" | "lastSeenS"> {
  readonly expiresAt?: Timestamp;
  /** When the router last heard the client, at most each quarter of an hour. */
  readonly heardAt?: Timestamp;
}

/** A client of the network, made of all its sightings. The same object as long as nothing in it changed. */
export interface DeviceView {
  /** The 12 hex digits of its first MAC: part of topics. */
  readonly id: string;
  readonly mac: Mac;
  /** All that it uses, `mac` first. */
  readonly macs: readonly Mac[];
  /** From its name at first sight: part of entity ids. Unique, and it never changes. */
  readonly slug: string;
  readonly name: string;
  readonly nameOrigin: NameOrigin;
  /** When the source of the name last said so. */
  readonly nameAt: Timestamp;
  readonly vendor?: string;
  readonly randomMac: boolean;
  readonly known: boolean;
  /** What the sources say now; absent: none that could tell is available. */
  readonly connected?: boolean;
  /** Follows after `away_after`; absent: unknown. */
  readonly presence?: "home" | "not_home";
  readonly ip?: string;
  readonly ipv6: readonly string[];
  readonly hostname?: string;
  /** Where it is, or where it was last. */
  readonly place?: DevicePlace;
  /** Names of the sources that see it now. */
  readonly sources: readonly string[];
  readonly traffic?: DeviceTraffic;
  readonly firstSeen: Timestamp;
  readonly lastSeen: Timestamp;
  readonly activity: ActivityCells;
  readonly lease?: LeaseView;
  readonly arp?: ArpEntry;
  readonly conflicts: readonly string[];
  readonly addresses: readonly AddressUse[];
}

/** A router's interface with its rates in bit/s over the time between two readings. */
export interface InterfaceView extends RouterInterface {
  readonly slug: string;
}

/** A router that is polled. */
export interface RouterView {
  /** The source's slug: part of topics. */
  readonly id: SourceId;
  readonly name: string;
  readonly kind: string;
  readonly host: string;
  /** Absent: not read yet. */
  readonly available?: boolean;
  readonly failure?: { readonly code: SourceErrorCode; readonly message: string; readonly since: Timestamp };
  /** As it was read last. */
  readonly facts: RouterFacts;
  readonly bootAt?: Timestamp;
  readonly interfaces: readonly InterfaceView[];
  /** Devices connected to the router itself, its mesh points not among them. */
  readonly clients: number;
}

/** A mesh point. `mac` without colons is part of topics. */
export interface MeshView extends MeshPoint {
  readonly id: string;
  readonly router: SourceId;
  /** False: the router can't be read, so nothing is known of the point. */
  readonly available: boolean;
  readonly bootAt?: Timestamp;
  readonly clients: number;
}

/** Two devices that may be one. */
export interface JoinSuggestion {
  readonly macs: readonly [Mac, Mac];
  readonly names: readonly [string, string];
  /** Each for people: `same host name "Anna-iPhone"`. */
  readonly reasons: readonly string[];
}

/** Who is on the network. */
export interface DevicesView {
  /** Those that were connected at some time. */
  readonly devices: readonly DeviceView[];
  /** Those that a router only has a lease or an old entry of: never seen, `lastSeen` is 0. No entity, no alert. */
  readonly unseen: readonly DeviceView[];
  readonly routers: readonly RouterView[];
  readonly meshPoints: readonly MeshView[];
  /** Absent: no source can tell. */
  readonly devicesOnline?: number;
  readonly unknownDevices?: number;
  /** The router's own word on its outside address. */
  readonly externalIp?: string;
  readonly suggestions: readonly JoinSuggestion[];
  /** Left out at run time, so that it can be taken back. */
  readonly ignored: readonly { readonly mac: Mac; readonly name: string }[];
}

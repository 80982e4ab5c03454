import type { Timestamp } from "../../lib/clock.ts";
import type { Mac } from "../../lib/mac.ts";
import type { ClientSighting } from "./sighting.ts";
import type { AddressUse, DevicePlace, NameOrigin } from "./view.ts";

/** One MAC as one source saw it last. */
export interface Sighted {
  /** The last reading that listed it, and the last one that showed it connected (0: none). */
  readonly at: Timestamp;
  readonly connectedAt: Timestamp;
  /** Full readings of that source in a row, since then, that did not show it connected. */
  readonly missed: number;
  readonly sighting: ClientSighting;
}

/** A name as some origin gave it. */
export interface GivenName {
  readonly name: string;
  readonly at: Timestamp;
}

/** Bytes of a device, from its own viewpoint, over all restarts of the counters. */
export interface TrafficState {
  /** Whose counters are taken: the key of `sightings`' source. */
  readonly source: string;
  readonly day: string;
  readonly received: number;
  readonly sent: number;
  readonly receivedToday: number;
  readonly sentToday: number;
  readonly receivedMonth: number;
  readonly sentMonth: number;
  /** The counters as they were read last, by source, MAC and what counts. */
  readonly counters: Readonly<
    Record<string, { readonly received: number; readonly sent: number; readonly at: Timestamp }>
  >;
  readonly downBps?: number;
  readonly upBps?: number;
  /** What came within the last minute, the oldest first. */
  readonly minute: readonly { readonly at: Timestamp; readonly received: number; readonly sent: number }[];
}

/** A condition that is told once: it holds since `since`, or it is over and was told last at `told`. */
export interface Alarm {
  readonly active: boolean;
  readonly told: Timestamp;
}

/** All that is known of one device. Plain JSON; immutable: a change makes a new one. What is kept over a restart is this. */
export interface DeviceState {
  /** The 12 hex digits of `mac`. */
  readonly id: string;
  readonly mac: Mac;
  readonly macs: readonly Mac[];
  readonly slug: string;
  readonly firstSeen: Timestamp;
  /** Last evidence of life. */
  readonly lastSeen: Timestamp;
  /** By source (and its part) and MAC: `alien aa:bb:…`. */
  readonly sightings: Readonly<Record<string, Sighted>>;
  readonly names: Readonly<Partial<Record<NameOrigin, GivenName>>>;
  readonly connected?: boolean;
  readonly presence?: "home" | "not_home";
  /** What was known last, before it became unknown: events tell changes between these. */
  readonly lastConnected?: boolean;
  readonly lastPresence?: "home" | "not_home";
  /** The sources (with their part) that see it now. */
  readonly seenBy: readonly string[];
  /** Devices that were connected at the same time, among those of the same host name: ids. */
  readonly together: readonly string[];
  /** The first reading that no longer showed it, while nothing was concluded yet. */
  readonly goneAt?: Timestamp;
  readonly place?: DevicePlace;
  readonly addresses: readonly AddressUse[];
  readonly traffic?: TrafficState;
  /** The local day, and its 24 hours as bits of 6-minute slots. */
  readonly activity: { readonly day: string; readonly cells: readonly number[] };
  readonly alarms: Readonly<Partial<Record<"unknown" | "signal" | "down" | "up", Alarm>>>;
}

import type { Timestamp } from "../../lib/clock.ts";
import { type Mac, macDigits } from "../../lib/mac.ts";
import { newSlug } from "./names.ts";
import type { DeviceState } from "./state.ts";

/** What another program has recorded of a client. */
export interface PastClient {
  readonly mac: Mac;
  /** `""`: none. */
  readonly name: string;
  readonly ip: string;
  readonly first: Timestamp;
  readonly last: Timestamp;
}

/** A client of the past as a device: with its first and last time, where nothing of today is known. */
export function pastDevice(past: PastClient, existing: ReadonlyMap<Mac, DeviceState>, taken: Set<string>): DeviceState {
  const known = existing.get(past.mac);
  if (known !== undefined) {
    const firstSeen = Math.min(known.firstSeen, past.first);
    return { ...known, firstSeen, lastSeen: Math.max(known.lastSeen, past.last) };
  }
  const slug = newSlug(past.name === "" ? past.mac : past.name, (each) => taken.has(each));
  taken.add(slug);
  return {
    id: macDigits(past.mac),
    mac: past.mac,
    macs: [past.mac],
    slug,
    firstSeen: past.first,
    lastSeen: past.last,
    sightings: {},
    names: past.name === "" ? {} : { router: { name: past.name, at: past.last } },
    connected: false,
    presence: "not_home",
    lastConnected: false,
    lastPresence: "not_home",
    seenBy: [],
    together: [],
    addresses: past.ip === "" ? [] : [{ ip: past.ip, first: past.first, last: past.last }],
    activity: { day: "", cells: Array.from({ length: 24 }, () => 0) },
    // Whoever recorded it has told of it.
    alarms: { unknown: { active: false, told: past.last } },
  };
}

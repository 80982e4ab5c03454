import { dayAt, type Timestamp } from "../../lib/clock.ts";
import { type Mac, macDigits, macToken } from "../../lib/mac.ts";
import { tellUnknown, watch } from "./alarms.ts";
import { type Draft, deviceOf, remove } from "./draft.ts";
import { groupOf } from "./groups.ts";
import { bestName, newSlug, vendorName, withNames } from "./names.ts";
import { type SourceState, sightingKey } from "./network.ts";
import { bestSighting } from "./place.ts";
import { settle } from "./settle.ts";
import type { ClientSighting } from "./sighting.ts";
import type { DeviceState, Sighted } from "./state.ts";
import { likelySame } from "./suggest.ts";
import { addTraffic, countsBytes } from "./traffic.ts";
import type { AddressUse } from "./view.ts";

const addressesKept = 12;
/** The end of an address's use is moved on so often: each poll would make each device another one. */
const addressEveryMs = 900_000;
const slotMs = 360_000;
const slotsOfHour = 10;
const mostToldAtFirst = 10;
const hourMs = 3_600_000;

/** A reading's clients, folded into their devices; those that it should have shown and did not are missed. */
export function foldClients(
  draft: Draft,
  source: SourceState,
  reading: { clients: readonly ClientSighting[]; at: Timestamp },
): void {
  const { at } = reading;
  const isFirst = source.coverage === "full" && !source.everRead && draft.devices.size === 0;
  const own = ownMacs(draft);
  const listed = new Map<Mac, ClientSighting>();
  for (const client of reading.clients) {
    if (own.has(client.mac)) continue;
    if (isLeftOut(draft, source, client)) {
      // A name that turned up later may be one to ignore.
      remove(draft, client.mac);
      continue;
    }
    const other = listed.get(client.mac);
    if (other === undefined || (client.connected && !other.connected)) listed.set(client.mac, client);
  }
  const touched = new Set<string>();
  const day = dayAt(at, draft.rest.utcOffsetMs);
  for (const client of listed.values()) touched.add(foldClient(draft, source, { client, at, day }));
  const absent = source.coverage === "full" ? missing(draft, source, listed) : [];
  for (const mac of absent) {
    const device = deviceOf(draft, mac);
    if (device === undefined) continue;
    draft.devices.set(device.id, miss(device, sightingKey(source.key, mac)));
    touched.add(device.id);
  }
  draft.sources.set(source.key, { ...source, watched: stillWatched(draft, source, { listed, absent }) });
  if (isFirst) hush(draft, at);
  for (const id of touched) {
    const device = draft.devices.get(id);
    if (device !== undefined) draft.devices.set(id, met(draft, settle(draft, device, at), { source: source.key, at }));
  }
}

/**
 * A home with many devices that nobody has named yet: on the very first look they are counted as unknown, and not told one
 * by one. Whoever comes later is.
 */
function hush(draft: Draft, at: Timestamp): void {
  const unknown = [...draft.devices.values()].filter(({ macs }) => !draft.known(macs).known);
  if (unknown.length <= mostToldAtFirst) return;
  for (const device of unknown) {
    draft.devices.set(device.id, { ...device, alarms: { ...device.alarms, unknown: { active: false, told: at } } });
  }
}

/** Routers and mesh points are no clients of each other. */
function ownMacs(draft: Draft): ReadonlySet<Mac> {
  const macs = new Set<Mac>();
  for (const { facts, mesh } of draft.sources.values()) {
    if (facts.mac !== undefined) macs.add(facts.mac);
    for (const mac of mesh.keys()) macs.add(mac);
  }
  return macs;
}

function isLeftOut(draft: Draft, source: SourceState, client: ClientSighting): boolean {
  const { decisions, leftOut } = draft.rest;
  if (decisions.ignored[client.mac] !== undefined) return true;
  const isIgnored = draft.isIgnored(client);
  const token = draft.leavesOut ? macToken(client.mac) : "";
  const by = leftOut[token];
  if (isIgnored && by === undefined)
    draft.rest = { ...draft.rest, leftOut: bounded({ ...leftOut, [token]: source.key }) };
  if (isIgnored || (by !== undefined && by !== source.key)) return true;
  if (by !== undefined) {
    // The source that gave the name gives another one now.
    draft.rest = {
      ...draft.rest,
      leftOut: Object.fromEntries(Object.entries(leftOut).filter(([each]) => each !== token)),
    };
  }
  return false;
}

const mostLeftOut = 5_000;

function bounded(leftOut: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const all = Object.entries(leftOut);
  return all.length <= mostLeftOut ? leftOut : Object.fromEntries(all.slice(-mostLeftOut));
}

function missing(draft: Draft, source: SourceState, listed: ReadonlyMap<Mac, ClientSighting>): readonly Mac[] {
  if (source.everRead) return [...source.watched].filter((mac) => !listed.has(mac));
  // Read for the first time in this run: all that it ever showed.
  const before: Mac[] = [];
  for (const device of draft.devices.values()) {
    for (const mac of device.macs) {
      if (device.sightings[sightingKey(source.key, mac)] !== undefined && !listed.has(mac)) before.push(mac);
    }
  }
  return before;
}

/** Those that it shows connected, and those that were missed, but not often enough to tell. */
function stillWatched(
  draft: Draft,
  source: SourceState,
  { listed, absent }: { readonly listed: ReadonlyMap<Mac, ClientSighting>; readonly absent: readonly Mac[] },
): ReadonlySet<Mac> {
  const watched = new Set<Mac>();
  const doubtful = [...absent];
  for (const { mac, connected } of listed.values()) {
    if (connected) watched.add(mac);
    else doubtful.push(mac);
  }
  for (const mac of doubtful) {
    const sighted = deviceOf(draft, mac)?.sightings[sightingKey(source.key, mac)];
    if (sighted !== undefined && sighted.missed < 3) watched.add(mac);
  }
  return watched;
}

interface Listed {
  readonly client: ClientSighting;
  readonly at: Timestamp;
  /** The local day of `at`: the same for all clients of a reading. */
  readonly day: string;
}

function foldClient(draft: Draft, source: SourceState, listed: Listed): string {
  const { client, at, day } = listed;
  const device = deviceOf(draft, client.mac) ?? createDevice(draft, listed);
  const key = sightingKey(source.key, client.mac);
  const old = device.sightings[key];
  const sighted: Sighted = {
    at,
    connectedAt: client.connected ? at : (old?.connectedAt ?? 0),
    missed: client.connected ? 0 : (old?.missed ?? 0) + 1,
    sighting: client,
  };
  const { connected } = client;
  const sightings = { ...device.sightings, [key]: sighted };
  const traffic = counted(device, { source, client, sightings, watched: old !== undefined, at, day });
  draft.devices.set(device.id, {
    ...device,
    sightings,
    ...(traffic === undefined ? {} : { traffic }),
    names: withNames(device.names, client, at),
    lastSeen: connected ? at : device.lastSeen,
    addresses: connected ? withAddress(device.addresses, client.ip, at) : device.addresses,
    activity: connected ? active(device.activity, day, at + draft.rest.utcOffsetMs) : device.activity,
  });
  return device.id;
}

function createDevice(draft: Draft, { client, at, day }: Listed): DeviceState {
  const macs = groupOf(draft, client.mac);
  const mac = macs[0] ?? client.mac;
  const vendor = vendorName(mac, draft.vendorOf);
  const names = withNames(vendor === undefined ? {} : { vendor: { name: vendor, at } }, client, at);
  const { name } = bestName({ mac, macs, names, firstSeen: at }, draft.known(macs));
  draft.slugs ??= new Set([...draft.devices.values()].map(({ slug }) => slug));
  const { slugs } = draft;
  const slug = newSlug(name, (each) => slugs.has(each));
  slugs.add(slug);
  const device: DeviceState = {
    id: macDigits(mac),
    mac,
    macs,
    slug,
    firstSeen: at,
    lastSeen: 0,
    sightings: {},
    names,
    seenBy: [],
    together: [],
    addresses: [],
    activity: { day, cells: noCells },
    alarms: {},
  };
  for (const each of macs) draft.owners.set(each, device.id);
  return device;
}

const noCells: readonly number[] = Array.from({ length: 24 }, () => 0);

function miss(device: DeviceState, key: string): DeviceState {
  const old = device.sightings[key];
  if (old === undefined) return device;
  return { ...device, sightings: { ...device.sightings, [key]: { ...old, missed: old.missed + 1 } } };
}

function withAddress(addresses: readonly AddressUse[], ip: string | undefined, at: Timestamp): readonly AddressUse[] {
  if (ip === undefined) return addresses;
  const newest = addresses.at(-1);
  if (newest?.ip === ip) {
    if (at - newest.last < addressEveryMs) return addresses;
    return [...addresses.slice(0, -1), { ...newest, last: at }];
  }
  return [...addresses.filter((use) => use.ip !== ip), { ip, first: at, last: at }].slice(-addressesKept);
}

/** Marks the 6-minute slot of the hour; `local` is the time with the offset from UTC in it. */
function active(activity: DeviceState["activity"], day: string, local: number): DeviceState["activity"] {
  const cells = activity.day === day ? activity.cells : noCells;
  const hour = Math.floor(local / hourMs) % 24;
  const slot = Math.floor(local / slotMs) % slotsOfHour;
  const cell = (cells[hour] ?? 0) | (1 << slot);
  if (activity.day === day && cell === cells[hour]) return activity;
  return { day, cells: cells.map((old, index) => (index === hour ? cell : old)) };
}

interface Counting extends Listed {
  readonly source: SourceState;
  readonly sightings: DeviceState["sightings"];
  /** The source saw it before. */
  readonly watched: boolean;
}

/** The source that shows where the device is counts for it, unless only another one counts. */
function counted(device: DeviceState, listed: Counting): DeviceState["traffic"] {
  const { source, client, sightings, watched, at, day } = listed;
  if (!countsBytes(client)) return device.traffic;
  const seen = device.seenBy.includes(source.key) ? device.seenBy : [...device.seenBy, source.key];
  const best = bestSighting({ sightings, place: device.place }, seen);
  const counting = best !== undefined && countsBytes(best.sighted.sighting) ? best.source : device.traffic?.source;
  const chosen = counting === undefined || counting === source.key || !device.seenBy.includes(counting);
  return addTraffic(device.traffic, { source: source.key, chosen, sighting: client, at, day, watched });
}

interface Meeting {
  readonly source: string;
  readonly at: Timestamp;
}

/** What is to be told of a device that is there. */
function met(draft: Draft, device: DeviceState, { source, at }: Meeting): DeviceState {
  const best = bestSighting(device, device.seenBy);
  if (best === undefined) return device;
  const name = () => bestName(device, draft.known(device.macs));
  const ip = device.addresses.at(-1)?.ip;
  const maybe = () => likelySame(draft.devices, device, draft.known);
  const told = tellUnknown(draft, device, { name, ip, at, maybe });
  return best.source === source ? watch(draft, told, { sighting: best.sighted.sighting, name, ip, at }) : told;
}

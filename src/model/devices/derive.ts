import { dayAt, type Timestamp } from "../../lib/clock.ts";
import { isRandomMac, macDigits } from "../../lib/mac.ts";
import type { Settings } from "../settings.ts";
import { isSame } from "./is-same.ts";
import { bestName, createKnown, type Known } from "./names.ts";
import type { MeshState, NetworkState, SourceState } from "./network.ts";
import type { DeviceState, Sighted } from "./state.ts";
import { suggestionsFor } from "./suggest.ts";
import { onDay } from "./traffic.ts";
import type {
  DevicesView,
  DeviceTraffic,
  DeviceView,
  JoinSuggestion,
  LeaseView,
  MeshView,
  RouterView,
} from "./view.ts";

/** How often the last sign of life of a device that stays is shown anew. */
const lastSeenEveryMs = 900_000;
const suggestEveryMs = 60_000;
const minuteMs = 60_000;

/** Answers who is on the network. What did not change stays the same object. */
export type DeriveNetwork = (network: NetworkState, at: Timestamp) => DevicesView;

export function createDeriveNetwork({ devices: settings }: Settings): DeriveNetwork {
  let last: { readonly network: NetworkState; readonly day: string; readonly view: DevicesView } | undefined;
  const kept = new Map<string, Kept>();
  let known: { readonly of: NetworkState["decisions"]; readonly is: Known } | undefined;
  let suggested: { readonly at: Timestamp; readonly list: readonly JoinSuggestion[] } = {
    at: Number.NEGATIVE_INFINITY,
    list: [],
  };

  return (network, at) => {
    const day = dayAt(at, network.utcOffsetMs);
    if (last?.network === network && last.day === day) return last.view;
    const decided = known?.of !== network.decisions;
    if (known === undefined || decided) known = { of: network.decisions, is: createKnown(settings, network.decisions) };
    const is = known.is;
    const views: DeviceView[] = [];
    for (const device of network.devices.values()) {
      const old = kept.get(device.id);
      const fresh = old?.device === device && old.day === day && !decided;
      const view = fresh ? old.view : renewed(old, { network, device, day, is });
      if (!fresh) kept.set(device.id, { device, day, view });
      views.push(view);
    }
    if (kept.size > views.length) for (const id of kept.keys()) if (!network.devices.has(id)) kept.delete(id);
    if (decided || at - suggested.at >= suggestEveryMs) suggested = { at, list: suggestionsFor(network.devices, is) };
    const view = assemble(network, views, suggested.list);
    const shown = last === undefined ? view : keepingSame(last.view, view);
    last = { network, day, view: shown };
    return shown;
  };
}

interface Kept {
  readonly device: DeviceState;
  readonly day: string;
  readonly view: DeviceView;
}

interface Source {
  readonly network: NetworkState;
  readonly device: DeviceState;
  readonly day: string;
  readonly is: Known;
}

function renewed(old: Kept | undefined, source: Source): DeviceView {
  const view = deviceView(source, old?.view);
  return old !== undefined && isSame(old.view, view) ? old.view : view;
}

function assemble(
  network: NetworkState,
  all: readonly DeviceView[],
  suggestions: readonly JoinSuggestion[],
): DevicesView {
  const devices = all.filter(({ lastSeen }) => lastSeen > 0);
  const sources = [...network.sources.values()];
  const canTell = sources.some(({ available }) => available === true);
  const routers = sources.filter(({ settings }) => settings.isRouter);
  return {
    devices,
    unseen: all.filter(({ lastSeen }) => lastSeen === 0),
    routers: routers.map((source) => routerView(source, devices)),
    meshPoints: routers.flatMap((source) => [...source.mesh.values()].map((point) => meshView(point, source, devices))),
    ...(canTell ? { devicesOnline: devices.filter(({ connected }) => connected === true).length } : {}),
    ...(sources.length === 0 ? {} : { unknownDevices: devices.filter(({ known }) => !known).length }),
    ...(network.externalIp === undefined ? {} : { externalIp: network.externalIp }),
    suggestions,
    ignored: Object.entries(network.decisions.ignored).map(([mac, name]) => ({ mac, name })),
  };
}

/** Lists and entries that say the same stay the same objects. */
function keepingSame(old: DevicesView, now: DevicesView): DevicesView {
  const list = <T>(before: readonly T[], after: readonly T[]): readonly T[] => {
    const entries = after.map((entry, index) => {
      const one = before[index];
      return one !== undefined && (one === entry || isSame(one, entry)) ? one : entry;
    });
    return ofSame(before, entries);
  };
  return {
    ...now,
    // These were compared one by one when they were made.
    devices: ofSame(old.devices, now.devices),
    unseen: ofSame(old.unseen, now.unseen),
    routers: list(old.routers, now.routers),
    meshPoints: list(old.meshPoints, now.meshPoints),
    suggestions: list(old.suggestions, now.suggestions),
    ignored: list(old.ignored, now.ignored),
  };
}

function ofSame<T>(before: readonly T[], after: readonly T[]): readonly T[] {
  return after.length === before.length && after.every((entry, index) => entry === before[index]) ? before : after;
}

function deviceView({ network, device, day, is }: Source, old: DeviceView | undefined): DeviceView {
  const { mac, macs, place } = device;
  const known = is(macs);
  const name = bestName(device, known);
  const newest = newestOf(device);
  const sighting = newest.any?.sighting;
  const lease = leaseView(newest.lease, old?.lease);
  const arp = newest.arp?.sighting.arp;
  const ip = device.addresses.at(-1)?.ip ?? sighting?.ip;
  const hostname = device.names.dhcp?.name;
  const vendor = device.names.vendor?.name;
  const { connected, presence } = device;
  return {
    id: device.id,
    mac,
    macs,
    slug: device.slug,
    name: name.name,
    nameOrigin: name.origin,
    nameAt: name.at,
    ...(vendor === undefined ? {} : { vendor }),
    randomMac: isRandomMac(mac),
    known: known.known,
    ...(connected === undefined ? {} : { connected }),
    ...(presence === undefined ? {} : { presence }),
    ...(ip === undefined ? {} : { ip }),
    ipv6: sighting?.ipv6 ?? [],
    ...(hostname === undefined ? {} : { hostname }),
    ...(place === undefined ? {} : { place }),
    sources: device.seenBy.map((key) => network.sources.get(key)?.name ?? key),
    ...trafficView(network, device, day),
    firstSeen: device.firstSeen,
    lastSeen: lastSeen(device, old),
    activity: device.activity.day === day ? device.activity.cells : noCells,
    ...(lease === undefined ? {} : { lease }),
    ...(arp === undefined ? {} : { arp }),
    conflicts: newest.conflicts.length === 0 ? newest.conflicts : [...new Set(newest.conflicts)],
    addresses: device.addresses,
  };
}

const noCells: readonly number[] = Array.from({ length: 24 }, () => 0);

/** Of a device that stays it moves on now and then only. */
function lastSeen(device: DeviceState, old: DeviceView | undefined): Timestamp {
  const stays = old !== undefined && old.connected === true && device.connected === true;
  return stays && device.lastSeen - old.lastSeen < lastSeenEveryMs ? old.lastSeen : device.lastSeen;
}

/** The newest sighting, the newest ones that tell of a lease and of ARP, and what all contradict. */
function newestOf({ sightings }: DeviceState) {
  let any: Sighted | undefined;
  let lease: Sighted | undefined;
  let arp: Sighted | undefined;
  let conflicts: readonly string[] = [];
  for (const key of Object.keys(sightings)) {
    const sighted = sightings[key];
    if (sighted === undefined) continue;
    const { at, sighting } = sighted;
    if (any === undefined || at > any.at) any = sighted;
    if (sighting.lease !== undefined && (lease === undefined || at > lease.at)) lease = sighted;
    if (sighting.arp !== undefined && (arp === undefined || at > arp.at)) arp = sighted;
    if (sighting.conflicts !== undefined) conflicts = [...conflicts, ...sighting.conflicts];
  }
  return { any, lease, arp, conflicts };
}

/** Moments that the router gives in whole seconds from now: they are the same while they differ by less than a minute. */
function leaseView(sighted: Sighted | undefined, old: LeaseView | undefined): LeaseView | undefined {
  if (sighted?.sighting.lease === undefined) return undefined;
  const { expiresInS, lastSeenS, ...lease } = sighted.sighting.lease;
  const steady = (before: Timestamp | undefined, now: Timestamp, toleranceMs: number) =>
    before !== undefined && Math.abs(now - before) < toleranceMs ? before : now;
  return {
    ...lease,
    ...(expiresInS === undefined
      ? {}
      : { expiresAt: steady(old?.expiresAt, sighted.at + expiresInS * 1000, minuteMs) }),
    ...(lastSeenS === undefined
      ? {}
      : { heardAt: steady(old?.heardAt, sighted.at - lastSeenS * 1000, lastSeenEveryMs) }),
  };
}

function trafficView(
  network: NetworkState,
  { traffic }: DeviceState,
  day: string,
): { readonly traffic?: DeviceTraffic } {
  if (traffic === undefined) return {};
  const { source, downBps, upBps, received, sent, receivedToday, sentToday, receivedMonth, sentMonth } = onDay(
    traffic,
    day,
  );
  return {
    traffic: {
      source: network.sources.get(source)?.name ?? source,
      ...(downBps === undefined ? {} : { downBps }),
      ...(upBps === undefined ? {} : { upBps }),
      receivedBytes: received,
      sentBytes: sent,
      receivedToday,
      sentToday,
      receivedMonth,
      sentMonth,
    },
  };
}

function routerView(source: SourceState, devices: readonly DeviceView[]): RouterView {
  const { settings, available, failure, facts, bootAt, interfaces } = source;
  const here = devices.filter(
    ({ connected, place }) => connected === true && place?.source === source.key && place.main,
  );
  return {
    id: settings.id,
    name: settings.name,
    kind: settings.kind,
    host: settings.host,
    ...(available === undefined ? {} : { available }),
    ...(failure === undefined ? {} : { failure }),
    facts,
    ...(bootAt === undefined ? {} : { bootAt }),
    interfaces,
    clients: here.length,
  };
}

function meshView(point: MeshState, source: SourceState, devices: readonly DeviceView[]): MeshView {
  const { missed: _missed, told: _told, ...shown } = point;
  const here = devices.filter(
    ({ connected, place }) =>
      connected === true && place?.source === source.key && !place.main && place.accessPoint === point.name,
  );
  return {
    ...shown,
    id: macDigits(point.mac),
    router: source.settings.id,
    available: source.available === true,
    clients: here.length,
  };
}

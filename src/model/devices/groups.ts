import type { Timestamp } from "../../lib/clock.ts";
import { type Mac, macDigits } from "../../lib/mac.ts";
import { type Draft, deviceOf } from "./draft.ts";
import { newSlug } from "./names.ts";
import type { DeviceState } from "./state.ts";
import { mergedTraffic } from "./traffic.ts";

/** All MACs of the device that this one belongs to, by decision or configuration, the naming one first. */
export function groupOf(draft: Pick<Draft, "settings" | "rest">, mac: Mac): readonly Mac[] {
  // A later decision wins over an earlier one, and any over the configuration.
  const decided = draft.rest.decisions.joins.findLast(({ macs }) => macs.includes(mac));
  if (decided !== undefined) return decided.macs;
  const taken = new Set(draft.rest.decisions.joins.flatMap(({ macs }) => macs));
  const configured = draft.settings.known.find(({ macs }) => macs.includes(mac));
  const macs = configured?.macs.filter((each) => !taken.has(each)) ?? [];
  return macs.length === 0 ? [mac] : macs;
}

/** Makes the devices what the groups say: those that are one are merged, those that are not any more are parted. */
export function regroup(draft: Draft, macs: readonly Mac[], at: Timestamp): void {
  const concerned = new Set(macs.flatMap((mac) => deviceOf(draft, mac)?.macs ?? [mac]));
  const olds = [...new Set([...concerned].flatMap((mac) => deviceOf(draft, mac) ?? []))];
  for (const device of olds) {
    draft.devices.delete(device.id);
    for (const mac of device.macs) draft.owners.delete(mac);
  }
  draft.slugs = undefined;
  const done = new Set<Mac>();
  for (const mac of concerned) {
    if (done.has(mac)) continue;
    const group = groupOf(draft, mac).filter((each) => concerned.has(each) || deviceOf(draft, each) === undefined);
    for (const each of group) done.add(each);
    const parts = olds.flatMap((device) => partOf(device, group) ?? []);
    const [first = undefined, ...others] = parts.sort((a, b) => rankIn(group, a) - rankIn(group, b));
    if (first === undefined) continue;
    add(draft, others.reduce(merged, { ...first, macs: group }), at);
  }
}

function rankIn(group: readonly Mac[], { macs }: DeviceState): number {
  return Math.min(...macs.map((mac) => group.indexOf(mac)).filter((place) => place >= 0));
}

/** What of a device is about these MACs; all that can't be told apart stays with the part that has its first MAC. */
function partOf(device: DeviceState, group: readonly Mac[]): DeviceState | undefined {
  const macs = device.macs.filter((mac) => group.includes(mac));
  if (macs.length === 0) return undefined;
  if (macs.length === device.macs.length) return device;
  const sightings = Object.fromEntries(
    Object.entries(device.sightings).filter(([, { sighting }]) => macs.includes(sighting.mac)),
  );
  if (macs.includes(device.mac)) return { ...device, macs, sightings };
  const { traffic: _traffic, place: _place, ...rest } = device;
  return { ...rest, macs, sightings, addresses: [], slug: "" };
}

function merged(a: DeviceState, b: DeviceState): DeviceState {
  const traffic = mergedTraffic(a.traffic, b.traffic);
  const [newer, older] = a.lastSeen >= b.lastSeen ? [a, b] : [b, a];
  const cells = newer.activity.day === older.activity.day ? older.activity.cells : [];
  return {
    ...older,
    ...newer,
    macs: a.macs,
    slug: a.slug,
    firstSeen: Math.min(a.firstSeen, b.firstSeen),
    sightings: { ...older.sightings, ...newer.sightings },
    names: { ...older.names, ...newer.names },
    addresses: [...older.addresses, ...newer.addresses].sort((one, other) => one.last - other.last).slice(-12),
    ...(traffic === undefined ? {} : { traffic }),
    activity: { day: newer.activity.day, cells: newer.activity.cells.map((cell, hour) => cell | (cells[hour] ?? 0)) },
    alarms: { ...older.alarms, ...newer.alarms },
    together: [],
    seenBy: [...new Set([...a.seenBy, ...b.seenBy])],
  };
}

function add(draft: Draft, device: DeviceState, at: Timestamp): void {
  const mac = device.macs[0] ?? device.mac;
  const slugs = new Set([...draft.devices.values()].map(({ slug }) => slug));
  const slug = device.slug !== "" && !slugs.has(device.slug) ? device.slug : newSlug(mac, (each) => slugs.has(each));
  const id = macDigits(mac);
  const { alarms } = device;
  // The user has just looked at it: there is nothing to tell.
  const unknown = alarms.unknown ?? { active: false, told: at };
  draft.devices.set(id, { ...device, id, mac, slug, alarms: { ...alarms, unknown } });
  for (const each of device.macs) draft.owners.set(each, id);
}

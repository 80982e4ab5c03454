import type { DeviceView } from "../../../model/devices/view.ts";
import { searchFor } from "../../device-search.ts";

export const filters = ["all", "online", "new", "unseen"] as const;
export type Filter = (typeof filters)[number];

export const sortKeys = ["name", "place", "signal", "seen"] as const;
export type SortKey = (typeof sortKeys)[number];

/** What the user wants to see, and in which order. */
export interface Wanted {
  readonly q: string;
  readonly filter: Filter;
  readonly sort: SortKey;
  readonly descending: boolean;
}

/** All devices as the program tells them. */
export interface Devices {
  readonly devices: readonly DeviceView[];
  /** Known from a lease or an old entry alone. */
  readonly unseen: readonly DeviceView[];
}

/** The devices that are wanted, in the wanted order. */
export function wantedDevices(all: Devices, { q, filter, sort, descending }: Wanted): readonly DeviceView[] {
  const from = filter === "unseen" ? all.unseen : all.devices;
  const found = searchFor(q);
  const fits = (device: DeviceView) => isOf(device, filter) && found?.(device) !== false;
  const sign = descending ? -1 : 1;
  return from.filter(fits).sort((a, b) => compare(a, b, { sort, sign }) || compareNames(a, b));
}

/** How many each filter shows. */
export function countsOf(all: Devices): Readonly<Record<Filter, number>> {
  const count = (filter: Filter) => all.devices.filter((device) => isOf(device, filter)).length;
  return { all: all.devices.length, online: count("online"), new: count("new"), unseen: all.unseen.length };
}

/** The newer devices, but the same objects where nothing changed: only what differs is drawn anew. */
export function keepSame(before: readonly DeviceView[], after: readonly DeviceView[]): readonly DeviceView[] {
  const known = new Map(before.map((device) => [device.id, device]));
  return after.map((device) => {
    const old = known.get(device.id);
    return old !== undefined && JSON.stringify(old) === JSON.stringify(device) ? old : device;
  });
}

function isOf(device: DeviceView, filter: Filter): boolean {
  switch (filter) {
    case "all":
    case "unseen":
      return true;
    case "online":
      return device.connected === true;
    case "new":
      return !device.known;
  }
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

function compareNames(a: DeviceView, b: DeviceView): number {
  return collator.compare(a.name, b.name) || (a.id < b.id ? -1 : 1);
}

/** What is unknown comes last, whichever way. */
function compare(
  a: DeviceView,
  b: DeviceView,
  { sort, sign }: { readonly sort: SortKey; readonly sign: number },
): number {
  switch (sort) {
    case "name":
      return sign * collator.compare(a.name, b.name);
    case "place": {
      const [one, other] = [a.place?.accessPoint, b.place?.accessPoint];
      return lastIfAbsent(one, other) ?? sign * collator.compare(one ?? "", other ?? "");
    }
    case "signal": {
      const [one, other] = [strengthOf(a), strengthOf(b)];
      return lastIfAbsent(one, other) ?? sign * ((other ?? 0) - (one ?? 0));
    }
    case "seen":
      return sign * (seenOf(b) - seenOf(a));
  }
}

function lastIfAbsent(a: unknown, b: unknown): number | undefined {
  if (a !== undefined && b !== undefined) return undefined;
  return Number(a === undefined) - Number(b === undefined);
}

/** In dBm. To sort alone, a percentage stands for the dBm that are often meant by it. */
function strengthOf({ connected, place }: DeviceView): number | undefined {
  if (connected !== true || place === undefined) return undefined;
  return place.signalDbm ?? (place.signalPercent === undefined ? undefined : place.signalPercent / 2 - 100);
}

function seenOf({ connected, lastSeen }: DeviceView): number {
  return connected === true ? Number.MAX_SAFE_INTEGER : lastSeen;
}

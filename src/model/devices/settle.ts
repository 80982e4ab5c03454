import type { Timestamp } from "../../lib/clock.ts";
import { type Draft, tell } from "./draft.ts";
import { isSame } from "./is-same.ts";
import { bestName } from "./names.ts";
import { bestSighting, isElsewhere, placeFields, placeOf } from "./place.ts";
import { conclude, seenBy } from "./presence.ts";
import type { DeviceState } from "./state.ts";
import { atRest } from "./traffic.ts";

/** Concludes anew whether the device is connected, where, and at home, and tells what changed. */
export function settle(draft: Draft, before: DeviceState, at: Timestamp): DeviceState {
  const witnesses = { sources: draft.sources, at, resumedAt: draft.rest.resumedAt };
  const seen = seenBy(before, witnesses);
  const conclusion = conclude(before, seen, witnesses);
  const device = sameKeys(before.seenBy, seen) ? before : { ...before, seenBy: seen };
  switch (conclusion) {
    case "connected":
      return present(draft, located(draft, device, at), at);
    case "open":
      return device.goneAt === undefined && seen.length === 0 && device.lastSeen > 0
        ? { ...device, goneAt: at }
        : device;
    case "unknown":
      return hidden(device);
    case "gone":
      return absent(draft, device, at);
  }
}

function sameKeys(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((key, index) => key === b[index]);
}

/** With its place renewed; another access point while it stays connected is told. */
function located(draft: Draft, device: DeviceState, at: Timestamp): DeviceState {
  const best = bestSighting(device, device.seenBy);
  const source = best === undefined ? undefined : draft.sources.get(best.source);
  if (best === undefined || source === undefined) return device;
  const place = placeOf(best.sighted.sighting, source);
  const old = device.place;
  if (isSame(old, place)) return device;
  const moved = old !== undefined && device.connected === true && isElsewhere(old, place);
  const next = { ...device, place };
  if (moved) {
    const name = nameOf(draft, next);
    tell(draft, "device_moved", {
      at,
      text: `${name} moved from ${old.accessPoint} to ${place.accessPoint}`,
      fields: { ...whoAndWhere(draft, next), from: old.accessPoint },
    });
  }
  return next;
}

function present(draft: Draft, before: DeviceState, at: Timestamp): DeviceState {
  if (isHome(before)) return before;
  const { goneAt: _goneAt, ...device } = before;
  const joined = device.lastConnected !== true && !isFirstLook(draft, device, at);
  const arrived = device.lastPresence === "not_home";
  const next: DeviceState = {
    ...device,
    connected: true,
    presence: "home",
    lastConnected: true,
    lastPresence: "home",
  };
  if (!(joined || arrived)) return next;
  const name = nameOf(draft, next);
  if (joined) {
    const where = next.place === undefined ? "the network" : next.place.accessPoint;
    tell(draft, "device_joined", { at, text: `${name} joined ${where}`, fields: whoAndWhere(draft, next) });
  }
  if (arrived) tell(draft, "arrived_home", { at, text: `${name} came home`, fields: { mac: next.mac, name } });
  return next;
}

/** As at almost every poll: nothing to tell, and nothing to change. */
function isHome({ connected, presence, lastConnected, lastPresence, goneAt }: DeviceState): boolean {
  const isNow = connected === true && presence === "home";
  return isNow && lastConnected === true && lastPresence === "home" && goneAt === undefined;
}

/** What a router shows when it is read for the first time was there before we looked: nobody joined. */
function isFirstLook(draft: Draft, device: Omit<DeviceState, "goneAt">, at: Timestamp): boolean {
  if (device.lastConnected !== undefined || device.firstSeen !== at) return false;
  return device.seenBy.every((key) => {
    const source = draft.sources.get(key);
    return source?.coverage === "full" && !source.everRead;
  });
}

/** Nobody can tell: unknown, and no event. */
function hidden(device: DeviceState): DeviceState {
  if (device.connected === undefined && device.presence === undefined && device.traffic?.downBps === undefined)
    return device;
  const { connected: _connected, presence: _presence, ...rest } = device;
  return { ...rest, ...resting(device) };
}

function absent(draft: Draft, device: DeviceState, at: Timestamp): DeviceState {
  if (device.lastSeen === 0) return device.connected === false ? device : { ...device, connected: false };
  const goneAt = device.goneAt ?? at;
  let next = device;
  if (device.connected !== false) {
    next = { ...device, connected: false, lastConnected: false, goneAt, ...resting(device) };
    if (device.lastConnected === true) {
      const name = nameOf(draft, next);
      const from = next.place === undefined ? "the network" : next.place.accessPoint;
      tell(draft, "device_left", { at: goneAt, text: `${name} left ${from}`, fields: whoAndWhere(draft, next) });
    }
  }
  if (next.presence !== "not_home" && at - next.lastSeen >= draft.settings.awayAfterMs) {
    const left = next.lastPresence === "home";
    next = { ...next, presence: "not_home", lastPresence: "not_home" };
    const name = nameOf(draft, next);
    if (left) tell(draft, "left_home", { at, text: `${name} left home`, fields: { mac: next.mac, name } });
  } else if (next.presence === undefined && next.lastPresence !== undefined) {
    next = { ...next, presence: next.lastPresence };
  }
  return next;
}

function resting(device: DeviceState) {
  return device.traffic === undefined ? {} : { traffic: atRest(device.traffic) };
}

function nameOf(draft: Draft, device: DeviceState): string {
  return bestName(device, draft.known(device.macs)).name;
}

function whoAndWhere(draft: Draft, device: DeviceState) {
  return {
    mac: device.mac,
    name: nameOf(draft, device),
    ip: device.addresses.at(-1)?.ip,
    ...placeFields(device.place, draft.sources),
  };
}

import { isRandomMac } from "../../lib/mac.ts";
import type { Known } from "./names.ts";
import { bestName } from "./names.ts";
import type { DeviceState } from "./state.ts";
import type { JoinSuggestion } from "./view.ts";

/** Names that say nothing of which one it is. */
const generic = /^(|-|n\/a|unknown|localhost|android|iphone|ipad|espressif|esp[-_].*|wlan\d*|new-host.*|device)$/i;
/** More devices of one name than this are not one device. */
const mostOfOneName = 6;
const mostSuggested = 50;

type Devices = ReadonlyMap<string, DeviceState>;

/** Pairs that may be one device under several addresses, with the reasons, for the user to decide. */
export function suggestionsFor(devices: Devices, known: Known): readonly JoinSuggestion[] {
  const found: JoinSuggestion[] = [];
  for (const group of sameNames(devices)) {
    for (const [index, a] of group.entries()) {
      for (const b of group.slice(index + 1)) {
        const reasons = reasonsFor(a, b);
        if (reasons.length === 0 || found.length >= mostSuggested) continue;
        found.push({ macs: [a.mac, b.mac], names: [nameOf(a, known), nameOf(b, known)], reasons });
      }
    }
  }
  return found;
}

/** The name of a known device that this one may be. */
export function likelySame(devices: Devices, device: DeviceState, known: Known): string | undefined {
  const host = hostOf(device);
  if (host === undefined) return undefined;
  for (const other of devices.values()) {
    if (other.id === device.id || hostOf(other) !== host || !known(other.macs).known) continue;
    if (reasonsFor(device, other).length > 0) return nameOf(other, known);
  }
  return undefined;
}

/** Notes which devices of one host name are connected at the same time: those are two. Gives the changed ones. */
export function noteTogether(devices: Devices): readonly DeviceState[] {
  return sameNames(devices).flatMap((group) => {
    const here = group.filter(({ connected }) => connected === true);
    if (here.length < 2) return [];
    return here.flatMap((device) => {
      const others = here.map(({ id }) => id).filter((id) => id !== device.id && !device.together.includes(id));
      return others.length === 0 ? [] : [{ ...device, together: [...device.together, ...others].slice(-20) }];
    });
  });
}

function sameNames(devices: Devices): readonly (readonly DeviceState[])[] {
  const groups = new Map<string, DeviceState[]>();
  for (const device of devices.values()) {
    const host = device.lastSeen === 0 ? undefined : hostOf(device);
    if (host === undefined) continue;
    const group = groups.get(host);
    if (group === undefined) groups.set(host, [device]);
    else group.push(device);
  }
  return [...groups.values()].filter(({ length }) => length > 1 && length <= mostOfOneName);
}

function hostOf({ names }: DeviceState): string | undefined {
  const host = names.dhcp?.name.toLowerCase();
  return host === undefined || generic.test(host) ? undefined : host;
}

function reasonsFor(a: DeviceState, b: DeviceState): readonly string[] {
  const random = isRandomMac(a.mac) || isRandomMac(b.mac);
  if (!random || a.together.includes(b.id) || b.together.includes(a.id)) return [];
  const shared = a.addresses.find(({ ip }) => b.addresses.some((use) => use.ip === ip));
  const client = clientIdOf(a);
  return [
    `same host name "${a.names.dhcp?.name ?? ""}"`,
    "never connected at the same time",
    isRandomMac(a.mac) && isRandomMac(b.mac)
      ? "both addresses are made up by the device"
      : "one address is made up by the device",
    ...(shared === undefined ? [] : [`both had the address ${shared.ip}`]),
    ...(client !== undefined && client === clientIdOf(b) ? ["same DHCP client id"] : []),
  ];
}

/** One that is made of the MAC says nothing more than the MAC. */
function clientIdOf({ sightings, macs }: DeviceState): string | undefined {
  const ids = Object.values(sightings).flatMap(({ sighting }) => sighting.lease?.clientId ?? []);
  return ids.find((id) => !macs.some((mac) => id.toLowerCase().endsWith(mac)));
}

function nameOf(device: DeviceState, known: Known): string {
  return bestName(device, known(device.macs)).name;
}

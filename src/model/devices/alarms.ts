import type { Timestamp } from "../../lib/clock.ts";
import { isRandomMac } from "../../lib/mac.ts";
import type { DomainEvent } from "../view.ts";
import { type Draft, tell } from "./draft.ts";
import type { BestName } from "./names.ts";
import { placeFields } from "./place.ts";
import type { ClientSighting } from "./sighting.ts";
import type { Alarm, DeviceState } from "./state.ts";
import { lastMinute } from "./traffic.ts";

/** The same device is not told of again within this time, however often it crosses the bound. */
const cooldownMs = 600_000;
const minute = 60;
/** How far it must be over the bound again. */
const recoverPercent = 5;
const recoverDbm = 3;
/** Traffic is over when it is below this share of the bound. */
const calmShare = 0.8;

interface Met {
  readonly sighting: ClientSighting;
  /** Asked only when there is something to tell. */
  readonly name: () => BestName;
  readonly ip: string | undefined;
  readonly at: Timestamp;
}

/** Poor signal and heavy traffic: told when the bound is crossed, again only after it was well clear of it and some time. */
export function watch(draft: Draft, device: DeviceState, met: Met): DeviceState {
  const { settings } = draft;
  const { sighting } = met;
  let alarms = device.alarms;
  const check = (key: keyof DeviceState["alarms"], [bad, clear]: readonly [boolean, boolean], told: () => void) => {
    const old = alarms[key];
    const next = step(old, { bad, clear, at: met.at });
    if (next.told !== (old?.told ?? Number.NEGATIVE_INFINITY) && next.active) told();
    if (next !== old && (old !== undefined || next.active)) alarms = { ...alarms, [key]: next };
  };
  const say = (type: "poor_signal" | "bandwidth_hog", text: string, more: DomainEvent["fields"]) => {
    const { name } = met.name();
    const fields = { mac: device.mac, name, ip: met.ip, ...placeFields(device.place, draft.sources), ...more };
    tell(draft, type, { at: met.at, text: `${name} ${text}`, fields });
  };
  const { signalPercent: quality, signalDbm: dbm } = sighting;
  if (quality !== undefined && settings.poorSignalPercent > 0) {
    const bound = settings.poorSignalPercent;
    check("signal", [quality < bound, quality >= bound + recoverPercent], () =>
      say("poor_signal", `has a poor signal: ${Math.round(quality)} %`, { quality }),
    );
  } else if (dbm !== undefined && settings.poorSignalDbm > -120) {
    const bound = settings.poorSignalDbm;
    check("signal", [dbm < bound, dbm >= bound + recoverDbm], () =>
      say("poor_signal", `has a poor signal: ${dbm} dBm`, { dbm }),
    );
  }
  if (device.traffic !== undefined) {
    const { received, sent } = lastMinute(sighting, device.traffic);
    const heavy = (key: "down" | "up", bytes: number, bound: number) => {
      if (bound === 0) return;
      check(key, [bytes > bound, bytes < bound * calmShare], () => {
        const megabytes = Number((bytes / 1e6).toFixed(1));
        const verb = key === "down" ? "received" : "sent";
        const more = { direction: key, megabytes, seconds: minute };
        say("bandwidth_hog", `${verb} ${megabytes} MB within a minute`, more);
      });
    };
    heavy("down", received, settings.hogDownBytes);
    heavy("up", sent, settings.hogUpBytes);
  }
  return alarms === device.alarms ? device : { ...device, alarms };
}

function step(old: Alarm | undefined, now: { bad: boolean; clear: boolean; at: Timestamp }): Alarm {
  const { active, told } = old ?? { active: false, told: Number.NEGATIVE_INFINITY };
  if (active) return now.clear ? { active: false, told } : (old ?? { active, told });
  if (!now.bad || now.at - told < cooldownMs) return old ?? { active, told };
  return { active: true, told: now.at };
}

/** A device that nobody knows is told once, for good. `maybe`: a known device that it may be under another address. */
export function tellUnknown(
  draft: Draft,
  device: DeviceState,
  met: Omit<Met, "sighting"> & { readonly maybe: () => string | undefined },
): DeviceState {
  if (device.alarms.unknown !== undefined || draft.known(device.macs).known) return device;
  const vendor = device.names.vendor?.name;
  const { name } = met.name();
  const who = name === device.mac ? name : `${name} (${device.mac})`;
  tell(draft, "unknown_device", {
    at: met.at,
    text: `An unknown device is on the network: ${who}`,
    fields: {
      mac: device.mac,
      name,
      ip: met.ip,
      vendor,
      random_mac: isRandomMac(device.mac),
      maybe: met.maybe(),
      ...placeFields(device.place, draft.sources),
    },
  });
  return { ...device, alarms: { ...device.alarms, unknown: { active: true, told: met.at } } };
}

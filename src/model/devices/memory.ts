import type { Timestamp } from "../../lib/clock.ts";
import type { Settings } from "../settings.ts";
import { draftOf, finished, type Nameable } from "./draft.ts";
import { groupOf, regroup } from "./groups.ts";
import { createIgnore } from "./ignore.ts";
import { createKnown } from "./names.ts";
import { type Decisions, type NetworkState, noDecisions, sourceOf } from "./network.ts";
import type { DeviceState } from "./state.ts";

/** What of the network outlives the program, beside its devices. */
export interface NetworkMemory {
  readonly decisions?: Decisions;
  readonly leftOut?: Readonly<Record<string, string>>;
  readonly externalIp?: string;
  /** By source: the newest firmware that was told of. */
  readonly firmwareTold?: Readonly<Record<string, string>>;
}

export function networkMemoryOf({ decisions, leftOut, externalIp, firmwareTold }: NetworkState): NetworkMemory {
  return { decisions, leftOut, firmwareTold, ...(externalIp === undefined ? {} : { externalIp }) };
}

/**
 * The network as an earlier run left it. Who was at home still is until the sources were asked, or a while has passed.
 * What sources saw that are not configured any more is dropped; groups are as the configuration says now.
 */
export function rememberNetwork(
  network: NetworkState,
  left: { readonly memory: NetworkMemory; readonly devices: readonly DeviceState[]; readonly at: Timestamp },
  settings: Settings,
): NetworkState {
  const { decisions = noDecisions, leftOut = {}, externalIp, firmwareTold = {} } = left.memory;
  const isIgnored = createIgnore(settings.devices.ignore);
  const configured = new Set(settings.sources.map(({ id }) => id));
  const remembered: NetworkState = {
    ...network,
    decisions,
    // Without patterns nothing is left out; with others the sources will say so again.
    leftOut: settings.devices.ignore.length === 0 ? {} : leftOut,
    firmwareTold,
    ...(externalIp === undefined ? {} : { externalIp }),
  };
  const draft = draftOf(remembered, {
    settings: settings.devices,
    vendorOf: () => undefined,
    isIgnored,
    knownOf: (of) => createKnown(settings.devices, of),
  });
  for (const device of left.devices) {
    if (device.macs.some((mac) => draft.owners.has(mac)) || isLeftOut(device, isIgnored, decisions)) continue;
    const sightings = Object.entries(device.sightings).filter(([key]) =>
      configured.has(sourceOf(key).split("/")[0] ?? ""),
    );
    draft.devices.set(device.id, { ...device, sightings: Object.fromEntries(sightings), seenBy: [] });
    for (const mac of device.macs) draft.owners.set(mac, device.id);
  }
  for (const device of [...draft.devices.values()]) {
    const group = groupOf(draft, device.mac);
    if (group.length !== device.macs.length || !group.every((mac) => device.macs.includes(mac)))
      regroup(draft, [...new Set([...group, ...device.macs])], left.at);
  }
  return finished(draft);
}

/** It may be ignored by a name, or a decision, that it did not have or that there was not when it was saved. */
function isLeftOut(
  { macs, names }: DeviceState,
  isIgnored: (client: Nameable) => boolean,
  decisions: Decisions,
): boolean {
  const named = {
    ...(names.dhcp === undefined ? {} : { hostname: names.dhcp.name }),
    ...(names.router === undefined ? {} : { description: names.router.name }),
  };
  return macs.some((mac) => decisions.ignored[mac] !== undefined || isIgnored({ mac, ...named }));
}

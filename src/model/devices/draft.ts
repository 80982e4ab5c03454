import type { Mac } from "../../lib/mac.ts";
import type { DeviceSettings } from "../settings.ts";
import type { DomainEvent } from "../view.ts";
import type { Known } from "./names.ts";
import type { Decisions, NetworkState, SourceState } from "./network.ts";
import type { DeviceState } from "./state.ts";

/** The network while a batch is folded into it: its maps are copied once, its entries stay immutable. */
export interface Draft {
  readonly devices: Map<string, DeviceState>;
  readonly owners: Map<Mac, string>;
  readonly sources: Map<string, SourceState>;
  readonly events: DomainEvent[];
  readonly settings: DeviceSettings;
  readonly vendorOf: (mac: Mac) => string | undefined;
  readonly isIgnored: (client: Nameable) => boolean;
  /** There are patterns to ignore by. */
  readonly leavesOut: boolean;
  known: Known;
  /** Those in use, made when the first new device needs them. */
  slugs: Set<string> | undefined;
  rest: Omit<NetworkState, "devices" | "owners" | "sources">;
}

/** What an ignore pattern may match. */
export interface Nameable {
  readonly mac: Mac;
  readonly hostname?: string;
  readonly description?: string;
}

/** What stays the same from batch to batch. */
export interface DraftParts extends Pick<Draft, "settings" | "vendorOf" | "isIgnored"> {
  /** Kept for as long as the decisions are the same. */
  readonly knownOf: (decisions: Decisions) => Known;
}

export function draftOf(network: NetworkState, parts: DraftParts): Draft {
  const { devices, owners, sources, ...rest } = network;
  const { settings, vendorOf, isIgnored, knownOf } = parts;
  return {
    settings,
    leavesOut: settings.ignore.length > 0,
    vendorOf,
    isIgnored,
    known: knownOf(rest.decisions),
    slugs: undefined,
    devices: new Map(devices),
    owners: new Map(owners),
    sources: new Map(sources),
    events: [],
    rest,
  };
}

export function finished({ devices, owners, sources, rest }: Draft): NetworkState {
  return { ...rest, devices, owners, sources };
}

/** The device that a MAC belongs to. */
export function deviceOf(draft: Pick<Draft, "devices" | "owners">, mac: Mac): DeviceState | undefined {
  const id = draft.owners.get(mac);
  return id === undefined ? undefined : draft.devices.get(id);
}

/** Told once, in the order in which it happened. */
export function tell(draft: Draft, type: DomainEvent["event_type"], event: Omit<DomainEvent, "event_type">): void {
  draft.events.push({ event_type: type, ...event });
}

/** Nothing of the device stays. */
export function remove(draft: Draft, mac: Mac): void {
  const device = deviceOf(draft, mac);
  if (device === undefined) return;
  draft.devices.delete(device.id);
  for (const each of device.macs) draft.owners.delete(each);
}

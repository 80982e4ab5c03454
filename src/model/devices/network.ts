import type { Timestamp } from "../../lib/clock.ts";
import type { Mac } from "../../lib/mac.ts";
import type { AccessPoint, MeshPoint, RouterFacts, SourceErrorCode, SourceSettings } from "./sighting.ts";
import type { DeviceState } from "./state.ts";
import type { InterfaceView } from "./view.ts";

/** What the user decided at run time. It wins over the configuration. */
export interface Decisions {
  readonly known: Readonly<Record<Mac, { readonly name?: string }>>;
  /** With the name that it had. */
  readonly ignored: Readonly<Record<Mac, string>>;
  /** MACs that are one device, the first one naming it; a group of one takes an earlier one back. */
  readonly joins: readonly { readonly macs: readonly Mac[]; readonly name?: string }[];
}

/** A mesh point, with when it was lost and told. */
export interface MeshState extends MeshPoint {
  readonly bootAt?: Timestamp;
  readonly missed: number;
  readonly told: "online" | "lost" | "nothing";
}

/** One source, or one part of one (the sender of reports). */
export interface SourceState {
  readonly key: string;
  readonly settings: SourceSettings;
  /** For people: the source's, or the part's. */
  readonly name: string;
  readonly coverage: "full" | "partial";
  /** Absent: neither read nor failed yet. */
  readonly available?: boolean;
  /** The last reading; 0: none. Moved on by a pause of our own, so that the pause is not held against the source. */
  readonly readingAt: Timestamp;
  readonly everRead: boolean;
  readonly failure?: { readonly code: SourceErrorCode; readonly message: string; readonly since: Timestamp };
  readonly accessPoints: ReadonlyMap<string, AccessPoint>;
  readonly facts: RouterFacts;
  readonly bootAt?: Timestamp;
  readonly interfaces: readonly InterfaceView[];
  readonly mesh: ReadonlyMap<Mac, MeshState>;
  /** The MACs that its last readings showed connected, and that may have to be missed. */
  readonly watched: ReadonlySet<Mac>;
}

/** Who is on the network, as facts. */
export interface NetworkState {
  readonly devices: ReadonlyMap<string, DeviceState>;
  /** The device that a MAC belongs to. */
  readonly owners: ReadonlyMap<Mac, string>;
  readonly sources: ReadonlyMap<string, SourceState>;
  readonly decisions: Decisions;
  /** Whom the configuration leaves out by a name, as tokens of MACs, with the source that gave it: others may not know it. */
  readonly leftOut: Readonly<Record<string, string>>;
  readonly utcOffsetMs: number;
  readonly externalIp?: string;
  /** By source: the newest firmware that was told of. */
  readonly firmwareTold: Readonly<Record<string, string>>;
  /** When we came back from a pause of our own: what was silent before proves nothing. */
  readonly resumedAt: Timestamp;
  readonly forgottenAt: Timestamp;
}

export const noDecisions: Decisions = { known: {}, ignored: {}, joins: [] };

/** Nobody is known yet. Routers are there from the start, not read yet. */
export function emptyNetwork(sources: readonly SourceSettings[], at: Timestamp): NetworkState {
  const routers = sources.filter(({ isRouter }) => isRouter);
  return {
    devices: new Map(),
    owners: new Map(),
    sources: new Map(routers.map((settings) => [settings.id, newSource(settings)])),
    decisions: noDecisions,
    leftOut: {},
    utcOffsetMs: 0,
    firmwareTold: {},
    resumedAt: at,
    forgottenAt: at,
  };
}

/** A source of which nothing was heard yet. */
export function newSource(
  settings: SourceSettings,
  part?: { readonly id: string; readonly name: string },
): SourceState {
  return {
    key: sourceKey(settings.id, part),
    settings,
    name: part?.name ?? settings.name,
    coverage: settings.isRouter ? "full" : "partial",
    readingAt: 0,
    everRead: false,
    accessPoints: new Map(),
    facts: {},
    interfaces: [],
    mesh: new Map(),
    watched: new Set(),
  };
}

/** The key of a source's part in `sources`. */
export function sourceKey(source: string, part?: { readonly id: string }): string {
  return part === undefined ? source : `${source}/${part.id}`;
}

/** The key of a sighting: which source saw which of the device's MACs. */
export function sightingKey(source: string, mac: Mac): string {
  return `${source} ${mac}`;
}

/** The source of a sighting's key. */
export function sourceOf(sighting: string): string {
  return sighting.slice(0, sighting.lastIndexOf(" "));
}

import type { Timestamp } from "../../lib/clock.ts";
import type { Mac } from "../../lib/mac.ts";
import type { Settings } from "../settings.ts";
import type { Observation } from "../types.ts";
import type { DomainEvent } from "../view.ts";
import { decide } from "./decide.ts";
import { type Draft, type DraftParts, draftOf, finished, remove, tell } from "./draft.ts";
import { foldClients } from "./fold-clients.ts";
import { foldFailure, foldSource, loseSilent } from "./fold-source.ts";
import { createIgnore } from "./ignore.ts";
import { createKnown } from "./names.ts";
import type { Decisions, NetworkState } from "./network.ts";
import { settle } from "./settle.ts";
import { noteTogether } from "./suggest.ts";

/** What concerns the network, of all observations. */
export type NetworkObservation = Extract<Observation, { type: "reading" | "source-failed" | "tick" | "command" }>;

/** Folds a batch: the new network, and what is to be told. */
export type FoldNetwork = (
  network: NetworkState,
  observations: readonly NetworkObservation[],
) => { readonly network: NetworkState; readonly events: readonly DomainEvent[] };

const deviceCommands: ReadonlySet<string> = new Set(["acknowledge", "ignore", "join"]);
const forgetEveryMs = 3_600_000;

export function createFoldNetwork(settings: Settings, vendorOf: (mac: Mac) => string | undefined): FoldNetwork {
  const sources = new Map(settings.sources.map((source) => [source.id, source]));
  const parts: DraftParts = {
    settings: settings.devices,
    vendorOf,
    isIgnored: createIgnore(settings.devices.ignore),
    knownOf: keptKnown(settings),
  };

  const foldOne = (draft: Draft, observation: NetworkObservation) => {
    switch (observation.type) {
      case "reading": {
        const { reading, at } = observation;
        const of = sources.get(observation.source);
        if (of === undefined) return;
        const back = draft.sources.get(observation.source)?.available !== true;
        const source = foldSource(draft, of, { reading, at });
        foldClients(draft, source, { clients: reading.clients, at });
        const read = draft.sources.get(source.key);
        if (read !== undefined) draft.sources.set(source.key, { ...read, everRead: true });
        foldExternalIp(draft, at);
        for (const changed of noteTogether(draft.devices)) draft.devices.set(changed.id, changed);
        settleWaiting(draft, at, back ? () => true : undefined);
        return;
      }
      case "source-failed": {
        const of = sources.get(observation.source);
        if (of === undefined) return;
        foldFailure(draft, of, observation);
        settleWaiting(draft, observation.at, () => true);
        return;
      }
      case "tick":
        return foldTick(draft, observation);
      case "command":
        decide(draft, observation.command, observation.at);
        settleWaiting(draft, observation.at, () => true);
        return;
    }
  };

  return (network, observations) => {
    const worth = observations.filter((observation) => concerns(network, observation));
    if (worth.length === 0) return { network, events: [] };
    const draft = draftOf(network, parts);
    for (const observation of worth) foldOne(draft, observation);
    return { network: finished(draft), events: draft.events };
  };
}

function keptKnown({ devices }: Settings): DraftParts["knownOf"] {
  let kept: { readonly of: Decisions; readonly known: ReturnType<typeof createKnown> } | undefined;
  return (decisions) => {
    if (kept?.of !== decisions) kept = { of: decisions, known: createKnown(devices, decisions) };
    return kept.known;
  };
}

/** Without sources a tick each second must cost nothing. */
function concerns(network: NetworkState, observation: NetworkObservation): boolean {
  switch (observation.type) {
    case "tick":
      return network.sources.size > 0 || network.devices.size > 0;
    case "command":
      return deviceCommands.has(observation.command.name);
    case "reading":
    case "source-failed":
      return true;
  }
}

/** Devices about which nothing was concluded yet, and those that `also` names. */
function settleWaiting(draft: Draft, at: Timestamp, also: (() => boolean) | undefined): void {
  for (const device of draft.devices.values()) {
    const isWaiting = device.seenBy.length === 0 && device.lastSeen > 0 && device.presence !== "not_home";
    const byReports = device.seenBy.some((key) => draft.sources.get(key)?.coverage === "partial");
    if (!(isWaiting || byReports || also?.() === true)) continue;
    const next = settle(draft, device, at);
    if (next !== device) draft.devices.set(device.id, next);
  }
}

function foldTick(draft: Draft, { at, slept, stepped, utcOffsetMs }: Extract<Observation, { type: "tick" }>): void {
  if (slept > 5_000 || stepped) {
    // Our own pause is not to be held against anybody.
    for (const [key, source] of draft.sources) {
      if (source.readingAt > 0) draft.sources.set(key, { ...source, readingAt: at });
    }
    draft.rest = { ...draft.rest, resumedAt: at };
  }
  if (draft.rest.utcOffsetMs !== utcOffsetMs) draft.rest = { ...draft.rest, utcOffsetMs };
  const lost = loseSilent(draft, at);
  settleWaiting(draft, at, lost ? () => true : undefined);
  if (at - draft.rest.forgottenAt >= forgetEveryMs) forget(draft, at);
}

/** Devices that were not seen for long go, with all that is known of them. */
function forget(draft: Draft, at: Timestamp): void {
  draft.rest = { ...draft.rest, forgottenAt: at };
  const { forgetAfterMs } = draft.settings;
  if (forgetAfterMs === 0) return;
  for (const device of draft.devices.values()) {
    const lastListed = Math.max(0, ...Object.values(device.sightings).map((sighted) => sighted.at));
    const last = device.lastSeen === 0 ? lastListed : device.lastSeen;
    if (at - last >= forgetAfterMs) remove(draft, device.mac);
  }
}

/** The outside address: of the first router that says one. */
function foldExternalIp(draft: Draft, at: Timestamp): void {
  const ips = [...draft.sources.values()].flatMap(({ available, facts }) =>
    available === true ? (facts.wan?.ip ?? []) : [],
  );
  const to = ips[0];
  const from = draft.rest.externalIp;
  if (to === undefined || to === from) return;
  draft.rest = { ...draft.rest, externalIp: to };
  if (from === undefined) return;
  tell(draft, "external_ip_changed", {
    at,
    text: `The outside address changed from ${from} to ${to}`,
    fields: { from, to },
  });
}

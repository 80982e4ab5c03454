import type { Timestamp } from "../lib/clock.ts";
import { type Episode, severityOf } from "./diagnosis/episode.ts";
import { verdicts } from "./diagnosis/verdicts.ts";
import { gatewayRouter } from "./diagnosis/witness.ts";
import type { Model } from "./model.ts";
import type { DomainEvent, Outage } from "./view.ts";
import { duration, sentence } from "./words.ts";

/** What a change of the published verdict means: outages and events, each once. Returns the model with them in it. */
export function recordChange(model: Model, before: Episode): Model {
  if (model.episode.verdict === before.verdict) return model;
  const from = severityOf(before.verdict);
  const to = severityOf(model.episode.verdict);
  const calmed = from === "degraded" && to !== "degraded" ? endDegraded(model, before) : model;
  switch (to) {
    case undefined:
    case "no_data":
      return calmed;
    case "outage":
      return openOutage(calmed) === undefined ? startOutage(calmed) : continueOutage(calmed);
    case "degraded":
      return from === "degraded" ? calmed : startDegraded(endOutage(calmed, from));
    case "ok":
      return endOutage(calmed, from);
  }
}

/** How long after an outage the router may still tell that it had restarted. */
const rebootTellMs = 300_000;
/** Clocks of routers and of ours: a boot may seem to be a little before the outage. */
const bootToleranceMs = 120_000;

/** A router that was silent and says afterwards that it has just started: it was a restart. */
export function knowReboot(model: Model): Model {
  const outage = model.lastOutage;
  if (outage?.ended === undefined || outage.verdict !== "gateway_down") return model;
  if (model.at - outage.ended > rebootTellMs) return model;
  const bootAt = gatewayRouter(model)?.bootAt;
  if (bootAt === undefined || bootAt < outage.started - bootToleranceMs || bootAt > outage.ended) return model;
  return { ...model, lastOutage: { ...outage, verdict: "gateway_reboot", place: "the router", advice: rebootAdvice } };
}

const rebootAdvice = "The router restarted. If nobody did that, check its power supply and its firmware.";

/** The outage that is still going on. */
export function openOutage(model: Model): Outage | undefined {
  return model.lastOutage?.ended === undefined ? model.lastOutage : undefined;
}

function startOutage(model: Model): Model {
  const lastOutage = { started: model.episode.since, ...described(model) };
  const { today } = model;
  // Until it was confirmed, its time was counted as up.
  const shift = Math.min(today.upMs, Math.max(0, model.at - lastOutage.started));
  return withEvent(
    {
      ...model,
      lastOutage,
      today: { ...today, outages: today.outages + 1, upMs: today.upMs - shift, downMs: today.downMs + shift },
    },
    changeEvent("outage_started", lastOutage),
  );
}

/** What an outage turned into just before it ended is how it mended: pages come back after names do. */
const mendingMs = 15_000;

/** The same outage, seen better or found again after a pause of the monitor. */
function continueOutage(before: Model): Model {
  const started = before.lastOutage?.started ?? before.episode.since;
  const turned = before.lastOutage === undefined ? undefined : { at: before.at, from: before.lastOutage };
  const model = { ...before, turned };
  return { ...model, lastOutage: { started, ...described(model) }, episode: { ...model.episode, since: started } };
}

function endOutage(model: Model, from: ReturnType<typeof severityOf>): Model {
  const open = openOutage(model);
  if (open === undefined) return model;
  // Over a pause of our own nobody saw the end: it is known to have lasted until the pause began.
  const seenEnd = from === "outage" ? model.episode.since : model.pausedAt;
  const lastOutage = { ...causeOf(model, open), ended: Math.max(open.started, seenEnd) };
  const { today } = model;
  const shift = from === "outage" ? Math.min(today.downMs, Math.max(0, model.at - lastOutage.ended)) : 0;
  return withEvent(
    { ...model, lastOutage, today: { ...today, upMs: today.upMs + shift, downMs: today.downMs - shift } },
    changeEvent("outage_ended", lastOutage),
  );
}

function causeOf({ turned, at }: Model, open: Outage): Outage {
  if (turned === undefined || turned.from.started !== open.started || at - turned.at > mendingMs) return open;
  return verdicts[turned.from.verdict].status === verdicts[open.verdict].status ? open : turned.from;
}

function startDegraded(model: Model): Model {
  return withEvent(model, changeEvent("degraded_started", { started: model.episode.since, ...described(model) }));
}

function endDegraded(model: Model, before: Episode): Model {
  const was = described({ ...model, episode: before });
  const ended =
    severityOf(model.episode.verdict) === "no_data" ? model.pausedAt : Math.max(before.since, model.episode.since);
  return withEvent(model, changeEvent("degraded_ended", { started: before.since, ended, ...was }));
}

function described({ episode }: Model): Omit<Outage, "started"> {
  const verdict = episode.verdict ?? "ok";
  const { severity, blame } = verdicts[verdict];
  const { place = "", confidence = 0, advice = "", evidence = [] } = episode.assessment ?? {};
  return { verdict, severity, blame, place, confidence, advice, evidence };
}

type ChangeType = "outage_started" | "outage_ended" | "degraded_started" | "degraded_ended";

function changeEvent(event_type: ChangeType, outage: Outage): DomainEvent {
  const { verdict, blame, place, confidence, advice, started, ended } = outage;
  const lasted = ended === undefined ? undefined : Math.round((ended - started) / 1000);
  return {
    event_type,
    at: ended ?? started,
    text:
      ended === undefined
        ? sentence(verdict, place)
        : `${over(event_type)} after ${duration(ended - started)}: ${sentence(verdict, place)}`,
    fields: {
      verdict,
      blame,
      place,
      confidence,
      advice,
      ...times(started, ended),
      ...(lasted === undefined ? {} : { duration: lasted }),
    },
  };
}

function over(type: ChangeType): string {
  return type === "outage_ended" ? "The Internet is back" : "The network is fine again";
}

/** As timestamps: whoever writes the event for people or for Home Assistant makes ISO 8601 of the keys that end so. */
function times(started: Timestamp, ended: Timestamp | undefined) {
  return ended === undefined ? { started } : { started, ended };
}

function withEvent(model: Model, event: DomainEvent): Model {
  return { ...model, events: [...model.events, event] };
}

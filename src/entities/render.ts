import { isoTime } from "../lib/clock.ts";
import type { DomainEvent } from "../model/view.ts";
import { discoveryPayload } from "./discovery.ts";
import type { Subject } from "./subject.ts";
import type { Topic, TopicNames } from "./topics.ts";

/** What a topic should hold. */
export interface Rendered {
  readonly kind: "discovery" | "attributes" | "state" | "availability";
  /** A change of it is published at once; one of the payload alone at intervals (figures) or never (attributes). */
  readonly urgent: string;
  /** A change of it is published now and then. */
  readonly slow?: string;
  readonly payload: () => string;
}

/** The whole of what we say to Home Assistant of these subjects, as data. Only the status topic is not in it. */
export function render(subjects: readonly Subject[], names: TopicNames): ReadonlyMap<Topic, Rendered> {
  return new Map(subjects.flatMap((subject) => renderSubject(subject, names)));
}

/**
 * The topics of one subject in their order; without its discovery when `before` is the same device with the same entities.
 * What is shown before a state is old, what is shown after it is right: "offline" comes before it, "online" after it.
 */
export function renderSubject(
  subject: Subject,
  names: TopicNames,
  before?: Subject,
): readonly (readonly [Topic, Rendered])[] {
  const { id, attributes, available } = subject;
  const rendered: (readonly [Topic, Rendered])[] = [];
  if (before === undefined || !isSameDevice(subject, before))
    rendered.push([names.discovery(id), discovery(subject, names)]);
  if (available === false) rendered.push([names.availability(id), fixed("availability", "offline")]);
  if (attributes !== undefined) {
    const { urgent, slow, json } = attributes;
    const news = slow === undefined ? { urgent } : { urgent, slow };
    rendered.push([names.attributes(id), { kind: "attributes", ...news, payload: json }]);
  }
  rendered.push([names.state(id), { kind: "state", urgent: subject.urgent, payload: subject.state }]);
  if (available === true) rendered.push([names.availability(id), fixed("availability", "online")]);
  return rendered;
}

/** True when both make the same discovery message. */
export function isSameDevice(subject: Subject, before: Subject): boolean {
  const { rows, device, provisional } = subject;
  return rows === before.rows && device === before.device && provisional === before.provisional;
}

function discovery(subject: Subject, names: TopicNames): Rendered {
  return fixed("discovery", discoveryPayload(subject, names));
}

function fixed(kind: Rendered["kind"], payload: string): Rendered {
  return { kind, urgent: payload, payload: () => payload };
}

/** An event as automations get it: times as ISO 8601. */
export function eventPayload(event: DomainEvent): string {
  const fields = Object.entries(event.fields).map(([key, value]) => {
    const isTime = (key === "started" || key === "ended") && typeof value === "number";
    return [key, isTime ? isoTime(value) : value];
  });
  return JSON.stringify({
    event_type: event.event_type,
    at: isoTime(event.at),
    text: event.text,
    ...Object.fromEntries(fields),
  });
}

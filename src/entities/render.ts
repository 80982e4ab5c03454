import { isoTime } from "../lib/clock.ts";
import type { DomainEvent } from "../model/view.ts";
import { discoveryPayload } from "./discovery.ts";
import type { Subject } from "./subject.ts";
import type { Topic, TopicNames } from "./topics.ts";

/** What a topic should hold. */
export interface Rendered {
  readonly kind: "discovery" | "attributes" | "state";
  /** A change of it is published at once; a change of the payload alone at intervals (figures) or never (attributes). */
  readonly urgent: string;
  readonly payload: () => string;
}

/** The whole of what we say to Home Assistant of these subjects, as data. Only the status topic is not in it. */
export function render(subjects: readonly Subject[], names: TopicNames): ReadonlyMap<Topic, Rendered> {
  return new Map(subjects.flatMap((subject) => renderSubject(subject, names)));
}

/** The topics of one subject, its discovery first; without it when `before` is the same device with the same entities. */
export function renderSubject(
  subject: Subject,
  names: TopicNames,
  before?: Subject,
): readonly (readonly [Topic, Rendered])[] {
  const { attributes } = subject;
  const known = before !== undefined && before.rows === subject.rows && before.name === subject.name;
  return [
    ...(known ? [] : [[names.discovery(subject.id), discovery(subject, names)] as const]),
    ...(attributes === undefined
      ? []
      : [
          [
            names.attributes(subject.id),
            { kind: "attributes", urgent: attributes.fingerprint, payload: attributes.json },
          ] as const,
        ]),
    [names.state(subject.id), { kind: "state", urgent: subject.urgent, payload: subject.state }],
  ];
}

function discovery(subject: Subject, names: TopicNames): Rendered {
  const payload = discoveryPayload(subject, names);
  return { kind: "discovery", urgent: payload, payload: () => payload };
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

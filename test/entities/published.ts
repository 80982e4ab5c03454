import type { ClientTier } from "../../src/entities/client.ts";
import { render } from "../../src/entities/render.ts";
import { createSubjects } from "../../src/entities/subjects.ts";
import { topicNames } from "../../src/entities/topics.ts";
import type { DevicesView } from "../../src/model/devices/view.ts";
import { exampleNetwork } from "../fakes/example-network.ts";
import { exampleView } from "../fakes/example-view.ts";

export const names = topicNames({ site: "home", base: "netwarden", prefix: "homeassistant", version: "0.1.0" });

/** An entity as it is announced. */
export interface Component {
  readonly platform: string;
  readonly unique_id: string;
  readonly default_entity_id: string;
  readonly name: string | null;
  readonly enabled_by_default?: boolean;
  readonly availability?: readonly { readonly topic: string }[];
  readonly [key: string]: unknown;
}

/** A device as it is announced. */
export interface Announcement {
  readonly device: Readonly<Record<string, unknown>>;
  readonly availability: readonly { readonly topic: string }[];
  readonly availability_mode?: string;
  readonly components: Readonly<Record<string, Component>>;
}

/** What is published of a network: all topics, and readers of one subject. */
export function published(network: Partial<DevicesView>, tier: ClientTier = "tracker") {
  const show = createSubjects(tier);
  const of = (next: Partial<DevicesView>) => {
    const topics = render(show(exampleView({ network: exampleNetwork(next) })).subjects, names);
    const read = (topic: string) => JSON.parse(topics.get(topic)?.payload() ?? "null");
    return {
      topics,
      subjects: [...topics.keys()]
        .filter((topic) => names.isOwnDiscovery(topic))
        .map((topic) => names.subjectOf(topic)),
      announcement: (subject: string): Announcement => read(names.discovery(subject)),
      keys: (subject: string) => Object.keys((read(names.discovery(subject)) as Announcement).components),
      disabled: (subject: string) =>
        Object.entries((read(names.discovery(subject)) as Announcement).components)
          .filter(([, component]) => component.enabled_by_default === false)
          .map(([key]) => key),
      state: (subject: string) => read(names.state(subject)),
      attributes: (subject: string) => read(names.attributes(subject)),
      availability: (subject: string) => topics.get(names.availability(subject))?.payload(),
      fingerprint: (subject: string) => topics.get(names.attributes(subject))?.urgent,
    };
  };
  return { ...of(network), next: of };
}

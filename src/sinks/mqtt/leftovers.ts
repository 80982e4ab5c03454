import type { Shown } from "../../entities/subjects.ts";
import type { Topic, TopicNames } from "../../entities/topics.ts";
import type { Message } from "./connection.ts";

/** What an earlier run left on the broker and that nothing stands for any more, or not yet. */
export interface Leftovers {
  /** Looks for them. The messages say that mesh points which may come back are not available meanwhile. */
  find(held: Iterable<Topic>, shown: Shown): readonly Message[];
  has(topic: Topic): boolean;
  /** Those that are to be cleared now; mesh points only when every router was read. */
  gone(ids: ReadonlySet<string>, mayHaveMoreMesh: boolean): readonly Topic[];
}

/** There are none before `find`. */
export function createLeftovers(names: TopicNames): Leftovers {
  let left: ReadonlyMap<Topic, string> = new Map();
  return {
    find: (held, { subjects, mayHaveMoreMesh }) => {
      const ids = new Set(subjects.map(({ id }) => id));
      const rest = [...held].map((topic) => [topic, names.subjectOf(topic) ?? ""] as const);
      const lost = rest.filter(([, id]) => !ids.has(id));
      const points = new Set(mayHaveMoreMesh ? lost.map(([, id]) => id).filter(isMesh) : []);
      const unavailable = [...points].map((id) => [names.availability(id), id] as const);
      left = new Map([...lost, ...unavailable]);
      return unavailable.map(([topic]) => ({ topic, payload: "offline" }));
    },
    has: (topic) => left.has(topic),
    gone: (ids, mayHaveMoreMesh) => {
      if (left.size === 0) return [];
      const rest = [...left].filter(([, id]) => !ids.has(id));
      const staying = mayHaveMoreMesh ? rest.filter(([, id]) => isMesh(id)) : [];
      left = new Map(staying);
      return rest.filter(([topic]) => !left.has(topic)).map(([topic]) => topic);
    },
  };
}

function isMesh(id: string): boolean {
  return id.startsWith("mesh_");
}

import type { Subject } from "../../entities/subject.ts";

/** The devices that the user deleted in Home Assistant, for as long as the program runs. */
export interface Deleted {
  add(id: string): void;
  /** True as long as it stays away: until it is seen anew, or, where nobody can see it, until the program starts anew. */
  keepsAway(subject: Subject): boolean;
  /** The others are no longer known here. */
  keepOnly(ids: ReadonlySet<string>): void;
}

/** Nobody was deleted yet. A device that is there when it is deleted must leave before it can come back. */
export function createDeleted(): Deleted {
  const away = new Map<string, "to leave" | "to come">();
  return {
    add: (id) => {
      away.set(id, "to leave");
    },
    keepsAway: ({ id, seen }) => {
      const waits = away.get(id);
      if (waits === undefined) return false;
      if (seen === false) away.set(id, "to come");
      if (waits !== "to come" || seen !== true) return true;
      away.delete(id);
      return false;
    },
    keepOnly: (ids) => {
      for (const id of away.keys()) if (!ids.has(id)) away.delete(id);
    },
  };
}

import type { Subject } from "./subject.ts";

/** How the views of one kind become subjects. */
export interface Kind<V> {
  readonly idOf: (view: V) => string;
  /** `before`: what was made of the same thing last time. */
  readonly make: (view: V, before: Subject | undefined) => Subject;
}

/** The subjects of a list; that of the same object as before, and the list of the same list, stay as they are. */
export function kept<V extends object>({ idOf, make }: Kind<V>): (views: readonly V[]) => readonly Subject[] {
  let known: ReadonlyMap<string, { readonly view: V; readonly subject: Subject }> = new Map();
  let of: readonly V[] = [];
  let subjects: readonly Subject[] = [];
  const keptOrMade = (view: V) => {
    const id = idOf(view);
    const before = known.get(id);
    return [id, before?.view === view ? before : { view, subject: make(view, before?.subject) }] as const;
  };
  return (views) => {
    if (views === of) return subjects;
    known = new Map(views.map(keptOrMade));
    of = views;
    subjects = [...known.values()].map(({ subject }) => subject);
    return subjects;
  };
}

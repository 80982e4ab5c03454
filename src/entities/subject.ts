import type { TargetView, View } from "../model/view.ts";
import { type Entity, isFigure, type Value } from "./description.ts";
import { hubAttributes, hubRows, resolverRows } from "./hub.ts";
import { hopRows, targetRows } from "./target.ts";

/** One device in Home Assistant: what it is, and what it shows now. */
export interface Subject {
  /** Part of topics and unique ids: `hub`, `target_<slug>`, `hop_<slug>`. */
  readonly id: string;
  readonly name: string;
  readonly model: string;
  /** Stays the same object as long as the entities do. */
  readonly rows: readonly Entity<never>[];
  /** The states alone (no figures), as JSON: when it changes, the subject is published at once. */
  readonly urgent: string;
  /** All values as JSON, made when needed. */
  readonly state: () => string;
  readonly attributes?: { readonly fingerprint: string; readonly json: () => string };
}

/** Turns views into subjects, and keeps the objects of those that did not change. */
export function createSubjects(): (view: View) => readonly Subject[] {
  const rowsOfHub = keptRows();
  const targets = kept(targetSubject);
  const hops = kept(hopSubject);
  return (view) => [hubSubject(view, rowsOfHub(view)), ...targets(view.targets), ...hops(view.hops)];
}

function hubSubject(view: View, rows: readonly Entity<View>[]): Subject {
  const { fingerprint, attributes } = hubAttributes(view);
  return {
    ...subject(
      { id: "hub", name: view.site === "home" ? "Netwarden" : `Netwarden ${view.site}`, model: "Network monitor" },
      rows,
      view,
    ),
    attributes: { fingerprint, json: () => JSON.stringify(attributes) },
  };
}

function targetSubject(target: TargetView): Subject {
  return subject({ id: `target_${target.slug}`, name: target.name, model: "Network target" }, targetRows, target);
}

function hopSubject(hop: TargetView): Subject {
  return subject({ id: `hop_${hop.slug}`, name: hop.name, model: "Provider hop" }, hopRows, hop);
}

function subject<S>(is: Pick<Subject, "id" | "name" | "model">, rows: readonly Entity<S>[], of: S): Subject {
  return {
    ...is,
    rows: rows as readonly Entity<never>[],
    urgent: valuesOf(rows, of, (row) => !isFigure(row)),
    state: () => valuesOf(rows, of, () => true),
  };
}

function valuesOf<S>(rows: readonly Entity<S>[], of: S, wanted: (row: Entity<S>) => boolean): string {
  const values: Record<string, Value> = {};
  for (const row of rows) {
    if (row.platform === "button" || row.platform === "event" || !wanted(row)) continue;
    const value = row.value(of);
    values[row.key] = value === undefined ? null : typeof value === "boolean" ? (value ? "ON" : "OFF") : value;
  }
  return JSON.stringify(values);
}

/** The hub's rows change only with the list of resolvers. */
function keptRows(): (view: View) => readonly Entity<View>[] {
  let kept: { readonly names: string; readonly rows: readonly Entity<View>[] } = { names: "-", rows: [] };
  return (view) => {
    const names = view.resolvers.map(({ slug, name }) => `${slug} ${name}`).join();
    if (names !== kept.names) kept = { names, rows: [...hubRows, ...view.resolvers.flatMap(resolverRows)] };
    return kept.rows;
  };
}

/** The subjects of a list; that of the same object as before, and the list of the same list, stay as they are. */
function kept(make: (view: TargetView) => Subject): (views: readonly TargetView[]) => readonly Subject[] {
  const known = new WeakMap<TargetView, Subject>();
  let of: readonly TargetView[] = [];
  let subjects: readonly Subject[] = [];
  const subjectOf = (view: TargetView) => {
    const before = known.get(view);
    if (before !== undefined) return before;
    const made = make(view);
    known.set(view, made);
    return made;
  };
  return (views) => {
    if (views !== of) {
      of = views;
      subjects = views.map(subjectOf);
    }
    return subjects;
  };
}

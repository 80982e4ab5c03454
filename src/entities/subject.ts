import { type Entity, isFigure, type Value } from "./description.ts";

/** A device as Home Assistant's registry shows it. */
export interface DeviceFacts {
  readonly name: string;
  readonly model: string;
  /** Absent: unknown. */
  readonly manufacturer?: string;
  /** Of the device; the hub's is the program's own. */
  readonly software?: string;
  readonly serial?: string;
  /** The subject that it hangs on; absent: the hub itself. */
  readonly via?: string;
}

/** One device in Home Assistant: what it is, and what it shows now. */
export interface Subject {
  /** Part of topics and unique ids: `hub`, `target_<slug>`, `router_<slug>`, `client_<mac>`, … */
  readonly id: string;
  /** Part of entity ids at first: the id, or what reads better. */
  readonly slug: string;
  /** Stays the same object as long as nothing of it changes; the rows too. */
  readonly device: DeviceFacts;
  readonly rows: readonly Entity<never>[];
  /** The states alone (no figures), as JSON: when it changes, the subject is published at once. */
  readonly urgent: string;
  /** All values as JSON, made when needed. */
  readonly state: () => string;
  readonly attributes?: Attributes;
  /** Whether its values are to be had; absent: it follows the program alone. */
  readonly available?: boolean;
  /** True: it was not read yet, so that more entities may exist than are known. What an earlier run announced stays. */
  readonly provisional?: true;
  /** Whether it is seen now: one that the user deleted comes back when it is seen anew. Absent: only at the next start. */
  readonly seen?: boolean;
}

/** JSON beside the states. `urgent`: published when it changes. `slow`: worth a message only now and then. */
export interface Attributes {
  readonly urgent: string;
  readonly slow?: string;
  readonly json: () => string;
}

/** What a subject is; what it shows comes of its rows. */
export type Identity = Omit<Subject, "rows" | "urgent" | "state">;

/** The subject of one thing, with the values of its rows. */
export function subject<S>(identity: Identity, rows: readonly Entity<S>[], of: S): Subject {
  return {
    ...identity,
    rows: rows as readonly Entity<never>[],
    urgent: valuesOf(rows, of, (row) => !isFigure(row)),
    state: () => valuesOf(rows, of, () => true),
  };
}

/** `next`, or the object from before when nothing differs: what is compared by identity stays. */
export function asBefore(before: DeviceFacts | undefined, next: DeviceFacts): DeviceFacts {
  if (before === undefined) return next;
  const same =
    before.name === next.name &&
    before.model === next.model &&
    before.manufacturer === next.manufacturer &&
    before.software === next.software &&
    before.serial === next.serial &&
    before.via === next.via;
  return same ? before : next;
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

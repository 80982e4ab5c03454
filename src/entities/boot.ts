import { isoTime, type Timestamp } from "../lib/clock.ts";
import type { Entity } from "./description.ts";
import type { Subject } from "./subject.ts";

/** A boot time that is reckoned from an uptime moves by seconds with each reading. */
const toleranceMs = 60_000;

interface Booted {
  readonly bootAt?: Timestamp;
}

/** Keeps showing the boot time that was shown before, unless the new one is another. */
export function createSteadyBoot() {
  const shown = new WeakMap<Subject, Timestamp>();
  return {
    /** The view with the boot time to show; `before` is the subject that was made of it last. */
    with: <V extends Booted>(view: V, before: Subject | undefined): V => {
      const last = before === undefined ? undefined : shown.get(before);
      if (last === undefined || view.bootAt === undefined || Math.abs(view.bootAt - last) >= toleranceMs) return view;
      return { ...view, bootAt: last };
    },
    /** Remembers what the subject shows. */
    kept: ({ bootAt }: Booted, made: Subject): Subject => {
      if (bootAt !== undefined) shown.set(made, bootAt);
      return made;
    },
  };
}

/** When it started; whole seconds. */
export function uptimeRow<S>(bootAt: (subject: S) => Timestamp | undefined): Entity<S> {
  return {
    platform: "sensor",
    key: "uptime",
    name: "Uptime",
    deviceClass: "timestamp",
    category: "diagnostic",
    icon: "mdi:clock-start",
    exists: (subject) => bootAt(subject) !== undefined,
    value: (subject) => {
      const at = bootAt(subject);
      return at === undefined ? undefined : isoTime(Math.floor(at / 1_000) * 1_000);
    },
  };
}

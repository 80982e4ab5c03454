import { isoTime, type Timestamp } from "../lib/clock.ts";
import type { Entity } from "./description.ts";

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

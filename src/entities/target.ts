import type { TargetView } from "../model/view.ts";
import type { Entity } from "./description.ts";
import type { Kind } from "./kept.ts";
import { qualityRows } from "./quality.ts";
import { asBefore, subject } from "./subject.ts";

/** One thing on the Internet (or at home) that is probed. */
export const targetRows: readonly Entity<TargetView>[] = [
  {
    platform: "binary_sensor",
    key: "reachable",
    name: "Reachable",
    deviceClass: "connectivity",
    value: (target) => target.reachable,
  },
  { platform: "binary_sensor", key: "tcp", name: "TCP", deviceClass: "connectivity", value: (target) => target.tcp },
  ...qualityRows<TargetView>((target) => target, { enabled: false }),
];

/** One router of the provider on the way. */
export const hopRows: readonly Entity<TargetView>[] = targetRows
  .filter(({ key }) => key === "reachable" || key === "round_trip_time" || key === "packet_loss")
  .map((row) => (row.key === "packet_loss" ? { ...row, enabled: false } : row));

export const targetKind: Kind<TargetView> = kindOf("target", "Network target", targetRows);
export const hopKind: Kind<TargetView> = kindOf("hop", "Provider hop", hopRows);

function kindOf(prefix: string, model: string, rows: readonly Entity<TargetView>[]): Kind<TargetView> {
  return {
    idOf: ({ slug }) => slug,
    make: (target, before) => {
      const id = `${prefix}_${target.slug}`;
      const device = asBefore(before?.device, { name: target.name, model, manufacturer: "Netwarden" });
      return subject({ id, slug: id, device }, rows, target);
    },
  };
}

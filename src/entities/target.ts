import type { TargetView } from "../model/view.ts";
import type { Entity } from "./description.ts";
import { qualityRows } from "./quality.ts";

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

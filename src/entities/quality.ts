import type { Quality } from "../model/view.ts";
import type { Entity } from "./description.ts";
import { significant } from "./figures.ts";

/** Round-trip time, jitter, loss and MOS over the last 60 s: the same rows for the hub (median) and for each target. */
export function qualityRows<S>(
  of: (subject: S) => Quality,
  extras: { readonly enabled?: false },
): readonly Entity<S>[] {
  return [
    {
      platform: "sensor",
      key: "round_trip_time",
      name: "Round-trip time",
      deviceClass: "duration",
      unit: "ms",
      stateClass: "measurement",
      precision: 1,
      value: (subject) => significant(of(subject).rttMs, 1),
    },
    {
      platform: "sensor",
      key: "jitter",
      name: "Jitter",
      deviceClass: "duration",
      unit: "ms",
      stateClass: "measurement",
      precision: 1,
      ...extras,
      value: (subject) => significant(of(subject).jitterMs, 1),
    },
    {
      platform: "sensor",
      key: "packet_loss",
      name: "Packet loss",
      unit: "%",
      stateClass: "measurement",
      precision: 1,
      icon: "mdi:close-network-outline",
      value: (subject) => significant(of(subject).lossPercent, 1),
    },
    {
      platform: "sensor",
      key: "mos",
      name: "Mean opinion score",
      stateClass: "measurement",
      precision: 1,
      icon: "mdi:phone-voip",
      ...extras,
      value: (subject) => significant(of(subject).mos, 1),
    },
  ];
}

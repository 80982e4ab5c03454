import type { MeshView } from "../model/devices/view.ts";
import { bandName, bandNames } from "./client.ts";
import type { Entity } from "./description.ts";
import { shortText, significant, whole } from "./figures.ts";
import type { Kind } from "./kept.ts";
import { lastingRows } from "./lasting.ts";
import { asBefore, subject } from "./subject.ts";
import { uptimeRow } from "./uptime.ts";

/** A satellite of a mesh router. While it is lost all but that is unknown. */
export const meshRows: readonly Entity<MeshView>[] = [
  {
    platform: "binary_sensor",
    key: "online",
    name: "Online",
    deviceClass: "connectivity",
    value: ({ online }) => online,
  },
  {
    platform: "sensor",
    key: "backhaul_signal",
    name: "Backhaul signal",
    deviceClass: "signal_strength",
    unit: "dBm",
    stateClass: "measurement",
    category: "diagnostic",
    exists: ({ signalDbm }) => signalDbm !== undefined,
    value: (point) => (point.online ? whole(point.signalDbm) : undefined),
  },
  {
    platform: "sensor",
    key: "backhaul_signal_quality",
    name: "Backhaul signal quality",
    unit: "%",
    stateClass: "measurement",
    category: "diagnostic",
    icon: "mdi:wifi",
    exists: ({ signalPercent }) => signalPercent !== undefined,
    value: (point) => (point.online ? whole(point.signalPercent) : undefined),
  },
  {
    platform: "sensor",
    key: "backhaul_rate",
    name: "Backhaul rate",
    deviceClass: "data_rate",
    unit: "Mbit/s",
    stateClass: "measurement",
    category: "diagnostic",
    enabled: false,
    exists: ({ rateMbps }) => rateMbps !== undefined,
    value: (point) => (point.online ? significant(point.rateMbps, 1) : undefined),
  },
  {
    platform: "sensor",
    key: "backhaul_band",
    name: "Backhaul band",
    deviceClass: "enum",
    options: [...bandNames(), "wired"],
    category: "diagnostic",
    icon: "mdi:radio-tower",
    exists: ({ band }) => band !== undefined,
    value: (point) => (point.online ? bandName(point.band) : undefined),
  },
  {
    platform: "sensor",
    key: "uplink",
    name: "Uplink",
    category: "diagnostic",
    icon: "mdi:transit-connection-variant",
    exists: ({ uplink }) => uplink !== undefined,
    value: (point) => (point.online ? shortText(point.uplink) : undefined),
  },
  {
    platform: "sensor",
    key: "clients",
    name: "Clients",
    stateClass: "measurement",
    icon: "mdi:devices",
    value: (point) => (point.online ? point.clients : undefined),
  },
  uptimeRow(({ online, bootAt }) => (online ? bootAt : undefined)),
];

/** The mesh points as devices below their routers, which they follow: a router that can't be read knows nothing of them. */
export const meshKind: Kind<MeshView> = {
  idOf: ({ id }) => id,
  make: (point, before) => {
    const wasOnline = before !== undefined && before.provisional === undefined;
    const identity = {
      id: `mesh_${point.id}`,
      slug: `mesh_${point.id}`,
      device: asBefore(before?.device, {
        name: point.name,
        model: shortText(point.model) ?? "Mesh point",
        via: `router_${point.router}`,
      }),
      available: point.available,
      ...(point.online || wasOnline ? {} : { provisional: true as const }),
    };
    return subject(identity, lastingRows(meshRows, point, before?.rows), point);
  },
};

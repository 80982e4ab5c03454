import { isoTime } from "../lib/clock.ts";
import type { Band } from "../model/devices/sighting.ts";
import type { DevicePlace, DeviceView } from "../model/devices/view.ts";
import type { Entity } from "./description.ts";
import { megabitsPerSecond, megabytes, shortText, whole } from "./figures.ts";
import type { Kind } from "./kept.ts";
import { type Attributes, asBefore, subject } from "./subject.ts";

/** How much Home Assistant gets of a client: nothing, who is there, or all that is known. */
export type ClientTier = "none" | "tracker" | "full";

/** Who is there. Both are unknown while no source can tell, and never "away" for that. */
export const trackerRows: readonly Entity<DeviceView>[] = [
  { platform: "device_tracker", key: "presence", name: null, value: (client) => client.presence },
  {
    platform: "binary_sensor",
    key: "connected",
    name: "Connected",
    deviceClass: "connectivity",
    value: (client) => client.connected,
  },
];

/** All that is known of a client. */
export const fullRows: readonly Entity<DeviceView>[] = [
  ...trackerRows,
  {
    platform: "sensor",
    key: "ip",
    name: "IP address",
    category: "diagnostic",
    icon: "mdi:ip-network",
    value: (client) => shortText(client.ip),
  },
  {
    platform: "sensor",
    key: "access_point",
    name: "Access point",
    icon: "mdi:access-point",
    value: (client) => shortText(placeNow(client)?.accessPoint),
  },
  {
    platform: "sensor",
    key: "band",
    name: "Band",
    deviceClass: "enum",
    options: bandNames(),
    icon: "mdi:radio-tower",
    value: (client) => bandName(placeNow(client)?.band),
  },
  {
    platform: "sensor",
    key: "signal",
    name: "Signal",
    deviceClass: "signal_strength",
    unit: "dBm",
    stateClass: "measurement",
    category: "diagnostic",
    value: (client) => whole(placeNow(client)?.signalDbm),
  },
  {
    platform: "sensor",
    key: "signal_quality",
    name: "Signal quality",
    unit: "%",
    stateClass: "measurement",
    category: "diagnostic",
    icon: "mdi:wifi",
    value: (client) => whole(placeNow(client)?.signalPercent),
  },
  rate("download_rate", "Download speed", (client) => client.traffic?.downBps),
  rate("upload_rate", "Upload speed", (client) => client.traffic?.upBps),
  total("received", "Data received", (client) => client.traffic?.receivedBytes),
  total("sent", "Data sent", (client) => client.traffic?.sentBytes),
  total("received_today", "Data received today", (client) => client.traffic?.receivedToday),
  total("sent_today", "Data sent today", (client) => client.traffic?.sentToday),
  { ...total("received_month", "Data received this month", (client) => client.traffic?.receivedMonth), enabled: false },
  { ...total("sent_month", "Data sent this month", (client) => client.traffic?.sentMonth), enabled: false },
  {
    platform: "sensor",
    key: "last_seen",
    name: "Last seen",
    deviceClass: "timestamp",
    category: "diagnostic",
    enabled: false,
    value: (client) => (client.lastSeen === 0 ? undefined : isoTime(client.lastSeen)),
  },
];

/** The clients as devices below the hub: below a router each roaming phone would be announced anew. */
export function clientKind(tier: Exclude<ClientTier, "none">): Kind<DeviceView> {
  const rows = tier === "full" ? fullRows : trackerRows;
  return {
    idOf: ({ id }) => id,
    make: (client, before) => {
      const device = asBefore(before?.device, {
        name: client.name,
        model: "Network client",
        ...(client.vendor === undefined ? {} : { manufacturer: client.vendor }),
      });
      return subject(
        {
          id: `client_${client.id}`,
          slug: client.slug,
          device,
          attributes: clientAttributes(client),
          ...(client.connected === undefined ? {} : { seen: client.connected }),
        },
        rows,
        client,
      );
    },
  };
}

/** What other integrations say of a tracker, and in which zone it is: without that nobody would be home for a zone. */
function clientAttributes(client: DeviceView): Attributes {
  const inZones = client.presence === "home" ? ["zone.home"] : [];
  const trafficSource = client.traffic?.source ?? null;
  const { ip = null, mac, hostname = null } = client;
  return {
    urgent: `${client.presence} ${ip} ${hostname} ${trafficSource}`,
    slow: client.sources.toSorted().join(),
    json: () =>
      JSON.stringify({
        in_zones: inZones,
        ip,
        mac,
        host_name: hostname,
        sources: client.sources.toSorted(),
        traffic_source: trafficSource,
      }),
  };
}

/** One name of a band for all entities. `undefined`: unknown. */
export function bandName(band: Band | "wired" | undefined): string | undefined {
  return band === undefined || band === "wired" ? band : `${band} GHz`;
}

/** All that `bandName` may say of a radio. */
export function bandNames(): string[] {
  return ["2.4 GHz", "5 GHz", "6 GHz"];
}

/** Where it was last is no place for one that left. */
function placeNow({ connected, place }: DeviceView): DevicePlace | undefined {
  return connected === true ? place : undefined;
}

function rate(key: string, name: string, bps: (client: DeviceView) => number | undefined): Entity<DeviceView> {
  return {
    platform: "sensor",
    key,
    name,
    deviceClass: "data_rate",
    unit: "Mbit/s",
    stateClass: "measurement",
    precision: 2,
    value: (client) => (client.connected === true ? megabitsPerSecond(bps(client)) : undefined),
  };
}

function total(key: string, name: string, bytes: (client: DeviceView) => number | undefined): Entity<DeviceView> {
  return {
    platform: "sensor",
    key,
    name,
    deviceClass: "data_size",
    unit: "MB",
    stateClass: "total_increasing",
    precision: 1,
    value: (client) => megabytes(bytes(client)),
  };
}

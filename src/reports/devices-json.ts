import { isoTime, type Timestamp } from "../lib/clock.ts";
import type { DeviceView } from "../model/devices/view.ts";
import { activityText } from "./devices-text.ts";

/** A device for other programs: keys in snake case, times as ISO 8601, `null` for what is not known. */
export function deviceJson(device: DeviceView): Readonly<Record<string, unknown>> {
  const { place, traffic } = device;
  return {
    mac: device.mac,
    macs: device.macs,
    name: device.name,
    name_origin: device.nameOrigin,
    host_name: device.hostname ?? null,
    vendor: device.vendor ?? null,
    random_mac: device.randomMac,
    known: device.known,
    connected: device.connected ?? null,
    presence: device.presence ?? null,
    ip: device.ip ?? null,
    ipv6: device.ipv6,
    router: place?.router ?? null,
    access_point: place?.accessPoint ?? null,
    link: place?.link ?? null,
    interface: place?.interface ?? null,
    ssid: place?.ssid ?? null,
    band: place?.band ?? null,
    network: place?.network ?? null,
    signal_dbm: place?.signalDbm ?? null,
    signal_quality: place?.signalPercent ?? null,
    received_bytes: traffic?.receivedBytes ?? null,
    sent_bytes: traffic?.sentBytes ?? null,
    sources: device.sources,
    first_seen: timeOf(device.firstSeen),
    last_seen: timeOf(device.lastSeen),
    activity: activityText(device.activity),
    conflicts: device.conflicts,
  };
}

function timeOf(at: Timestamp): string | null {
  return at === 0 ? null : isoTime(at);
}

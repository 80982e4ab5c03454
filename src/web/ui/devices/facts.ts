import type { DeviceView } from "../../../model/devices/view.ts";
import { bytes, timeOf } from "../format.ts";
import { text } from "../text.ts";
import { linkWords, placeName, seenWords, signalWords } from "./words.ts";

/** A fact's name, and a line for each of its values. */
export type Fact = readonly [name: string, values: readonly string[]];

/** All that is known of a device, in the order that people ask. What is unknown is left out. */
export function factsOf(device: DeviceView, now: number): readonly Fact[] {
  const { columns, details } = text.devices;
  const { place, traffic, lease, arp, vendor, hostname } = device;
  const time = (at: number) => timeOf(at, now);
  const signal = signalWords(device);
  const facts: readonly (readonly [string, readonly (string | undefined)[]])[] = [
    [columns.place, place === undefined ? [] : [placeName(place), linkWords(place)]],
    [columns.signal, [signal === "–" ? undefined : signal]],
    [columns.ip, [device.ip]],
    [details.addresses, formerly(device, now)],
    [details.ipv6, device.ipv6],
    [details.macs, device.macs],
    [details.host, [hostname]],
    [details.maker, [vendor]],
    [details.network, [place?.ssid]],
    [details.seenBy, [device.sources.join(", ")]],
    [
      details.lease,
      [
        lease?.expiresAt === undefined
          ? lease?.status
          : details.leaseUntil(lease.status ?? "", time(lease.expiresAt)).replace(/^, /, ""),
      ],
    ],
    [details.arp, [arp?.status]],
    [details.conflicts, device.conflicts],
    [
      details.today,
      traffic === undefined ? [] : [amounts(traffic.receivedToday, traffic.sentToday), details.counted(traffic.source)],
    ],
    [details.month, traffic === undefined ? [] : [amounts(traffic.receivedMonth, traffic.sentMonth)]],
    [details.firstSeen, [device.firstSeen === 0 ? undefined : time(device.firstSeen)]],
    [columns.seen, [seenWords(device, now)]],
  ];
  return facts
    .map(
      ([name, values]): Fact => [name, values.flatMap((value) => (value === undefined || value === "" ? [] : [value]))],
    )
    .filter(([, values]) => values.length > 0);
}

function formerly({ addresses, ip }: DeviceView, now: number): readonly string[] {
  const { formerly: words } = text.devices.details;
  return addresses
    .filter((use) => use.ip !== ip)
    .map((use) => words(use.ip, timeOf(use.first, now), timeOf(use.last, now)));
}

function amounts(received: number, sent: number): string {
  return `↓ ${bytes(received)} ↑ ${bytes(sent)}`;
}

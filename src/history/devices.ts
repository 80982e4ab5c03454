import * as z from "zod";
import { type Mac, parseMac } from "../lib/mac.ts";
import type { DeviceState } from "../model/devices/state.ts";

/** A MAC in the one form that ids are made of. */
export const storedMac = z.string().refine((text): text is Mac => parseMac(text) === text);

const at = z.number().min(0);
const bytes = z.number().min(0);
const text = z.string();
const texts = z.array(text);
const origins = ["user", "config", "router", "dhcp", "mdns", "vendor", "mac"] as const;

const attachment = {
  link: z.exactOptional(z.enum(["wired", "wifi"])),
  interface: z.exactOptional(text),
  ssid: z.exactOptional(text),
  band: z.exactOptional(z.enum(["2.4", "5", "6"])),
  network: z.exactOptional(z.enum(["user", "guest", "device"])),
  signalDbm: z.exactOptional(z.number()),
  signalPercent: z.exactOptional(z.number()),
};

const sighting = z.object({
  ...attachment,
  mac: storedMac,
  connected: z.boolean(),
  ip: z.exactOptional(text),
  ipv6: z.exactOptional(texts),
  hostname: z.exactOptional(text),
  description: z.exactOptional(text),
  vendor: z.exactOptional(text),
  accessPoint: z.exactOptional(text),
  idleS: z.exactOptional(z.number()),
  receivedBytes: z.exactOptional(bytes),
  sentBytes: z.exactOptional(bytes),
  counter: z.exactOptional(text),
  recent: z.exactOptional(z.object({ seconds: z.number(), receivedBytes: bytes, sentBytes: bytes })),
  linkDownBps: z.exactOptional(z.number()),
  linkUpBps: z.exactOptional(z.number()),
  lease: z.exactOptional(
    z.object({
      status: z.exactOptional(text),
      server: z.exactOptional(text),
      clientId: z.exactOptional(text),
      dynamic: z.exactOptional(z.boolean()),
      expiresInS: z.exactOptional(z.number()),
      lastSeenS: z.exactOptional(z.number()),
    }),
  ),
  arp: z.exactOptional(
    z.object({
      status: z.exactOptional(text),
      dynamic: z.exactOptional(z.boolean()),
      interface: z.exactOptional(text),
    }),
  ),
  conflicts: z.exactOptional(texts),
  notes: z.exactOptional(texts),
});

const place = z.object({
  ...attachment,
  source: text,
  router: text,
  accessPoint: text,
  main: z.boolean(),
});

const traffic = z.object({
  source: text,
  day: text,
  received: bytes,
  sent: bytes,
  receivedToday: bytes,
  sentToday: bytes,
  receivedMonth: bytes,
  sentMonth: bytes,
  counters: z.record(z.string(), z.object({ received: bytes, sent: bytes, at })),
  downBps: z.exactOptional(bytes),
  upBps: z.exactOptional(bytes),
  minute: z.array(z.object({ at, received: bytes, sent: bytes })),
});

const alarm = z.object({ active: z.boolean(), told: at });

const device = z.object({
  id: z.string().regex(/^[0-9a-f]{12}$/),
  mac: storedMac,
  macs: z.array(storedMac).min(1),
  slug: text.min(1),
  firstSeen: at,
  lastSeen: at,
  sightings: z.record(z.string(), z.object({ at, connectedAt: at, missed: z.number().min(0), sighting })),
  names: z.partialRecord(z.enum(origins), z.object({ name: text, at })),
  connected: z.exactOptional(z.boolean()),
  presence: z.exactOptional(z.enum(["home", "not_home"])),
  lastConnected: z.exactOptional(z.boolean()),
  lastPresence: z.exactOptional(z.enum(["home", "not_home"])),
  seenBy: texts,
  together: texts,
  goneAt: z.exactOptional(at),
  place: z.exactOptional(place),
  addresses: z.array(z.object({ ip: text, first: at, last: at })),
  traffic: z.exactOptional(traffic),
  activity: z.object({ day: text, cells: z.array(z.int().min(0).max(0x3ff)).length(24) }),
  alarms: z.partialRecord(z.enum(["unknown", "signal", "down", "up"]), alarm),
});

/** A device as an earlier run left it, checked; `undefined` when it is none, or of another version. */
export function parseDevice(stored: unknown): DeviceState | undefined {
  const parsed = device.safeParse(stored);
  return parsed.success && isOwnFirst(parsed.data) ? parsed.data : undefined;
}

/** The id is the digits of `mac`, and `mac` is the first of all. */
function isOwnFirst({ id, mac, macs }: DeviceState): boolean {
  return macs[0] === mac && id === mac.replaceAll(":", "");
}

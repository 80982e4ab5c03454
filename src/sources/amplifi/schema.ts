import { z } from "zod";

/** What is not as expected is absent: one odd field of a row must not cost the row. */
const text = z.string().transform(oneLine).optional().catch(undefined);
const amount = z.number().min(0).max(Number.MAX_SAFE_INTEGER).optional().catch(undefined);
const flag = z.boolean().optional().catch(undefined);
const anything = z.unknown().optional();

/** The router or a mesh point: `[0]`. `rssi_min` is in dBm; uptime in seconds. */
export const nodeRow = z.object({
  mac: text,
  friendly_name: text,
  ip: text,
  role: text,
  platform_name: text,
  active_band: text,
  rssi_min: z.number().min(-150).max(-1).optional().catch(undefined),
  uptime: amount,
  children: anything,
});

/** An association: `[1]`. Bit rates are kbit/s; `Inactive` and `LeaseValidity` seconds; `SignalQuality` percent. */
export const wifiRow = z.object({
  Address: text,
  HostName: text,
  Description: text,
  LeaseValidity: amount,
  SignalQuality: z.number().min(0).max(100).optional().catch(undefined),
  Inactive: amount,
  RxBitrate: amount,
  TxBitrate: amount,
  RxBytes: amount,
  TxBytes: amount,
  RxBytes64: amount,
  TxBytes64: amount,
  RxBytes_60sec: amount,
  TxBytes_60sec: amount,
});

/** What the router knows of a client: `[2]`. */
export const clientRow = z.object({
  description: text,
  host_name: text,
  ip: text,
  connection: text,
  lease_validity: amount,
  manufacturer: text,
});

/** A port: `[4]`. Its rates are kbit/s over the last moments, `link_speed` is Mbit/s. */
export const portRow = z.object({ link: flag, link_speed: amount, rx_bitrate: amount, tx_bitrate: amount });

export type NodeRow = z.infer<typeof nodeRow>;
export type WifiRow = z.infer<typeof wifiRow>;
export type ClientRow = z.infer<typeof clientRow>;

/** The members of an object; none of anything else. An empty one may come as `[]`, as web pages in PHP write it. */
export function membersOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}

/** True for what `membersOf` reads: an object, or an empty list in the place of one. */
export function hasMembers(value: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : typeof value === "object" && value !== null;
}

/** An object without the fields that are `undefined`. */
export function present<T extends object>(fields: { readonly [Key in keyof T]: T[Key] | undefined }): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}

const longestText = 200;

function oneLine(value: string): string | undefined {
  const line = value
    .slice(0, longestText)
    .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ")
    .trim();
  return line === "" ? undefined : line;
}

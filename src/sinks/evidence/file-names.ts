import { type Timestamp, utcTime } from "../../lib/clock.ts";

/** The file of all traces to a host, without its folder: dots and colons of the address are `_`. */
export function mtrLogName(host: string): string {
  return `mtr_${host.replace(/[^A-Za-z0-9-]/g, "_").slice(0, 200)}`;
}

/** The file of what this machine knew of its network when an outage began. */
export function wanDiagName(at: Timestamp): string {
  return `wan_diag_${utcStamp(at)}.log`;
}

/** `20261121_140509` in UTC, as in the older tool's names and heads. */
export function utcStamp(at: Timestamp): string {
  return utcTime(at).slice(0, 19).replace(/[-:]/g, "").replace("T", "_");
}

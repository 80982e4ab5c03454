import { type Mac, parseMac } from "../../lib/mac.ts";
import type { Lease } from "../../model/devices/sighting.ts";
import type { RouterosRow } from "./client.ts";
import { inUse } from "./ports.ts";
import { readDuration, readFlag, readIpv4, readText } from "./values.ts";

/** A row of the DHCP server's leases (MikroTik's page "DHCP", "Leases"). */
export interface LeaseRow {
  readonly mac: Mac;
  /** The address in use now. A static lease that nobody uses has none. */
  readonly activeIp?: string;
  /** The address that is kept for this client; a pool's name is none. */
  readonly reservedIp?: string;
  readonly hostname?: string;
  readonly comment?: string;
  readonly lease: Lease;
}

/** The leases, one a MAC, of several the one in use. */
export function readLeases(rows: readonly RouterosRow[]): ReadonlyMap<Mac, LeaseRow> {
  const leases = new Map<Mac, LeaseRow>();
  for (const row of rows) {
    const lease = inUse(row) ? readLease(row) : undefined;
    if (lease === undefined) continue;
    const other = leases.get(lease.mac);
    if (other === undefined || isBetter(lease, other)) leases.set(lease.mac, lease);
  }
  return leases;
}

function readLease(row: RouterosRow): LeaseRow | undefined {
  // A lease kept for a client id is used by whatever MAC the client has made up this time.
  const mac = parseMac(row["active-mac-address"] ?? "") ?? parseMac(row["mac-address"] ?? "");
  if (mac === undefined) return undefined;
  const blocked = readFlag(row["blocked"]) === true;
  const bound = row["status"] === "bound" && !blocked;
  const activeIp = blocked
    ? undefined
    : (readIpv4(row["active-address"]) ?? (bound ? readIpv4(row["address"]) : undefined));
  const reservedIp = readIpv4(row["address"]);
  const hostname = readText(row["host-name"]);
  const comment = readText(row["comment"]);
  return {
    mac,
    ...(activeIp === undefined ? {} : { activeIp }),
    ...(reservedIp === undefined ? {} : { reservedIp }),
    ...(hostname === undefined ? {} : { hostname }),
    ...(comment === undefined ? {} : { comment }),
    lease: leaseOf(row, blocked),
  };
}

function leaseOf(row: RouterosRow, blocked: boolean): Lease {
  const status = blocked ? "blocked" : readText(row["status"]);
  const server = readText(row["active-server"]) ?? readText(row["server"]);
  const clientId = readText(row["active-client-id"]) ?? readText(row["client-id"]);
  const dynamic = readFlag(row["dynamic"]);
  const expiresInS = readDuration(row["expires-after"]);
  const lastSeenS = readDuration(row["last-seen"]);
  return {
    ...(status === undefined ? {} : { status }),
    ...(server === undefined ? {} : { server }),
    ...(clientId === undefined ? {} : { clientId }),
    ...(dynamic === undefined ? {} : { dynamic }),
    ...(expiresInS === undefined ? {} : { expiresInS }),
    ...(lastSeenS === undefined ? {} : { lastSeenS }),
  };
}

function isBetter(a: LeaseRow, b: LeaseRow): boolean {
  const inUseNow = (row: LeaseRow) => (row.activeIp === undefined ? 0 : 1);
  if (inUseNow(a) !== inUseNow(b)) return inUseNow(a) > inUseNow(b);
  return (a.lease.lastSeenS ?? Number.POSITIVE_INFINITY) < (b.lease.lastSeenS ?? Number.POSITIVE_INFINITY);
}

import { type Mac, parseMac } from "../../lib/mac.ts";
import type { ArpEntry } from "../../model/devices/sighting.ts";
import type { RouterosRow } from "./client.ts";
import { inUse, type Ports } from "./ports.ts";
import { readFlag, readIpv4, readText } from "./values.ts";

/** A row of the ARP table (MikroTik's page "ARP"). */
export interface ArpRow {
  readonly mac: Mac;
  readonly ip: string;
  /** The host has answered lately. */
  readonly answers: boolean;
  readonly comment?: string;
  readonly entry: ArpEntry;
}

/** Hosts of the home that have, or had, a MAC; by MAC and, of those that answer, by address. */
export interface ArpTable {
  readonly byMac: ReadonlyMap<Mac, readonly ArpRow[]>;
  readonly byAddress: ReadonlyMap<string, readonly ArpRow[]>;
}

export function readArp(rows: readonly RouterosRow[], { wan }: Ports): ArpTable {
  const byMac = new Map<Mac, ArpRow[]>();
  const byAddress = new Map<string, ArpRow[]>();
  for (const row of rows) {
    const arp = inUse(row) && !wan.has(row["interface"] ?? "") ? readRow(row) : undefined;
    if (arp === undefined) continue;
    append(byMac, arp.mac, arp);
    if (arp.answers) append(byAddress, arp.ip, arp);
  }
  return { byMac, byAddress };
}

function readRow(row: RouterosRow): ArpRow | undefined {
  const mac = parseMac(row["mac-address"] ?? "");
  const ip = readIpv4(row["address"]);
  // A published entry is the router's promise to answer for somebody else.
  if (mac === undefined || ip === undefined || readFlag(row["published"]) === true) return undefined;
  const status = readText(row["status"]);
  const complete = readFlag(row["complete"]) === true;
  // Without either the router asked for it and heard nothing.
  if (status === undefined && !complete) return undefined;
  const dynamic = readFlag(row["dynamic"]);
  const interfaceName = readText(row["interface"]);
  const comment = readText(row["comment"]);
  return {
    mac,
    ip,
    answers: status === undefined ? learnt(row) : status === "reachable",
    ...(comment === undefined ? {} : { comment }),
    entry: {
      ...(status === undefined ? {} : { status }),
      ...(dynamic === undefined ? {} : { dynamic }),
      ...(interfaceName === undefined ? {} : { interface: interfaceName }),
    },
  };
}

/** Releases without a status drop what no longer answers; but what a person or the DHCP server has put there stays. */
function learnt(row: RouterosRow): boolean {
  const byDhcp = readFlag(row["DHCP"] ?? row["dhcp"]) === true;
  return readFlag(row["dynamic"]) !== false && !byDhcp;
}

function append<K>(map: Map<K, ArpRow[]>, key: K, row: ArpRow): void {
  const rows = map.get(key);
  if (rows === undefined) map.set(key, [row]);
  else rows.push(row);
}

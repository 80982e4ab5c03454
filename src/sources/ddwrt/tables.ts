import { type Mac, parseMac } from "../../lib/mac.ts";
import type { Lease } from "../../model/devices/sighting.ts";
import { addressesOf, plain, rowsAroundMac, rowsFromMac } from "./pages.ts";

/** A client that is associated with one of the router's radios. Rates in bit/s, from the client's viewpoint. */
export interface WirelessRow {
  readonly mac: Mac;
  readonly interface?: string;
  readonly signalDbm?: number;
  readonly signalPercent?: number;
  readonly linkDownBps?: number;
  readonly linkUpBps?: number;
}

/** A row of "Active Clients": the kernel's ARP table. Bytes from the client's viewpoint, absent where the router counts none. */
export interface ArpRow {
  readonly mac: Mac;
  readonly addresses: readonly string[];
  readonly hostname?: string;
  readonly interface?: string;
  readonly receivedBytes?: number;
  readonly sentBytes?: number;
}

/** A DHCP lease. */
export interface LeaseRow {
  readonly mac: Mac;
  readonly ip: string;
  readonly hostname?: string;
  readonly lease: Lease;
}

/**
 * Rows of `active_wireless` (src/router/httpd/visuals/wireless_*.c), known by their width: 4 words (MAC, signal, noise, SNR),
 * 8 (MAC, interface, uptime, transmit, receive, signal, noise, SNR), 9 (then quality in ‰), 10 (a word such as `HT20` before the
 * signal), 11 and more (the radio's name behind the MAC; whatever follows the quality is not used).
 */
export function wirelessRows(words: readonly string[]): readonly WirelessRow[] {
  return rowsFromMac(words).flatMap((row) => {
    const mac = parseMac(row[0] ?? "");
    return mac === undefined ? [] : [wirelessRow(row, mac)];
  });
}

/**
 * Rows of `arp_table` (src/router/httpd/visuals/arp.c): host, address, MAC, number of connections, and in newer builds interface,
 * in, out and total bytes since the start; builds without accounting write zeros there. One word may hold several addresses. That
 * `in` is what the client receives is wrtbwmon's meaning of it, not shown by any capture.
 */
export function arpRows(words: readonly string[]): readonly ArpRow[] {
  const rows = rowsAroundMac(words);
  const counted = rows.some((row) => (wholeNumber(row[5]) ?? 0) + (wholeNumber(row[6]) ?? 0) > 0);
  return rows.flatMap((row) => {
    const mac = parseMac(row[2] ?? "");
    if (mac === undefined) return [];
    const hostname = plain(row[0] ?? "");
    const device = interfaceOf(row[4]);
    const received = counted ? wholeNumber(row[5]) : undefined;
    const sent = counted ? wholeNumber(row[6]) : undefined;
    return [
      {
        mac,
        addresses: addressesOf(row[1] ?? ""),
        ...(hostname === undefined ? {} : { hostname }),
        ...(device === undefined ? {} : { interface: device }),
        ...(received === undefined || sent === undefined ? {} : { receivedBytes: received, sentBytes: sent }),
      },
    ];
  });
}

/**
 * Rows of `dhcp_leases` (src/router/httpd/visuals/dhcp.c): host, address, MAC, expiry, and what is not used. The expiry is
 * `1 day 00:00:00`, or a word in the router's language for a lease without end. Some routers write there how long leases are, not how
 * long this one still is: what equals `leaseMinutes` is no expiry.
 */
export function leaseRows(words: readonly string[], leaseMinutes: number | undefined): readonly LeaseRow[] {
  return rowsAroundMac(words).flatMap((row) => {
    const mac = parseMac(row[2] ?? "");
    const ip = addressesOf(row[1] ?? "")[0];
    if (mac === undefined || ip === undefined) return [];
    const hostname = plain(row[0] ?? "");
    return [{ mac, ip, ...(hostname === undefined ? {} : { hostname }), lease: leaseOf(row[3] ?? "", leaseMinutes) }];
  });
}

function wirelessRow(row: readonly string[], mac: Mac): WirelessRow {
  const at = columns(row);
  const dbm = Number(row[at.signal]);
  const signalDbm = Number.isInteger(dbm) && dbm < 0 && dbm >= -127 ? dbm : undefined;
  const quality = Number(row[at.signal + 3]);
  const signalPercent = quality > 0 && quality <= 2_000 ? Math.min(100, Math.round(quality / 10)) : undefined;
  const device = interfaceOf(row[at.interface]);
  const down = bitRate(row[at.transmit]);
  const up = bitRate(row[at.transmit + 1]);
  return {
    mac,
    ...(device === undefined ? {} : { interface: device }),
    // The quality is made of the signal: it only says something where that is missing.
    ...(signalDbm !== undefined ? { signalDbm } : signalPercent !== undefined ? { signalPercent } : {}),
    ...(down === undefined ? {} : { linkDownBps: down }),
    ...(up === undefined ? {} : { linkUpBps: up }),
  };
}

const nowhere = 1_000;

function columns({ length }: readonly string[]) {
  if (length >= 11) return { interface: 2, transmit: 4, signal: 7 };
  if (length === 10) return { interface: 1, transmit: 3, signal: 6 };
  if (length >= 8) return { interface: 1, transmit: 3, signal: 5 };
  if (length === 4) return { interface: nowhere, transmit: nowhere, signal: 1 };
  return { interface: nowhere, transmit: nowhere, signal: nowhere };
}

/** `72M`, `243.0` (Mbit/s), `N/A`. */
function bitRate(word: string | undefined): number | undefined {
  const [, number = "", unit = "M"] = /^(\d{1,6}(?:\.\d{1,3})?)\s*([MG])?/i.exec(word ?? "") ?? [];
  const rate = number === "" ? 0 : Number(number) * (unit.toUpperCase() === "G" ? 1e9 : 1e6);
  return rate > 0 ? Math.round(rate) : undefined;
}

function leaseOf(expiry: string, leaseMinutes: number | undefined): Lease {
  const [, days = "0", hours, minutes, seconds] =
    /^(?:(\d{1,6})\s+\S+\s+)?(\d{1,4}):(\d{2}):(\d{2})$/.exec(expiry) ?? [];
  const status = plain(expiry);
  if (hours === undefined) return { dynamic: false, ...(status === undefined ? {} : { status }) };
  const expiresInS = Number(days) * 86_400 + Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
  return { dynamic: true, ...(expiresInS === (leaseMinutes ?? 0) * 60 ? {} : { expiresInS }) };
}

function interfaceOf(word: string | undefined): string | undefined {
  const name = plain(word ?? "");
  return name !== undefined && /^[a-z][\w.@:-]{0,14}$/i.test(name) ? name : undefined;
}

function wholeNumber(word: string | undefined): number | undefined {
  return /^\d{1,15}$/.test(word ?? "") ? Number(word) : undefined;
}

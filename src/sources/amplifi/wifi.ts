import { type Mac, parseMac } from "../../lib/mac.ts";
import type { ClientSighting } from "../../model/devices/sighting.ts";
import { membersOf, present, type WifiRow, wifiRow } from "./schema.ts";
import { bandOf } from "./topology.ts";

/** A client or mesh point that an access point has on its radio. */
export interface Association {
  readonly mac: Mac;
  readonly accessPoint: Mac;
  /** As the router writes it: `5 GHz`. */
  readonly band: string;
  /** As the router writes it: `User network`, `Guest network`, `Internal network`, … */
  readonly network: string;
  readonly row: WifiRow;
}

/** All associations of `[1]`, and how many rows made no sense. */
export function readAssociations(value: unknown): { readonly rows: readonly Association[]; readonly dropped: number } {
  const rows: Association[] = [];
  let dropped = 0;
  for (const [apText, bands] of membersOf(value)) {
    const accessPoint = parseMac(apText);
    for (const [band, networks] of membersOf(bands)) {
      for (const [network, clients] of membersOf(networks)) {
        for (const [macText, client] of membersOf(clients)) {
          const mac = parseMac(macText);
          const parsed = wifiRow.safeParse(client);
          if (accessPoint !== undefined && mac !== undefined && parsed.success) {
            rows.push({ mac, accessPoint, band, network, row: parsed.data });
          } else dropped += 1;
        }
      }
    }
  }
  return { rows, dropped };
}

/** The way back of a mesh point, which looks like a client of the one before it. */
export function isBackhaul({ network }: Association): boolean {
  return /internal/i.test(network);
}

/**
 * Of several associations of one client all but one are stale: the one that is heard most recently counts, then the one that
 * carries most, and before both one whose access point is there.
 */
export function freshest(rows: readonly Association[], isLost: (accessPoint: Mac) => boolean): readonly Association[] {
  const best = new Map<Mac, Association>();
  for (const row of rows) {
    const other = best.get(row.mac);
    if (other === undefined || compare(rank(row, isLost), rank(other, isLost)) < 0) best.set(row.mac, row);
  }
  return [...best.values()];
}

/**
 * What an association says of its client. `Rx` is taken as what the client receives: so the one program that gives the fields
 * a direction reads them, and no other source confirms it.
 */
export function associationFacts({ mac, accessPoint, band, network, row }: Association): ClientSighting {
  const received = row.RxBytes_60sec;
  const sent = row.TxBytes_60sec;
  const recent =
    received === undefined || sent === undefined
      ? undefined
      : { seconds: 60, receivedBytes: received, sentBytes: sent };
  const receivedBytes = unsaturated(row.RxBytes64) ?? unsaturated(row.RxBytes);
  return present<ClientSighting>({
    mac,
    connected: true,
    link: "wifi",
    accessPoint,
    band: bandOf(band),
    network: /device/i.test(network) ? "device" : /guest/i.test(network) ? "guest" : "user",
    signalPercent: row.SignalQuality,
    idleS: row.Inactive,
    receivedBytes,
    sentBytes: unsaturated(row.TxBytes64) ?? unsaturated(row.TxBytes),
    counter: `${accessPoint} ${bandOf(band) ?? "?"}`,
    recent,
    linkDownBps: bitsPerSecond(row.RxBitrate),
    linkUpBps: bitsPerSecond(row.TxBitrate),
    notes: lowCounterNotes(receivedBytes, row.LeaseValidity),
  });
}

/** The 32-bit counter stays here for hours when it is full; it says no more than that. */
const saturated = 4_294_967_295;

function unsaturated(bytes: number | undefined): number | undefined {
  return bytes === saturated ? undefined : bytes;
}

function bitsPerSecond(kilobits: number | undefined): number | undefined {
  return kilobits === undefined ? undefined : kilobits * 1000;
}

/** A client that is on the network and has hardly received anything: perhaps it can't get through. */
function lowCounterNotes(received: number | undefined, leaseS: number | undefined): readonly string[] | undefined {
  if (received === undefined || received >= 1000) return undefined;
  return [`low RxBytes value (${received})${leaseS === undefined ? "" : ` with lease ${leaseS}s`}`];
}

type Rank = readonly [lost: number, idle: number, quiet: number];

function rank({ accessPoint, row }: Association, isLost: (accessPoint: Mac) => boolean): Rank {
  const carried = (row.RxBytes_60sec ?? 0) + (row.TxBytes_60sec ?? 0);
  return [isLost(accessPoint) ? 1 : 0, row.Inactive ?? Number.MAX_VALUE, -carried];
}

function compare(a: Rank, b: Rank): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

import type { Clock } from "../../lib/clock.ts";
import type { Mac } from "../../lib/mac.ts";
import type { ArpRow } from "./tables.ts";

/** Tells which rows of the ARP table are clients that are there now. Asked once a reading. */
export interface ArpEvidence {
  connected(associated: ReadonlySet<Mac>, rows: readonly ArpRow[]): ReadonlySet<Mac>;
}

/** Longer than any entry without life stays in the table. */
const lingersMs = 10 * 60_000;

/**
 * An association proves that a client is there, and its end that it left; a lease proves nothing. A row of the ARP table is weaker:
 * DD-WRT empties that table even when it is small (it sets `gc_thresh1` to 1 and sweeps about every two minutes), so a row is a client
 * that was there within the last minutes. That counts as connected, as there is nothing better for wired clients: they leave some
 * minutes late. For a client whose association ended, its row is no evidence: it would keep a phone that just left. It counts
 * again (the client is now at another access point behind this router) once it sent bytes, once its row went and came back, or, where
 * nothing is counted, once the row outlived what lingers.
 * Limits: with the nvram setting `arp_longdelay` rows of clients that were never associated here stay until the router restarts;
 * and which clients left the radio is not known over a restart of this program.
 */
export function createArpEvidence(clock: Clock): ArpEvidence {
  /** Clients that were associated in the reading before, and those that left a radio while their row stayed. */
  let before: ReadonlySet<Mac> = new Set();
  let left: ReadonlyMap<Mac, { readonly at: number; readonly sentBytes: number | undefined }> = new Map();
  return {
    connected: (associated, rows) => {
      const now = clock.monotonic();
      const stillDoubtful = new Map<Mac, { readonly at: number; readonly sentBytes: number | undefined }>();
      for (const { mac, sentBytes } of rows) {
        if (associated.has(mac)) continue;
        const leaving = before.has(mac) ? { at: now, sentBytes } : left.get(mac);
        if (leaving === undefined) continue;
        const alive =
          sentBytes === undefined ? now - leaving.at >= lingersMs : sentBytes > (leaving.sentBytes ?? sentBytes);
        if (!alive) stillDoubtful.set(mac, { at: leaving.at, sentBytes });
      }
      before = associated;
      left = stillDoubtful;
      return new Set(rows.map(({ mac }) => mac).filter((mac) => !stillDoubtful.has(mac)));
    },
  };
}

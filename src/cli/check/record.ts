import type { LoadedConfig } from "../../config/load.ts";
import type { Clock, Timestamp } from "../../lib/clock.ts";
import type { Log } from "../../lib/log.ts";
import type { View } from "../../model/view.ts";
import { evidencePlace } from "../../outputs.ts";
import { createMtrLogSink } from "../../sinks/evidence/mtr-log.ts";
import { createNetlogSink } from "../../sinks/evidence/netlog.ts";
import { readDiagnostics } from "../../sinks/evidence/network-diagnostics.ts";
import { createWanDiagSink } from "../../sinks/evidence/wan-diag.ts";
import type { Sink } from "../../sinks/sink.ts";

/** What a check leaves in the evidence folder, as the monitor would. */
export interface CheckRecord {
  readonly push: Sink["push"];
  /** Resolves when what was begun to be read of this machine has been read. */
  diagnosed(): Promise<void>;
  /** Adds the one row of this check and writes what is left. */
  close(row: { readonly view: View; readonly startedAt: Timestamp }): Promise<void>;
}

export function openRecord(parts: {
  readonly loaded: LoadedConfig;
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Log;
}): CheckRecord {
  const { clock } = parts;
  const evidence = evidencePlace(parts.loaded, parts);
  const netlog = createNetlogSink(evidence);
  let reading: Promise<unknown> = Promise.resolve();
  const read: typeof readDiagnostics = (given) => {
    const text = readDiagnostics(given);
    reading = text;
    return text;
  };
  const live = [createMtrLogSink(evidence), createWanDiagSink({ ...evidence, read })];
  const stop = new AbortController();
  const done = Promise.all([netlog, ...live].map((sink) => sink.run(stop.signal)));
  return {
    push: (update) => {
      for (const sink of live) sink.push(update);
    },
    diagnosed: async () => {
      await reading;
    },
    close: async ({ view, startedAt }) => {
      // Cycles end before the verdict stands, and an outage may take several: the row tells what was said in the end.
      const cycle = { type: "cycle", at: clock.now(), startedAt, requested: true, partial: false } as const;
      netlog.push({ view, events: [], observations: [cycle], devices: new Map() });
      stop.abort();
      await done;
    },
  };
}

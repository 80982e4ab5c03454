import { DatabaseSync } from "node:sqlite";
import { type Append, createAppend } from "../../src/history/append.ts";
import { migrate } from "../../src/history/migrations.ts";
import { type Batch, type Limits, type OutageRow, sampleWidth } from "../../src/history/protocol.ts";

export interface PlainSample {
  readonly at: number;
  readonly check: number;
  readonly ok: boolean;
  readonly rttMs: number;
}

/** The usual bounds, small slices. */
export const limits: Limits = {
  rawMs: 7 * 86_400_000,
  rawRows: 5_000_000,
  protectMs: 600_000,
  fiveMinuteMs: 90 * 86_400_000,
  retentionMs: 400 * 86_400_000,
  sliceRows: 100,
};

/** A database in memory at the newest version, and its only writer. */
export function memoryDatabase(): { readonly db: DatabaseSync; readonly append: Append } {
  const db = new DatabaseSync(":memory:");
  migrate(db, ":memory:");
  return { db, append: createAppend(db) };
}

/** Samples as a batch; check 3 is named `icmp:3`. */
export function batchOf(samples: readonly PlainSample[], rest: Partial<Batch> = {}): Batch {
  const checks = [...new Set(samples.map(({ check }) => check))].map((check) => [check, `icmp:${check}`] as const);
  const packed = new Float64Array(samples.length * sampleWidth);
  samples.forEach(({ at, check, ok, rttMs }, index) => {
    packed.set([at, check, ok ? 1 : 0, ok ? rttMs : Number.NaN], index * sampleWidth);
  });
  return { checks, samples: [packed], outages: [], events: [], devices: [], activity: [], ...rest };
}

/** An outage of the gateway. */
export function outageRow(started: number, ended: number | null): OutageRow {
  return {
    started,
    ended,
    verdict: "gateway_down",
    severity: "outage",
    blame: "router",
    place: "gateway",
    confidence: 90,
    advice: "Restart the router.",
    evidence: "[]",
  };
}

/** The one number that a query gives. */
export function numberOf(db: DatabaseSync, sql: string): number {
  return Number(Object.values(db.prepare(sql).get() ?? {})[0]);
}

/** Does slices until there is no more to do. */
export function exhaust(slice: () => boolean): number {
  for (let slices = 0; slices < 1_000_000; slices += 1) if (!slice()) return slices;
  throw new Error("housekeeping never ends");
}

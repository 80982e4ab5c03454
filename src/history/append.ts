import type { DatabaseSync } from "node:sqlite";
import { inTransaction } from "./database.ts";
import { createDeviceAppend } from "./device-rows.ts";
import { type Batch, sampleWidth } from "./protocol.ts";

/** Commits a batch whole, or throws and leaves nothing of it. Returns how many samples are new. */
export type Append = (batch: Batch) => number;

/** Prepares the statements. A batch that comes twice (its confirmation was lost) changes nothing the second time. */
export function createAppend(db: DatabaseSync): Append {
  const addCheck = db.prepare("insert into checks (name) values (?) on conflict do nothing");
  const findCheck = db.prepare("select id from checks where name = ?");
  const addSample = db.prepare("insert or ignore into sample values (?, ?, ?, ?)");
  const addOutage = db.prepare("insert or replace into outage values (?, ?, ?, ?, ?, ?, ?, ?, ?)");
  const addEvent = db.prepare("insert or ignore into event (at, type, text, fields, mac) values (?, ?, ?, ?, ?)");
  const keepDevices = createDeviceAppend(db);
  const keepMemory = db.prepare("insert or replace into kv values ('memory', ?)");
  /** The sender's numbers last for its run only; these are the file's. */
  let ids: ReadonlyMap<number, number> = new Map();

  const addSamples = (packed: Float64Array, known: ReadonlyMap<number, number>) => {
    let added = 0;
    for (let at = 0; at + sampleWidth <= packed.length; at += sampleWidth) {
      const id = known.get(packed[at + 1] ?? Number.NaN);
      const rtt = packed[at + 3] ?? Number.NaN;
      if (id === undefined) throw new Error("a sample of a check that was never named");
      added += Number(addSample.run(packed[at] ?? 0, id, packed[at + 2] ?? 0, Number.isNaN(rtt) ? null : rtt).changes);
    }
    return added;
  };

  return (batch) => {
    const known = new Map(ids);
    const added = inTransaction(db, () => {
      for (const [number, name] of batch.checks) {
        addCheck.run(name);
        known.set(number, Number(findCheck.get(name)?.["id"]));
      }
      for (const row of batch.outages)
        addOutage.run(
          row.started,
          row.ended,
          row.verdict,
          row.severity,
          row.blame,
          row.place,
          row.confidence,
          row.advice,
          row.evidence,
        );
      for (const row of batch.events) addEvent.run(row.at, row.type, row.text, row.fields, row.mac);
      keepDevices(batch);
      if (batch.memory !== undefined) keepMemory.run(batch.memory);
      return batch.samples.reduce((sum, packed) => sum + addSamples(packed, known), 0);
    });
    ids = known;
    return added;
  };
}

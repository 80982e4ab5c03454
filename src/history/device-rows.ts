import type { DatabaseSync } from "node:sqlite";
import { type Timestamp, utcTime } from "../lib/clock.ts";
import type { ActivityRow, ActivitySpan, Batch, EventRow } from "./protocol.ts";

const hours = 24;
const digits = 3;
const mostDevices = 20_000;
const mostActivity = 50_000;

/** Prepares the statements that keep what a batch says of devices. They run within its transaction. */
export function createDeviceAppend(db: DatabaseSync): (batch: Pick<Batch, "devices" | "activity">) => void {
  const keep = db.prepare("insert or replace into device values (?, ?)");
  const forget = db.prepare("delete from device where id = ?");
  const find = db.prepare("select cells from activity where id = ? and day = ?");
  const write = db.prepare("insert or replace into activity values (?, ?, ?)");
  return ({ devices, activity }) => {
    for (const { id, state } of devices) {
      if (state === null) forget.run(id);
      else keep.run(id, state);
    }
    for (const { id, day, cells } of activity) {
      const stored = unpackCells(find.get(id, day)?.["cells"]);
      write.run(id, day, packCells(mergeCells(stored, cells)));
    }
  };
}

/** The states, as JSON. */
export function readDeviceRows(db: DatabaseSync): readonly string[] {
  const rows = db.prepare("select state from device order by id limit ?").all(mostDevices);
  return rows.map((row) => String(row["state"]));
}

/** The activity of days, both ends included, in the order of days. */
export function readActivity(db: DatabaseSync, { fromDay, toDay, id }: ActivitySpan): readonly ActivityRow[] {
  const rows =
    id === undefined
      ? db
          .prepare("select * from activity where day >= ? and day <= ? order by day, id limit ?")
          .all(fromDay, toDay, mostActivity)
      : db
          .prepare("select * from activity where id = ? and day >= ? and day <= ? order by day limit ?")
          .all(id, fromDay, toDay, mostActivity);
  return rows.map((row) => ({ id: String(row["id"]), day: String(row["day"]), cells: unpackCells(row["cells"]) }));
}

/** What happened to the device with these MACs, the newest last. */
export function readDeviceEvents(
  db: DatabaseSync,
  { macs, limit }: { readonly macs: readonly string[]; readonly limit: number },
): readonly EventRow[] {
  return db
    .prepare(
      `select at, type, text, fields, mac from event
       where mac is not null and mac in (select value from json_each(?)) order by at desc, id desc limit ?`,
    )
    .all(JSON.stringify(macs), limit)
    .reverse() as unknown as readonly EventRow[];
}

/** Deletes activity of before `horizon`, so many rows at most; true when there was some. */
export function expireActivity(db: DatabaseSync, horizon: Timestamp, most: number): boolean {
  // A day by UTC: one more or less in four hundred does not matter.
  const day = utcTime(horizon).slice(0, 10);
  const remove = db.prepare(
    "delete from activity where (id, day) in (select id, day from activity where day < ? order by day limit ?)",
  );
  return Number(remove.run(day, most).changes) > 0;
}

/** 24 masks as text: three hexadecimal digits each. */
function packCells(cells: readonly number[]): string {
  return cells.map((mask) => mask.toString(16).padStart(digits, "0")).join("");
}

/** What can't be read is an hour without evidence. */
function unpackCells(stored: unknown): readonly number[] {
  const text = typeof stored === "string" ? stored : "";
  const hour = (n: number) => Number.parseInt(text.slice(n * digits, (n + 1) * digits), 16);
  return Array.from({ length: hours }, (_, n) => hour(n) & 0x3ff);
}

/** The slots in which there was evidence by either. */
export function mergeCells(a: readonly number[], b: readonly number[]): readonly number[] {
  return Array.from({ length: hours }, (_, n) => ((a[n] ?? 0) | (b[n] ?? 0)) & 0x3ff);
}

import type { DatabaseSync } from "node:sqlite";
import type { Timestamp } from "../lib/clock.ts";

/** All or nothing. Passes on what `work` throws; the transaction is then undone. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec("begin immediate");
  try {
    const result = work();
    db.exec("commit");
    return result;
  } catch (error) {
    // On a full disk SQLite has already undone it, and a second rollback would hide the cause.
    if (db.isTransaction) db.exec("rollback");
    throw error;
  }
}

/**
 * How far housekeeping has come. `rolled5`, `rolled60`: all before it is summed up. `raw_since`, `five_since`: all from there
 * on is still kept.
 */
export type MarkName = "rolled5" | "rolled60" | "raw_since" | "five_since";

/** `undefined`: not begun. */
export function readMark(db: DatabaseSync, name: MarkName): Timestamp | undefined {
  const at = db.prepare("select at from mark where key = ?").get(name)?.["at"];
  return typeof at === "number" ? at : undefined;
}

export function writeMark(db: DatabaseSync, name: MarkName, at: Timestamp): void {
  db.prepare("insert or replace into mark values (?, ?)").run(name, at);
}

export const fiveMinutesMs = 300_000;
export const hourMs = 3_600_000;

/** The start of the interval of `stepMs` that holds `at`. */
export function floorTo(at: Timestamp, stepMs: number): Timestamp {
  return Math.floor(at / stepMs) * stepMs;
}

/** The numbers of all checks that ever had a sample. */
export function checkIds(db: DatabaseSync): readonly number[] {
  return db
    .prepare("select id from checks")
    .all()
    .map((row) => Number(row["id"]));
}

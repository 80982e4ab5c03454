import { existsSync, mkdirSync, renameSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type Timestamp, utcTime } from "../lib/clock.ts";
import { StoreError, storeAdvice, storeErrorCode } from "./errors.ts";
import { migrate } from "./migrations.ts";
import type { WorkerOptions } from "./protocol.ts";

/** `keptAside`: where a damaged file was moved to. */
export interface Opened {
  readonly db: DatabaseSync;
  readonly keptAside?: string;
}

/** Opens the database for writing, at this version. A damaged file is moved aside, never deleted. Throws `StoreError`. */
export function openDatabase(options: Pick<WorkerOptions, "file" | "startedAt" | "damaged">): Opened {
  const { file, startedAt } = options;
  try {
    mkdirSync(dirname(file), { recursive: true });
    if (options.damaged) return openAnew(file, startedAt);
    try {
      return { db: openHealthy(file) };
    } catch (error) {
      if (storeErrorCode(error) !== "corrupt") throw error;
      return openAnew(file, startedAt);
    }
  } catch (error) {
    if (error instanceof StoreError) throw error;
    const code = storeErrorCode(error);
    throw new StoreError(code, storeAdvice(code, file), { cause: error });
  }
}

function openAnew(file: string, now: Timestamp): Opened {
  const keptAside = `${file}.corrupt-${utcTime(now).slice(0, 19).replace(/[-:]/g, "")}Z`;
  // The write-ahead log belongs to the damaged file: beside a new one it would damage that too.
  for (const part of ["", "-wal", "-shm"]) if (existsSync(file + part)) renameSync(file + part, keptAside + part);
  return { db: openHealthy(file), keptAside };
}

function openHealthy(file: string): DatabaseSync {
  const db = new DatabaseSync(file);
  try {
    // auto_vacuum counts only before the first write, and journal_mode=WAL is one.
    db.exec(`pragma busy_timeout = 2000; pragma auto_vacuum = incremental; pragma journal_mode = wal; pragma synchronous = normal;
      pragma temp_store = memory; pragma journal_size_limit = 8388608; pragma wal_autocheckpoint = 1000`);
    migrate(db, file);
    // A file that can't be written opens without a word and would fail at the first batch: try it now.
    db.exec("begin immediate; insert or replace into kv values ('opened', '1'); commit");
    for (const table of ["checks", "sample", "rollup5", "rollup60", "outage", "event", "device", "activity"])
      db.prepare(`select * from ${table} limit 1`).get();
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

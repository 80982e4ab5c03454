import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { StoreError, storeAdvice, storeErrorCode } from "./errors.ts";
import { newestVersion } from "./migrations.ts";

/** Reads beside a running monitor, and never writes. Throws `StoreError`; `missing`: no monitor has run there. */
export function readBeside<T>(file: string, read: (db: DatabaseSync) => T): T {
  if (!existsSync(file)) throw new StoreError("missing", storeAdvice("missing", file));
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(file, { readOnly: true });
    db.exec("pragma busy_timeout = 2000");
    const version = Number(db.prepare("pragma user_version").get()?.["user_version"]);
    if (version > newestVersion) throw new StoreError("newer", storeAdvice("newer", file));
    return read(db);
  } catch (error) {
    if (error instanceof StoreError) throw error;
    const code = storeErrorCode(error);
    throw new StoreError(code, storeAdvice(code, file), { cause: error });
  } finally {
    db?.close();
  }
}

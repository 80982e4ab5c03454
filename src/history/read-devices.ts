import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import type { DeviceState } from "../model/devices/state.ts";
import { readActivity, readDeviceRows } from "./device-rows.ts";
import { parseDevice } from "./devices.ts";
import { StoreError, storeAdvice, storeErrorCode } from "./errors.ts";
import { parseMemory } from "./memory.ts";
import { newestVersion } from "./migrations.ts";
import { parseJson } from "./outage.ts";
import type { ActivityRow } from "./protocol.ts";

/** Devices as they were committed last, and when they were there. */
export interface StoredDevices {
  readonly devices: readonly DeviceState[];
  readonly activity: readonly ActivityRow[];
  /** What the user decided, and the rest of the model's memory; `undefined`: none yet. */
  readonly memory: ReturnType<typeof parseMemory>;
}

/**
 * Reads beside a running monitor, and never writes. A file of before there were devices has none. Rejects with
 * `StoreError`; `missing`: no monitor has run there.
 */
export async function readDevices(
  file: string,
  days: { readonly fromDay: string; readonly toDay: string },
): Promise<StoredDevices> {
  if (!existsSync(file)) throw new StoreError("missing", storeAdvice("missing", file));
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(file, { readOnly: true });
    db.exec("pragma busy_timeout = 2000");
    const version = Number(db.prepare("pragma user_version").get()?.["user_version"]);
    if (version > newestVersion) throw new StoreError("newer", storeAdvice("newer", file));
    const hasDevices = db.prepare("select 1 from sqlite_master where name = 'device'").get() !== undefined;
    if (!hasDevices) return { devices: [], activity: [], memory: undefined };
    const memory = db.prepare("select value from kv where key = 'memory'").get()?.["value"];
    return {
      devices: readDeviceRows(db).flatMap((text) => parseDevice(parseJson(text)) ?? []),
      activity: readActivity(db, days),
      memory: typeof memory === "string" ? parseMemory(parseJson(memory)) : undefined,
    };
  } catch (error) {
    if (error instanceof StoreError) throw error;
    const code = storeErrorCode(error);
    throw new StoreError(code, storeAdvice(code, file), { cause: error });
  } finally {
    db?.close();
  }
}

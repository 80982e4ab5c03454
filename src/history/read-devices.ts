import type { DeviceState } from "../model/devices/state.ts";
import { readActivity, readDeviceRows } from "./device-rows.ts";
import { parseDevice } from "./devices.ts";
import { parseMemory } from "./memory.ts";
import { parseJson } from "./outage.ts";
import type { ActivityRow } from "./protocol.ts";
import { readBeside } from "./read-beside.ts";

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
  return readBeside(file, (db) => {
    const hasDevices = db.prepare("select 1 from sqlite_master where name = 'device'").get() !== undefined;
    if (!hasDevices) return { devices: [], activity: [], memory: undefined };
    const memory = db.prepare("select value from kv where key = 'memory'").get()?.["value"];
    return {
      devices: readDeviceRows(db).flatMap((text) => parseDevice(parseJson(text)) ?? []),
      activity: readActivity(db, days),
      memory: typeof memory === "string" ? parseMemory(parseJson(memory)) : undefined,
    };
  });
}

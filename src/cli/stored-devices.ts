import { join } from "node:path";
import type { LoadedConfig } from "../config/load.ts";
import { settingsOf } from "../config/settings.ts";
import { parseDevice } from "../history/devices.ts";
import { readDevices } from "../history/read-devices.ts";
import { openStore } from "../history/store.ts";
import { type Clock, localDay, parseTime, utcOffset } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import type { Mac } from "../lib/mac.ts";
import { createDeriveNetwork } from "../model/devices/derive.ts";
import { rememberNetwork } from "../model/devices/memory.ts";
import { emptyNetwork } from "../model/devices/network.ts";
import { type PastClient, pastDevice } from "../model/devices/past.ts";
import type { DeviceState } from "../model/devices/state.ts";
import type { DeviceView } from "../model/devices/view.ts";
import type { DeviceDay } from "../reports/macupd-activity.ts";

/** The devices as the history in a data folder has them, beside a running monitor or without one. Rejects with `StoreError`. */
export async function storedDevices(
  { config }: LoadedConfig,
  { dataDir, clock }: { readonly dataDir: string; readonly clock: Clock },
): Promise<readonly DeviceView[]> {
  const at = clock.now();
  const day = localDay(at);
  const { devices, memory = {} } = await readDevices(join(dataDir, "netwarden.db"), { fromDay: day, toDay: day });
  const settings = settingsOf(config);
  const empty = { ...emptyNetwork(settings.sources, at), utcOffsetMs: utcOffset(at) };
  return createDeriveNetwork(settings)(rememberNetwork(empty, { memory, devices, at }, settings), at).devices;
}

/** Adds what another program has recorded: activity by day, and the devices that were not known. */
export async function addPastDays(
  rows: readonly DeviceDay[],
  parts: { readonly dataDir: string; readonly clock: Clock; readonly log: Log; readonly retentionDays: number },
): Promise<void> {
  const store = await openStore({ ...parts, file: join(parts.dataDir, "netwarden.db") });
  try {
    const existing = (await store.loadDevices()).flatMap((stored) => parseDevice(stored) ?? []);
    const byMac = new Map<Mac, DeviceState>(
      existing.flatMap((device) => device.macs.map((mac) => [mac, device] as const)),
    );
    const taken = new Set(existing.map(({ slug }) => slug));
    const changed = new Map<string, DeviceState>();
    for (const row of rows) {
      const device = pastDevice(pastClient(row), byMac, taken);
      for (const mac of device.macs) byMac.set(mac, device);
      changed.set(device.id, device);
    }
    store.saveDevices([...changed.values()].map((state) => ({ id: state.id, state })));
    store.saveActivity(rows.map(({ mac, day, cells }) => ({ id: byMac.get(mac)?.id ?? "", day, cells })));
  } finally {
    await store.close();
  }
}

function pastClient({ mac, name, ip, day, first, last }: DeviceDay): PastClient {
  const at = (time: string) => parseTime(`${day}T${time.slice(0, 2)}:${time.slice(2, 4)}:00`) ?? 0;
  return { mac, name, ip, first: at(first), last: at(last) };
}

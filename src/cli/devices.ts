import type { DeviceView } from "../model/devices/view.ts";
import { deviceJson } from "../reports/devices-json.ts";
import { devicesText } from "../reports/devices-text.ts";
import { csvCell } from "../sinks/evidence/netlog-row.ts";
import type { Surroundings } from "./surroundings.ts";

/** Where the devices come from: the running monitor or its database. */
export interface DeviceSource {
  devices(): Promise<readonly DeviceView[]>;
}

export interface DevicesOptions {
  readonly csv?: boolean;
  readonly json?: boolean;
  /** Columns of the terminal; absent: the output is no terminal. */
  readonly width?: number;
}

const csvColumns = [
  "mac",
  "name",
  "received_bytes",
  "sent_bytes",
  "ip",
  "connected",
  "presence",
  "router",
  "access_point",
  "band",
  "vendor",
  "known",
  "first_seen",
  "last_seen",
  "activity",
] as const;

/** `netwarden devices`: a table, or CSV, or JSON; gives the exit code. */
export async function devicesCommand(
  source: DeviceSource,
  { csv = false, json = false, width }: DevicesOptions,
  world: Pick<Surroundings, "out" | "err">,
): Promise<number> {
  if (csv && json) {
    world.err("either --csv or --json, not both\n");
    return 2;
  }
  const devices = await source.devices();
  if (json) world.out(`${JSON.stringify(devices.map(deviceJson), null, 2)}\n`);
  else if (csv) world.out(devicesCsv(devices));
  else if (devices.length > 0) world.out(devicesText(devices, width));
  else world.err("no device was seen yet: is a router configured, and was the monitor running?\n");
  return 0;
}

function devicesCsv(devices: readonly DeviceView[]): string {
  const rows = devices.map((device) => {
    const facts = deviceJson(device);
    return csvColumns.map((column) => csvCell(String(facts[column] ?? ""))).join(",");
  });
  return [csvColumns.join(","), ...rows].map((row) => `${row}\r\n`).join("");
}

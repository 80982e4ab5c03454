import { resolve } from "node:path";
import { ConfigError } from "../config/error.ts";
import { readText } from "../config/files.ts";
import { type Imported, parseMacupdConf } from "../config/import/macupd-conf.ts";
import { parseMikrotikConfig } from "../config/import/mikrotik-config.ts";
import { parseNetlogConfig } from "../config/import/netlog-config.ts";
import { mergeIntoFile, patchYaml } from "../config/merge.ts";
import { type DeviceDay, deviceDays } from "../reports/macupd-activity.ts";
import { logsOf } from "./report.ts";
import type { Surroundings } from "./surroundings.ts";

/** Another tool's file of settings that can be brought in. */
export type ImportKind = "macupd-conf" | "mikrotik-config" | "netlog-config";

export interface ImportOptions {
  readonly kind: ImportKind;
  readonly file: string;
  /** The configuration file to write to; absent: what would be written is printed. */
  readonly into?: string;
}

/** What the history must take for `import macupd-logs`. Rows that it has already change nothing. */
export interface DeviceHistoryImport {
  addActivity(rows: readonly DeviceDay[]): Promise<void>;
}

const parsers = {
  "macupd-conf": parseMacupdConf,
  "mikrotik-config": parseMikrotikConfig,
  "netlog-config": parseNetlogConfig,
} as const;

/** `netwarden import macupd-conf|mikrotik-config|netlog-config FILE [--write]`: gives the exit code. */
export async function importConfigCommand(
  { kind, file, into }: ImportOptions,
  world: Pick<Surroundings, "out" | "err" | "cwd">,
): Promise<number> {
  try {
    const text = await readText(resolve(world.cwd, file), file);
    if (text === undefined) throw new ConfigError([{ file, path: "", message: "there is no such file" }]);
    const imported = parsers[kind](text, file);
    for (const note of imported.notes) world.err(`note: ${note}\n`);
    if (into === undefined) world.out(patchYaml(imported.patch));
    else await write(imported, into, world);
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    world.err(`${error.message}\n`);
    return 2;
  }
}

/** `netwarden import macupd-logs DIR`: gives the exit code. */
export async function importMacupdLogsCommand(
  dir: string,
  history: DeviceHistoryImport,
  world: Pick<Surroundings, "out" | "err" | "cwd">,
): Promise<number> {
  const logs = await logsOf(resolve(world.cwd, dir), world.err);
  if (logs === undefined) return 2;
  const rows = deviceDays(logs.tracker);
  if (rows.length === 0) {
    world.err("nothing was imported: the tracker logs hold no rows\n");
    return 1;
  }
  await history.addActivity(rows);
  const devices = new Set(rows.map(({ mac }) => mac)).size;
  const days = new Set(rows.map(({ day }) => day)).size;
  world.out(`imported ${logs.tracker.length} rows: ${devices} devices, ${days} days\n`);
  return 0;
}

async function write({ patch }: Imported, into: string, world: Pick<Surroundings, "out" | "cwd">): Promise<void> {
  const { kept, changed, backup } = await mergeIntoFile(resolve(world.cwd, into), patch);
  for (const line of kept) world.out(`${line}\n`);
  if (!changed) world.out(`${into}: nothing to change\n`);
  else world.out(`written: ${into}${backup === undefined ? "" : ` (before: ${backup})`}\n`);
}

import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import type { LoadedConfig } from "../config/load.ts";
import { StoreError } from "../history/errors.ts";
import { systemClock } from "../lib/clock.ts";
import { createLog } from "../lib/log.ts";
import { devicesCommand } from "./devices.ts";
import { importConfigCommand, importMacupdLogsCommand } from "./import.ts";
import { macupdReportCommand } from "./report.ts";
import { addPastDays, storedDevices } from "./stored-devices.ts";
import type { Surroundings } from "./surroundings.ts";

/** What the commands about the network's clients need of the program. */
export interface Wiring {
  readonly world: Surroundings;
  readonly load: () => Promise<LoadedConfig>;
  readonly done: (code: number) => void;
  /** As given on the command line; absent: no configuration file. */
  readonly options: () => { readonly config?: string; readonly data: string };
}

const clock = systemClock;
const cannotRun = 3;

/** `devices`, `source`, `report` and `import`. */
export function addNetworkCommands(program: Command, wiring: Wiring): void {
  const { world, load, done, options } = wiring;
  const dataDir = () => resolve(world.cwd, options().data);
  program
    .command("devices")
    .description("who is and was on the network, with today's activity by the hour")
    .option("--csv", "comma-separated, with received and sent bytes")
    .option("--json", "everything that is known, as JSON")
    .action(async (given: { csv?: boolean; json?: boolean }) => {
      const loaded = await load();
      const devices = () => storedDevices(loaded, { dataDir: dataDir(), clock });
      const width = world.columns === undefined ? {} : { width: world.columns };
      done(await orCannotRun(world, () => devicesCommand({ devices }, { ...given, ...width }, world)));
    });
  program
    .command("source")
    .description("ask one router of the configuration once")
    .argument("<name>", "its name")
    .option("--raw", "what it says, unparsed")
    .action(async (name: string, { raw }: { raw?: boolean }) => {
      const { sourceCommand } = await import("./source.ts");
      done(await sourceCommand(await load(), { name, raw: raw === true }, world));
    });
  program
    .command("report")
    .description("reports")
    .command("macupd")
    .description("make macupd_report.html from tracker, alert and error logs, and print the report")
    .argument("[dir]", "folder of the logs; by default the evidence folder")
    .action(async (dir: string | undefined) => {
      const folder = dir ?? resolve(dataDir(), (await load()).config.evidence.dir);
      done(await macupdReportCommand(folder, clock, world));
    });
  addImports(program.command("import").description("bring in what other programs left"), wiring);
}

function addImports(imports: Command, { world, load, done, options }: Wiring): void {
  const dataDir = () => resolve(world.cwd, options().data);
  for (const [kind, description] of [
    ["macupd-conf", "settings and known devices of macupd_tracker.conf"],
    ["mikrotik-config", "a MikroTik router's address and credentials from config.json or a properties file"],
    ["netlog-config", "targets, hops, pages and intervals of the older outage logger's config.json"],
  ] as const) {
    imports
      .command(kind)
      .description(`${description}: prints the settings, or writes them with --write`)
      .argument("<file>")
      .option("--write", "into the file of --config, whose comments stay; the old one is kept beside it")
      .action(async (file: string, { write }: { write?: boolean }) => {
        const into = options().config;
        const refusal = write === true ? whyNotWritten(into, dataDir(), world) : undefined;
        if (refusal !== undefined) {
          world.err(`${refusal}\n`);
          return done(2);
        }
        done(
          await importConfigCommand({ kind, file, ...(write === true && into !== undefined ? { into } : {}) }, world),
        );
      });
  }
  imports
    .command("macupd-logs")
    .description("devices and their activity from macupd_tracker.YYYYMMDD.log files, into the history")
    .argument("<dir>")
    .action(async (dir: string) => {
      const { config } = await load();
      const log = createLog("error", { write: world.err });
      const parts = { dataDir: dataDir(), clock, log, retentionDays: config.history.retention_days };
      const history = { addActivity: (rows: Parameters<typeof addPastDays>[0]) => addPastDays(rows, parts) };
      done(await orCannotRun(world, () => importMacupdLogsCommand(dir, history, world)));
    });
}

/** Home Assistant keeps the app's settings and writes them anew: there a file that is written to would be lost, or never read. */
export function whyNotWritten(
  into: string | undefined,
  dataDir: string,
  { cwd, env }: Surroundings,
): string | undefined {
  const appOptions = join(dataDir, "options.json");
  const isApp = (env["SUPERVISOR_TOKEN"] ?? "") !== "" || (into === undefined && existsSync(appOptions));
  if (isApp || (into !== undefined && resolve(cwd, into) === appOptions))
    return "--write can't be used in the Home Assistant app: leave it out, and put what is printed in the app's Configuration tab";
  return into === undefined ? "--write needs --config FILE before the command: the file to write to" : undefined;
}

async function orCannotRun(world: Surroundings, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    world.err(`${error.message}\n`);
    return cannotRun;
  }
}

import { join, resolve } from "node:path";
import type { Command } from "commander";
import { StoreError } from "../history/errors.ts";
import { systemClock } from "../lib/clock.ts";
import { createLog } from "../lib/log.ts";
import { type AnalyzeOptions, analyzeCommand } from "./analyze.ts";
import { importNetlogCommand } from "./import-netlog.ts";
import type { Wiring } from "./network-commands.ts";

const clock = systemClock;
const cannotRun = 3;

/** `analyze` and `import netlog`. Comes after `import` itself. */
export function addAnalysisCommands(program: Command, { world, load, done, options }: Wiring): void {
  const database = () => join(resolve(world.cwd, options().data), "netwarden.db");
  program
    .command("analyze")
    .description("the outage report, of the history or of a log")
    .option("--csv <file>", "of a netlog.csv, ours or the older tool's")
    .option("--log-dir <dir>", "of all netlog files of a folder")
    .option("--from <time>", "from this day or time on")
    .option("--to <time>", "up to the end of this day, or to this time")
    .option("--json", "as JSON")
    .option("--html <file>", "also as a page, to hand to the provider")
    .action(async (given: AnalyzeOptions) => {
      done(await orCannotRun(world, () => analyzeCommand(given, { world, clock, database: database() })));
    });
  program.commands
    .find((command) => command.name() === "import")
    ?.command("netlog")
    .description("outages from a netlog.csv, into the history")
    .argument("<file>")
    .action(async (file: string) => {
      const retentionDays = (await load()).config.history.retention_days;
      const log = createLog("error", { write: world.err });
      const parts = { world, clock, log, database: database(), retentionDays };
      done(await orCannotRun(world, () => importNetlogCommand(file, parts)));
    });
}

async function orCannotRun(world: Wiring["world"], work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const hint = error.code === "missing" ? " For a report of a log, name it with --csv FILE or --log-dir DIR." : "";
    world.err(`${error.message}${hint}\n`);
    return cannotRun;
  }
}

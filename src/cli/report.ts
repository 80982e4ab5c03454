import { join, resolve } from "node:path";
import { writeAtomically } from "../lib/atomic-file.ts";
import { type Clock, localDay, localTime } from "../lib/clock.ts";
import { macupdHtml, macupdText } from "../reports/macupd-html.ts";
import { type MacupdLogs, readMacupdLogs } from "../reports/macupd-logs.ts";
import type { Surroundings } from "./surroundings.ts";

/** `netwarden report macupd [DIR]`: writes `macupd_report.html` in the folder of the logs and prints the report; gives the exit code. */
export async function macupdReportCommand(
  dir: string,
  clock: Clock,
  world: Pick<Surroundings, "out" | "err" | "cwd">,
): Promise<number> {
  const folder = resolve(world.cwd, dir);
  const logs = await logsOf(folder, world.err);
  if (logs === undefined) return 2;
  const written = `${localDay(clock.now())} ${localTime(clock.now())}`;
  world.out(macupdText(logs, written));
  const page = join(folder, "macupd_report.html");
  try {
    await writeAtomically(page, macupdHtml(logs, written));
  } catch (error) {
    world.err(`${page} can't be written: ${error instanceof Error ? error.message : String(error)}\n`);
    return 3;
  }
  world.err(`written: ${page}\n`);
  return 0;
}

/** The logs of a folder, with what is wrong with them told; `undefined`: there are none. */
export async function logsOf(dir: string, tell: (text: string) => void): Promise<MacupdLogs | undefined> {
  try {
    const logs = await readMacupdLogs(dir);
    for (const problem of logs.problems) tell(`${problem}\n`);
    if (logs.files.length > 0) return logs;
    tell(`there are no macupd logs in ${dir} (macupd_tracker.YYYYMMDD.log and others)\n`);
  } catch (error) {
    tell(`${dir} can't be read: ${error instanceof Error ? error.message : String(error)}\n`);
  }
  return undefined;
}

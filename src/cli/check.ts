import type { LoadedConfig } from "../config/load.ts";
import { systemClock } from "../lib/clock.ts";
import { createLog } from "../lib/log.ts";
import { readableOutput } from "../lib/readable-log.ts";
import { readRunFile } from "../run-file.ts";
import { type AloneParts, checkAlone } from "./check/alone.ts";
import { askMonitor, findMonitor, MonitorError } from "./check/beside.ts";
import { createProgress } from "./check/progress.ts";
import { checkJson, checkText } from "./check/report.ts";
import type { Checked } from "./check/seen.ts";
import type { Surroundings } from "./surroundings.ts";

export interface CheckOptions {
  readonly dataDir: string;
  readonly json: boolean;
  /** Leaves nothing in the evidence folder. */
  readonly record: boolean;
}

const clock = systemClock;
const exitCodes = { ok: 0, degraded: 1, outage: 1, no_data: 3 } as const;
const cannotRun = 3;

/**
 * `netwarden check`: one full cycle and its verdict, by the monitor that runs in this data folder, else by itself, whatever the
 * schedule says. Gives the exit code: 0 all is well, 1 it is not, 3 it could not be measured.
 */
export async function checkCommand(
  loaded: LoadedConfig,
  { dataDir, json, record }: CheckOptions,
  world: Surroundings,
): Promise<number> {
  const progress = createProgress(world);
  const log = createLog("warn", readableOutput({ write: progress.line }), loaded.secrets);
  let checked: Checked;
  try {
    checked = await checkSomehow({ loaded, dataDir, record, clock, log, progress, world });
  } catch (error) {
    progress.end();
    if (world.signal.aborted) return cannotRun;
    if (!(error instanceof MonitorError)) throw error;
    world.err(`${error.message}\n`);
    return cannotRun;
  }
  progress.end();
  if (world.signal.aborted) return cannotRun;
  world.out(json ? `${JSON.stringify(checkJson(checked), null, 2)}\n` : checkText(checked));
  const code = exitCodes[checked.seen.verdict.severity];
  if (code === cannotRun) world.err(`${whatToDo(checked)}\n`);
  return code;
}

async function checkSomehow(parts: AloneParts & { readonly world: Surroundings }): Promise<Checked> {
  const { world, progress } = parts;
  const run = await readRunFile(parts.dataDir);
  if (run === undefined) return await checkAlone(parts);
  const { signal, isAlive } = world;
  const monitor = await findMonitor(run, { clock, signal, isAlive });
  if (monitor === "gone") return await checkAlone(parts);
  // Switched off, or outside its hours, it measures and writes nothing; who asks now wants to know now.
  if (!monitor.plan.active) return await checkAlone(parts);
  return await askMonitor(run, { clock, signal, progress });
}

function whatToDo({ problems, seen }: Checked): string {
  const asked = seen.targets.length > 0;
  const mends = problems.map(({ capability, mend }) => `missing: ${capability}: ${mend}`);
  const rest = asked
    ? "nothing could be measured: see what is said of each target"
    : "nothing could be measured: are there targets in the configuration?";
  return [...mends, rest].join("\n");
}

import { resolve } from "node:path";
import { readAnalysis } from "../history/read-analysis.ts";
import { writeAtomically } from "../lib/atomic-file.ts";
import { type Clock, localDay, parseTime, type Timestamp, utcOffset } from "../lib/clock.ts";
import { analysisHtml } from "../reports/analysis-html.ts";
import { analysisJson } from "../reports/analysis-json.ts";
import { analysisText } from "../reports/analysis-text.ts";
import type { Analysis } from "../reports/analyze/analysis.ts";
import { analyzeHistory } from "../reports/analyze/history.ts";
import { createNetlogAnalysis } from "../reports/analyze/netlog.ts";
import { NetlogError } from "../reports/analyze/netlog-columns.ts";
import { netlogFiles, type ReadProgress, readNetlogFile } from "../reports/netlog-files.ts";
import type { Surroundings } from "./surroundings.ts";

/** As given on the command line. */
export interface AnalyzeOptions {
  readonly csv?: string;
  readonly logDir?: string;
  readonly from?: string;
  readonly to?: string;
  readonly json?: boolean;
  readonly html?: string;
}

/** What the report needs of its surroundings. */
export interface AnalyzeParts {
  readonly world: Pick<Surroundings, "out" | "err" | "cwd" | "version" | "isTerminal">;
  readonly clock: Clock;
  /** The history's file, for a report of neither a log nor a folder. */
  readonly database: string;
}

const codes = { fine: 0, nothing: 1, usage: 2, cannot: 3 } as const;
const halfDayMs = 43_200_000;

/** `netwarden analyze`: prints the report, and writes it as a page; gives the exit code. Throws `StoreError`. */
export async function analyzeCommand(options: AnalyzeOptions, parts: AnalyzeParts): Promise<number> {
  const { world, clock } = parts;
  const from = parseWhen(options.from);
  const to = parseWhen(options.to, "end");
  const bad = from === null ? "--from" : to === null ? "--to" : undefined;
  if (from === null || to === null || bad !== undefined) {
    world.err(`${bad} is no time: write 2026-01-15, 2026-01-15T08:30 or with an offset\n`);
    return codes.usage;
  }
  if (from !== undefined && to !== undefined && from >= to) {
    world.err("--from must be before --to\n");
    return codes.usage;
  }
  const made = await analysisOf(options, { from, to }, parts);
  if (typeof made === "number") return made;
  const maker = { version: world.version, at: clock.now() };
  if (options.html !== undefined) {
    const page = resolve(world.cwd, options.html);
    try {
      await writeAtomically(page, analysisHtml(made, maker));
    } catch (error) {
      world.err(`${page} can't be written (${codeOf(error)}): name another file, or free some space\n`);
      return codes.cannot;
    }
    world.err(`written: ${page}\n`);
  }
  world.out(
    options.json === true ? `${JSON.stringify(analysisJson(made, maker), null, 2)}\n` : analysisText(made, maker),
  );
  return codes.fine;
}

interface Span {
  readonly from: Timestamp | undefined;
  readonly to: Timestamp | undefined;
}

/** The report, or the exit code when there is none and it was told why. */
async function analysisOf(options: AnalyzeOptions, span: Span, parts: AnalyzeParts): Promise<Analysis | number> {
  const { world, database } = parts;
  if (options.csv === undefined && options.logDir === undefined) {
    const records = readAnalysis(database, span);
    if (records !== undefined) return analyzeHistory(records, "the monitor's own history");
    world.err("the history holds nothing of this time\n");
    return codes.nothing;
  }
  const files =
    options.csv === undefined ? await listed(options.logDir ?? "", world) : [resolve(world.cwd, options.csv)];
  return files === undefined ? codes.usage : readLogs(files, span, parts);
}

async function readLogs(
  files: readonly string[],
  { from, to }: Span,
  { world }: AnalyzeParts,
): Promise<Analysis | number> {
  const analysis = createNetlogAnalysis({
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    utcOffsetAt: utcOffset,
    names: files.length > 5 ? [`${files.length} files`] : files.map((file) => file.split(/[\\/]/).at(-1) ?? file),
  });
  const bar = world.isTerminal ? progressBar(world.err) : () => {};
  let good = 0;
  for (const file of files) {
    const problem = await readLog(() => readNetlogFile(file, analysis, bar));
    if (world.isTerminal) world.err("\r\u001b[K");
    if (problem === undefined) good += 1;
    else {
      world.err(`${file}: ${problem.text}\n`);
      // Of many files a wrong one is left out.
      if (files.length === 1) return problem.code;
    }
  }
  const made = analysis.result();
  if (made !== undefined) return made;
  world.err(good === 0 ? "no log could be read\n" : "the log holds no row of this time\n");
  return good === 0 ? codes.usage : codes.nothing;
}

/** Does `work`; gives what is wrong with the file, for people. */
export async function readLog(
  work: () => Promise<void>,
): Promise<{ readonly text: string; readonly code: number } | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof NetlogError) return { text: error.message, code: codes.usage };
    switch (codeOf(error)) {
      case "ENOENT":
        return { text: "there is no such file", code: codes.usage };
      case "ENOTFILE":
      case "EISDIR":
        return { text: "is not a regular file", code: codes.usage };
      case "EACCES":
      case "EPERM":
        return { text: "may not be read: change its rights, or run as its owner", code: codes.cannot };
      case "":
        throw error;
      default:
        return { text: `can't be read (${codeOf(error)})`, code: codes.cannot };
    }
  }
}

async function listed(dir: string, world: AnalyzeParts["world"]): Promise<readonly string[] | undefined> {
  const folder = resolve(world.cwd, dir);
  try {
    const files = await netlogFiles(folder);
    if (files.length > 0) return files;
    world.err(`there is no netlog.csv in ${folder}\n`);
  } catch (error) {
    world.err(`${folder} can't be read (${codeOf(error)})\n`);
  }
  return undefined;
}

/** A moment as a person writes it, in local time; a day alone is its start, or its end. `null`: it is none. */
function parseWhen(text: string | undefined, edge: "start" | "end" = "start"): Timestamp | undefined | null {
  if (text === undefined) return undefined;
  if (!/^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?$/.test(text)) return null;
  if (text.length > 10) return parseTime(text.replace(" ", "T")) ?? null;
  const start = parseTime(`${text}T00:00:00`);
  if (start === undefined || edge === "start") return start ?? null;
  // The next day begins 23 to 25 hours later.
  return parseTime(`${localDay(start + 3 * halfDayMs)}T00:00:00`) ?? null;
}

function progressBar(err: (text: string) => void): (progress: ReadProgress) => void {
  let shown = -1;
  return ({ share }) => {
    const done = Math.floor(share * 20);
    if (done === shown) return;
    shown = done;
    err(`\rreading [${"#".repeat(done)}${".".repeat(20 - done)}] ${Math.floor(share * 100)} %`);
  };
}

function codeOf(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
}

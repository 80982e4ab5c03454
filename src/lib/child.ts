import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import type { Clock } from "./clock.ts";
import { openGulpPipe } from "./gulp-pipe.ts";

/** A program and its arguments; no shell ever reads them. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
}

/** What a child writes, a line at a time and without the newline. Text is latin-1: the tools we start write ASCII. */
export interface ChildOutput {
  stdout(line: string): void;
  stderr(line: string): void;
}

/** How a child ended. `failure`: it could not be started, with the system's code (`ENOENT`, `EPERM`). */
export interface ChildEnd {
  readonly code?: number;
  readonly failure?: string;
}

interface ChildOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly gatherMs?: number;
  readonly input?: string;
}

/** A line longer than this is dropped whole. */
const longestLine = 4_096;
/** How long the output of an ended child may take to drain, should something else hold its pipes open. */
const drainMs = 500;

/**
 * Runs a child until it ends; `signal` kills it at once (SIGKILL: only for tools without a state). Never rejects. Without an
 * `input` its input is empty. With `gatherMs` its output is read at most that often, for children that write many short lines.
 */
export async function runChild(
  command: Command,
  output: ChildOutput,
  { clock, signal, gatherMs = 0, input }: ChildOptions,
): Promise<ChildEnd> {
  const onChunk = lineSplitter((line) => output.stdout(line));
  const gulps = gatherMs > 0 ? await openGulpPipe(onChunk, { clock, gatherMs }) : undefined;
  try {
    if (signal.aborted) return { failure: "ABORTED" };
    const child = start(command, [input === undefined ? "ignore" : "pipe", gulps?.writer ?? "pipe", "pipe"]);
    gulps?.release();
    if ("failure" in child) return child;
    // A child may end without reading it.
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
    readLines(child.stdout, onChunk);
    readLines(
      child.stderr,
      lineSplitter((line) => output.stderr(line)),
    );
    return await ended({ child, read: gulps?.closed }, { clock, signal });
  } finally {
    gulps?.release();
    gulps?.destroy();
  }
}

/** Waits for the end of the child and of its output. */
function ended(
  { child, read = Promise.resolve() }: { readonly child: ChildProcess; readonly read: Promise<void> | undefined },
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<ChildEnd> {
  return new Promise((resolve) => {
    const kill = () => child.kill("SIGKILL");
    let cancelDrain = () => {};
    let end: ChildEnd = {};
    const finish = () => {
      signal.removeEventListener("abort", kill);
      cancelDrain();
      child.stdout?.destroy();
      child.stderr?.destroy();
      resolve(end);
    };
    signal.addEventListener("abort", kill, { once: true });
    child.once("error", (error) => {
      end = { failure: codeOf(error) };
      if (child.pid === undefined) finish();
    });
    child.once("exit", (code) => {
      end = code === null ? {} : { code };
      cancelDrain = clock.after(drainMs, finish);
    });
    child.once("close", () => void read.then(finish));
  });
}

/** Cuts text into lines, however it arrives in chunks; what follows the last newline is kept for the next chunk. */
export function lineSplitter(onLine: (line: string) => void): (chunk: string) => void {
  let rest = "";
  let tooLong = false;
  return (chunk) => {
    let from = 0;
    for (let end = chunk.indexOf("\n"); end >= 0; end = chunk.indexOf("\n", from)) {
      const length = rest.length + end - from;
      if (!tooLong && length <= longestLine) onLine(rest + chunk.slice(from, end));
      rest = "";
      tooLong = false;
      from = end + 1;
    }
    tooLong ||= rest.length + chunk.length - from > longestLine;
    rest = tooLong ? "" : rest + chunk.slice(from);
  };
}

function start({ file, args }: Command, stdio: StdioOptions): ChildProcess | { readonly failure: string } {
  try {
    return spawn(file, args, { stdio, windowsHide: true });
  } catch (error) {
    return { failure: codeOf(error) };
  }
}

function readLines(stream: Readable | null, onChunk: (chunk: string) => void): void {
  stream?.setEncoding("latin1");
  // A broken pipe is the child's end, which is told elsewhere.
  stream?.on("error", () => {});
  stream?.on("data", onChunk);
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "unknown";
}

import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import type { Clock } from "./clock.ts";

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

/** A line longer than this is dropped whole. */
const longestLine = 4_096;
/** How long the output of an ended child may take to drain, should something else hold its pipes open. */
const drainMs = 500;

/**
 * Runs a child until it ends; `signal` kills it at once (SIGKILL: only for tools without a state). Never rejects. Its input is
 * empty. After each read the next one waits `gatherMs`, so that a thousand short lines a second cost some reads and not a
 * thousand, and a child that floods its output waits for us.
 */
export function runChild(
  command: Command,
  output: ChildOutput,
  { clock, signal, gatherMs = 0 }: { readonly clock: Clock; readonly signal: AbortSignal; readonly gatherMs?: number },
): Promise<ChildEnd> {
  if (signal.aborted) return Promise.resolve({ failure: "ABORTED" });
  return new Promise((resolve) => {
    const child = start(command);
    if ("failure" in child) return resolve(child);
    const kill = () => child.kill("SIGKILL");
    let cancelDrain = () => {};
    let end: ChildEnd = {};
    const finish = () => {
      signal.removeEventListener("abort", kill);
      cancelDrain();
      child.stdout.destroy();
      child.stderr.destroy();
      resolve(end);
    };
    signal.addEventListener("abort", kill, { once: true });
    readLines(child.stdout, (line) => output.stdout(line), { clock, gatherMs });
    readLines(child.stderr, (line) => output.stderr(line), { clock, gatherMs });
    child.once("error", (error) => {
      end = { failure: codeOf(error) };
      if (child.pid === undefined) finish();
    });
    child.once("exit", (code) => {
      end = code === null ? {} : { code };
      cancelDrain = clock.after(drainMs, finish);
    });
    child.once("close", finish);
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

function start({ file, args }: Command): ChildProcessByStdio<null, Readable, Readable> | { readonly failure: string } {
  try {
    return spawn(file, args, { stdio: ["ignore", "pipe", "pipe"], windowsHide: true });
  } catch (error) {
    return { failure: codeOf(error) };
  }
}

function readLines(
  stream: Readable,
  onLine: (line: string) => void,
  { clock, gatherMs }: { readonly clock: Clock; readonly gatherMs: number },
): void {
  const split = lineSplitter(onLine);
  stream.setEncoding("latin1");
  // A broken pipe is the child's end, which is told elsewhere.
  stream.on("error", () => {});
  stream.on("data", (chunk: string) => {
    split(chunk);
    if (gatherMs === 0 || stream.destroyed) return;
    stream.pause();
    clock.after(gatherMs, () => stream.resume());
  });
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "unknown";
}

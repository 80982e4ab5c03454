import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

/** How a child ended and what it said. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end; `input` goes to its stdin. It is killed after 30 s. */
export async function finish(argv: readonly string[], input = ""): Promise<Finished> {
  const [command = "", ...args] = argv;
  const child = spawn(command, args, { stdio: "pipe", timeout: 30_000, killSignal: "SIGKILL" });
  const chunks = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    chunks.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    chunks.stderr += text;
  });
  child.stdin.on("error", () => undefined).end(input);
  const [code] = (await once(child, "close")) as [number | null];
  return { code, ...chunks };
}

/** As `finish`, but anything else than exit code 0 is an error that carries what the command said. */
export async function must(argv: readonly string[], input = ""): Promise<string> {
  const { code, stdout, stderr } = await finish(argv, input);
  if (code !== 0) throw new Error(`${argv.join(" ")}: exit code ${code}\n${stderr}${stdout}\n${input}`);
  return stdout;
}

/** Starts a long-lived command. */
export function start(argv: readonly string[], options: SpawnOptions = {}): ChildProcess {
  const [command = "", ...args] = argv;
  return spawn(command, args, { stdio: ["pipe", "pipe", "inherit"], ...options });
}

/** Ends a child: SIGTERM, and SIGKILL after `graceMs`. Returns its exit code; `null` when a signal ended it. */
export async function stop(child: ChildProcess, graceMs = 5_000): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  const patience = new AbortController();
  const killing = sleep(graceMs, undefined, { signal: patience.signal }).then(
    () => child.kill("SIGKILL"),
    () => false,
  );
  await exited;
  patience.abort();
  await killing;
  return child.exitCode;
}

/** Resolves when `child` writes a line to stdout that `wanted` accepts; rejects when it ends before or `ms` pass. */
export function line(child: ChildProcess, wanted: (text: string) => boolean, ms = 15_000): Promise<string> {
  return new Promise((resolve, reject) => {
    let rest = "";
    const settle = (finishIt: () => void) => {
      clearTimeout(timer);
      child.stdout?.off("data", read);
      child.off("exit", ended);
      finishIt();
    };
    const read = (chunk: Buffer | string) => {
      const lines = `${rest}${chunk}`.split("\n");
      rest = lines.pop() ?? "";
      const found = lines.find(wanted);
      if (found !== undefined) settle(() => resolve(found));
    };
    const ended = () => settle(() => reject(new Error(`${child.spawnargs.join(" ")} ended early (${child.exitCode})`)));
    const timer = setTimeout(() => settle(() => reject(new Error(`${child.spawnargs.join(" ")}: no such line`))), ms);
    child.stdout?.on("data", read);
    child.once("exit", ended);
  });
}

/** Calls `probe` until it gives something else than `undefined` or throws for the last time; at most `ms`. */
export async function until<T>(what: string, ms: number, probe: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + ms;
  for (let last: unknown; ; await sleep(50)) {
    try {
      const found = await probe();
      if (found !== undefined) return found;
    } catch (error) {
      last = error;
    }
    if (performance.now() > deadline) throw new Error(`${what}: not within ${ms} ms`, { cause: last });
  }
}

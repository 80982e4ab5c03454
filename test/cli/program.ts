import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

/** A folder of its own for a run of the program, removed at the end. */
export function scratch(): { readonly dir: string; file(name: string, text: string): string; remove(): void } {
  const dir = mkdtempSync(join(tmpdir(), "nwc-"));
  return {
    dir,
    file: (name, text) => {
      writeFileSync(join(dir, name), text);
      return join(dir, name);
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** The built program, alone in a network of its own that has nothing but a loopback. */
export function startProgram(args: readonly string[], env: Record<string, string> = {}) {
  const program = [process.execPath, join(root, "dist/main.js"), ...args];
  const child: ChildProcess = spawn(
    "unshare",
    ["--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh", ...program],
    {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...env },
    },
  );
  let out = "";
  let err = "";
  child.stdout?.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    err += chunk;
  });
  const ended = once(child, "close").then(([code]) => code as number | null);
  return {
    out: () => out,
    err: () => err,
    ended,
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    /** Runs a command in the program's network. */
    inside: (command: string, ...more: string[]) =>
      spawn("nsenter", ["--net", "--target", String(child.pid), command, ...more]),
  };
}

/** Runs the program to its end. */
export async function runToEnd(args: readonly string[], env: Record<string, string> = {}) {
  const program = startProgram(args, env);
  const code = await program.ended;
  return { code, out: program.out(), err: program.err() };
}

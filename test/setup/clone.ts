import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";

const repository = resolve(import.meta.dirname, "../..");

/** A copy of the repository in a directory of its own, as `git clone` gives it. */
export interface Clone {
  readonly dir: string;
  /** Starts `npm` in it, in a process group of its own; all output is kept. */
  npm(args: readonly string[], env?: Readonly<Record<string, string>>): Running;
  write(file: string, text: string): void;
  /** Kills what still runs in it and removes it. */
  remove(): Promise<void>;
}

/** A started command. */
export interface Running {
  readonly child: ChildProcess;
  readonly output: { stdout: string; stderr: string };
  /** Its exit code; `null` when a signal ended it. */
  readonly exited: Promise<number | null>;
  /** Resolves when stdout, or stderr, matches. Rejects when the command ends before. */
  said(stream: "stdout" | "stderr", pattern: RegExp): Promise<RegExpExecArray>;
  /** As a power cut: every process of the group at once. */
  killAll(): void;
}

/** Stands in for the program where only the way to it is tested: quick to build, and it says what reaches it. */
const standIn = `
const args = process.argv.slice(2);
if (args[0] === "config") {
  console.log(JSON.stringify({ type: "object" }));
} else if (args[0] === "exit") {
  process.exit(Number(args[1]));
} else {
  process.on("SIGTERM", () => process.exit(17));
  process.on("SIGINT", () => process.exit(18));
  console.log("ready " + process.pid + " " + process.versions.node + " " + JSON.stringify(args));
  setInterval(() => undefined, 1000);
}
`;

/**
 * `program: "stand-in"` replaces the sources by a tiny program; `installed` brings this repository's node_modules along
 * as hard links, so that no network is needed.
 */
export function makeClone(wanted: { readonly program: "real" | "stand-in"; readonly installed: boolean }): Clone {
  const dir = mkdtempSync(join(tmpdir(), "nw-clone-"));
  const running = new Set<Running>();
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(dir, file)), { recursive: true });
    writeFileSync(join(dir, file), text);
  };
  for (const file of sources()) {
    if (wanted.program === "stand-in" && file.startsWith("src/")) continue;
    mkdirSync(dirname(join(dir, file)), { recursive: true });
    cpSync(join(repository, file), join(dir, file));
  }
  if (wanted.program === "stand-in") {
    write("src/main.ts", standIn);
    write("src/web/ui/index.html", "<!doctype html><title>page</title>");
    cpSync(join(repository, "src/web/ui/vite.config.ts"), join(dir, "src/web/ui/vite.config.ts"));
  }
  if (wanted.installed) linkPackages(dir);
  return {
    dir,
    write,
    npm: (args, env = {}) => {
      const started = run(dir, args, env);
      running.add(started);
      return started;
    },
    remove: async () => {
      for (const one of running) one.killAll();
      await Promise.all([...running].map(({ exited }) => exited));
      rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

/** What git would hand out, with what was changed here since. */
function sources(): string[] {
  const list = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], { cwd: repository, encoding: "utf8" });
  return list.split("\n").filter((file) => file !== "" && existsSync(join(repository, file)));
}

function linkPackages(dir: string): void {
  const [from, to] = [join(repository, "node_modules"), join(dir, "node_modules")];
  try {
    execFileSync("cp", ["-al", from, to], { stdio: "ignore" });
  } catch {
    // another file system: no hard links
    rmSync(to, { recursive: true, force: true });
    execFileSync("cp", ["-a", from, to]);
  }
  // Removed first: written in place, a linked stamp would be the repository's own too.
  rmSync(join(to, ".setup-stamp"), { force: true });
  const lock = readFileSync(join(dir, "package-lock.json"));
  const stamp = createHash("sha256")
    .update(lock)
    .update(process.platform + process.arch);
  writeFileSync(join(to, ".setup-stamp"), stamp.digest("hex"));
}

function run(dir: string, args: readonly string[], env: Readonly<Record<string, string>>): Running {
  const child = spawn("npm", args, {
    cwd: dir,
    env: { ...freshEnvironment(), ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const output = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const)
    child[stream].setEncoding("utf8").on("data", (text: string) => {
      output[stream] += text;
    });
  const exited = once(child, "close").then(([code]) => code as number | null);
  return {
    child,
    output,
    exited,
    said: (stream, pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = pattern.exec(output[stream]);
          if (found !== null) resolve(found);
        };
        look();
        child[stream].on("data", look);
        const early = () => reject(new Error(`ended before it said ${pattern}:\n${output.stdout}${output.stderr}`));
        exited.then(early, early);
      }),
    killAll: () => {
      try {
        process.kill(-(child.pid ?? 0), "SIGKILL");
      } catch {
        // all of them have ended
      }
    },
  };
}

/** A login shell's environment: without what an `npm test` around this test has put into it. */
function freshEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(npm_(?!config_)|NODE_|INIT_CWD$)/i.test(name));
  const path = (process.env["PATH"] ?? "").split(delimiter).filter((part) => !part.includes("node_modules"));
  return { ...Object.fromEntries(kept), PATH: path.join(delimiter) };
}

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { DevicesBody } from "../../src/web/devices.ts";
import type { StateBody } from "../../src/web/state.ts";
import { closedPort } from "../fakes/tcp-listeners.ts";
import { eventually } from "../ha/eventually.ts";
import { scratch } from "./program.ts";

/** As `npm start` and the app's image start it. */
const flags = ["--max-semi-space-size=1", "--heap-growing-percent=50"];
const main = resolve(import.meta.dirname, "../../dist/main.js");

/** Settings of a monitor that has no Internet to ask for and whose line is well, so that only devices make news. */
export const quiet = [
  "gateway: 127.0.0.1",
  "modem: none",
  "interval: 5",
  "targets: [{ name: Here, host: 127.0.0.1, tcp_port: 0 }]",
  'dns: { hostname: localhost, public: "", doh: "" }',
  'http: { urls: [], ip_url: "", portal_url: "" }',
  "trace: { baseline: false, intensive: false }",
  "lan_scan: { enabled: false }",
].join("\n");

/** A line of the program's log. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly msg: string };

/** A running monitor, seen from outside. */
export interface Monitor {
  state(): Promise<StateBody>;
  devices(): Promise<DevicesBody>;
  command(name: string, body: unknown): Promise<void>;
  /** All that it logged. */
  log(): readonly LogLine[];
  output(): string;
  /** Memory that it holds, and the most that it ever held. */
  rssMb(): number;
  peakMb(): number;
  /** The exit code. */
  stop(): Promise<number | null>;
  kill(): Promise<void>;
}

/** A folder for the program's files, and the program in the test file's own network. */
export interface House {
  readonly dir: string;
  file(name: string, text: string): string;
  read(name: string): string;
  /** Runs a command to its end. */
  run(
    args: readonly string[],
    env?: Record<string, string>,
  ): Promise<{ code: number | null; out: string; err: string }>;
  /** Starts the monitor with these settings beside the quiet ones, and waits for its page. */
  start(settings: string, env?: Record<string, string>): Promise<Monitor>;
  close(): Promise<void>;
}

export function createHouse(): House {
  const place = scratch();
  const running: Monitor[] = [];
  const data = join(place.dir, "data");
  return {
    dir: place.dir,
    file: place.file,
    read: (name) => readFileSync(join(place.dir, name), "utf8"),
    run: async (args, env = {}) => {
      const child = launch(place.dir, args, env);
      return { code: await child.ended, out: child.out(), err: child.err() };
    },
    start: async (settings, env = {}) => {
      const port = await closedPort();
      const own = `${quiet}\nweb: { port: ${port} }\n`;
      writeFileSync(join(place.dir, "netwarden.yaml"), `${own}${settings}\n`);
      const child = launch(place.dir, ["--config", "netwarden.yaml", "--data", data, "run"], env);
      const monitor = monitorOf(child, `http://127.0.0.1:${port}`);
      running.push(monitor);
      const isThere = eventually("the monitor runs", () => monitor.state(), 20_000);
      const early = child.ended.then((code) => assert.fail(`the monitor ended with ${code}:\n${monitor.output()}`));
      await Promise.race([isThere, early]);
      early.catch(() => undefined);
      return monitor;
    },
    close: async () => {
      await Promise.all(running.map(({ kill }) => kill()));
      place.remove();
    },
  };
}

interface Launched {
  readonly pid: number;
  readonly ended: Promise<number | null>;
  out(): string;
  err(): string;
  kill(signal: NodeJS.Signals): void;
}

function launch(cwd: string, args: readonly string[], env: Record<string, string>): Launched {
  const child = spawn(process.execPath, [...flags, main, ...args], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, MALLOC_ARENA_MAX: "1", ...env },
  });
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  return {
    pid: child.pid ?? 0,
    ended: once(child, "close").then(([code]) => code as number | null),
    out: () => out,
    err: () => err,
    kill: (signal) => void child.kill(signal),
  };
}

function monitorOf(child: Launched, page: string): Monitor {
  const get = async (path: string): Promise<unknown> => await (await fetch(page + path)).json();
  const megabytes = (field: string) => {
    const [, size] =
      new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(readFileSync(`/proc/${child.pid}/status`, "utf8")) ?? [];
    return Number(size) / 1_024;
  };
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    return await child.ended;
  };
  return {
    state: async () => (await get("/api/state")) as StateBody,
    devices: async () => (await get("/api/devices")) as DevicesBody,
    command: async (name, body) => {
      const headers = { "Content-Type": "application/json" };
      const answer = await fetch(`${page}/api/commands/${name}`, {
        method: "POST",
        headers,
        body: JSON.stringify(body),
      });
      if (!answer.ok) throw new Error(`${name}: ${answer.status} ${await answer.text()}`);
    },
    log: () => {
      const lines = child.err().split("\n").slice(0, -1);
      return lines.flatMap((line) => (line.startsWith("{") ? [JSON.parse(line) as LogLine] : []));
    },
    output: () => `${child.out()}${child.err()}`,
    rssMb: () => megabytes("VmRSS"),
    peakMb: () => megabytes("VmHWM"),
    stop: () => end("SIGTERM"),
    kill: async () => void (await end("SIGKILL")),
  };
}

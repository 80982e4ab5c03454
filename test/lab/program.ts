import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import mqtt, { type MqttClient } from "mqtt";
import type { Outage, View } from "../../src/model/view.ts";
import type { Lab } from "./network.ts";
import { stop, until } from "./process.ts";

const main = resolve(import.meta.dirname, "../../dist/main.js");

/** The program as it runs in a lab's `mon`, seen from outside. Needs `lab.tunnel(8099)`. */
export interface Program {
  readonly child: ChildProcess;
  /** On the machine's clock. */
  readonly startedAt: number;
  /** What it wrote to stdout and stderr so far. */
  output(): string;
  state(): Promise<View>;
  outages(): Promise<readonly Outage[]>;
  /** Waits until `wanted` holds and returns that state; `ms` at most. */
  reaches(what: string, ms: number, wanted: (view: View) => boolean): Promise<View>;
  /** SIGTERM; returns the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

/** Starts the program with its data in `<lab.dir>/<data>`. */
export function startProgram(lab: Lab, data: string, args: readonly string[] = []): Program {
  const dir = join(lab.dir, data);
  mkdirSync(dir, { recursive: true });
  const startedAt = Date.now();
  // As `npm start` does it.
  const argv = [
    process.execPath,
    "--max-semi-space-size=1",
    "--heap-growing-percent=50",
    main,
    "run",
    "--data",
    dir,
    ...args,
  ];
  const env = { ...process.env, MALLOC_ARENA_MAX: "1", NODE_EXTRA_CA_CERTS: lab.caFile };
  const child = lab.spawn("mon", argv, { cwd: lab.dir, env, stdio: ["ignore", "pipe", "pipe"] });
  const written: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => written.push(String(chunk)));
  const api = async (path: string): Promise<unknown> => {
    const url = `http://${lab.management.mon}:8099/api/${path}`;
    return (await fetch(url, { signal: AbortSignal.timeout(3_000) })).json();
  };
  const state = async () => (await api("state")) as View;
  return {
    child,
    startedAt,
    output: () => written.join(""),
    state,
    outages: async () => ((await api("outages")) as { outages: readonly Outage[] }).outages,
    reaches: async (what, ms, wanted) => {
      const seen: string[] = [];
      const look = async () => {
        const view = await state();
        const text = `${view.verdict.verdict ?? "-"}/${view.episode.state}`;
        if (seen.at(-1) !== text) seen.push(text);
        return wanted(view) ? view : undefined;
      };
      try {
        return await until(what, ms, look);
      } catch (error) {
        const evidence = await state().then(({ verdict }) => verdict.evidence, String);
        const said = written.join("").slice(-4_000);
        throw new Error(`${String(error)}; seen: ${seen.join(", ")}; ${JSON.stringify(evidence)}\n${said}`);
      }
    },
    stop: () => stop(child),
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      await exited;
    },
  };
}

interface Message {
  readonly topic: string;
  readonly payload: string;
  /** When it arrived, on the machine's clock. */
  readonly at: number;
}

/** Everything that a broker hands out, in order of arrival. */
export interface Listener {
  readonly heard: readonly Message[];
  /** The first message that matches, also one that came already; waits `ms` at most. */
  hears(what: string, ms: number, wanted: (message: Message) => boolean): Promise<Message>;
  close(): Promise<void>;
}

/** Listens to all topics; connects again and again until the broker is there. */
export function listenTo(url: string): Listener {
  const heard: Message[] = [];
  const client: MqttClient = mqtt.connect(url, { reconnectPeriod: 100, connectTimeout: 2_000, protocolVersion: 4 });
  client.on("connect", () => client.subscribe("#"));
  client.on("message", (topic, payload) => heard.push({ topic, payload: payload.toString(), at: Date.now() }));
  client.on("error", () => undefined);
  return {
    heard,
    hears: (what, ms, wanted) => until(what, ms, async () => heard.find(wanted)),
    close: () => client.endAsync(true),
  };
}

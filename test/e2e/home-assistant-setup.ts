import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { connectAsync } from "mqtt";
import { type HomeAssistant, startHomeAssistant } from "../ha/home-assistant.ts";
import { type Mosquitto, startMosquitto } from "../ha/mosquitto.ts";
import type { Message } from "../ha/validate.ts";
import { createLab, type Lab } from "../lab/network.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const program = join(root, "dist/main.js");

/** The lab's targets, which are the program's defaults. */
export const targets = [
  { name: "Cloudflare", host: "1.1.1.1" },
  { name: "Google", host: "8.8.8.8" },
  { name: "Quad9", host: "9.9.9.9" },
] as const;

/** A home with a broken or whole line, a broker and a Home Assistant outside it, and the program inside. */
export interface Bench {
  readonly lab: Lab;
  readonly broker: Mosquitto;
  readonly ha: HomeAssistant;
  /** Starts the program with these targets and `more` lines of settings, after the one before was stopped. */
  startProgram(watched?: readonly { readonly name: string; readonly host: string }[], more?: string): void;
  /** Runs another command of the program in the same place, to its end. */
  command(...args: readonly string[]): Promise<{ readonly code: number | null; readonly out: string }>;
  /** Ends the program; `SIGKILL` leaves it no time to say farewell. */
  stopProgram(signal: NodeJS.Signals): Promise<void>;
  /** What the program printed, for the message of a failing test. */
  output(): string;
  /** What the broker holds now. */
  retained(filter: string): Promise<readonly Message[]>;
  publish(topic: string, payload: string, options?: { readonly retain: boolean }): Promise<void>;
  close(): Promise<void>;
}

/** Starts all but the program. `config`: files for Home Assistant's configuration folder. */
export async function createBench(config: Readonly<Record<string, string>>): Promise<Bench> {
  if (!existsSync(program)) throw new Error(`${program} is missing: npm run build`);
  const closing: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const work of closing.splice(0).reverse()) await work();
  };
  try {
    const lab = await createLab({ prefix: "ha" });
    closing.push(() => lab.close());
    const broker = await startMosquitto({ addresses: [lab.management.root] });
    closing.push(() => broker.close());
    const ha = await startHomeAssistant(broker, config);
    closing.push(() => ha.close());
    const inLab = programIn(lab, `mqtt://${lab.management.root}:${broker.port}`);
    return { lab, broker, ha, close, ...inLab, ...tapOf(broker) };
  } catch (error) {
    await close();
    throw error;
  }
}

function programIn(lab: Lab, brokerUrl: string): Pick<Bench, "startProgram" | "stopProgram" | "output" | "command"> {
  const config = join(lab.dir, "netwarden.yaml");
  const data = join(lab.dir, "data");
  const log = join(lab.dir, "program.log");
  mkdirSync(data);
  let child: ChildProcess | undefined;
  return {
    startProgram(watched = targets, more = "") {
      writeFileSync(config, configuration(brokerUrl, watched) + more);
      const output = openSync(log, "a");
      child = lab.spawn("mon", [process.execPath, program, "run", "--config", config, "--data", data], {
        stdio: ["ignore", output, output],
        env: { ...process.env, NODE_EXTRA_CA_CERTS: lab.caFile },
      });
      closeSync(output);
    },
    async stopProgram(signal) {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null)
        throw new Error(`the program ended by itself:\n${readFileSync(log, "utf8")}`);
      const ended = once(child, "exit");
      child.kill(signal);
      await ended;
    },
    async command(...args) {
      const argv = [process.execPath, program, "--config", config, "--data", data, ...args];
      const run = lab.spawn("mon", argv, { stdio: ["ignore", "pipe", "inherit"] });
      const written: string[] = [];
      run.stdout?.on("data", (chunk: Buffer) => written.push(String(chunk)));
      const [code] = (await once(run, "close")) as [number | null];
      return { code, out: written.join("") };
    },
    output: () => (existsSync(log) ? readFileSync(log, "utf8") : ""),
  };
}

/** Faster than the defaults where the default is meant for years of recording, otherwise the defaults. */
function configuration(
  brokerUrl: string,
  watched: readonly { readonly name: string; readonly host: string }[],
): string {
  return [
    "interval: 5",
    "targets:",
    ...watched.map(({ name, host }) => `  - { name: ${name}, host: ${host} }`),
    `mqtt: { url: "${brokerUrl}", publish_interval: 2 }`,
    "",
  ].join("\n");
}

function tapOf(broker: Mosquitto): Pick<Bench, "retained" | "publish"> {
  const open = () => connectAsync(`mqtt://127.0.0.1:${broker.port}`, { protocolVersion: 5, reconnectPeriod: 0 });
  return {
    async retained(filter) {
      const client = await open();
      const end = `test/end-of-retained/${process.pid}`;
      const held: Message[] = [];
      const complete = new Promise<void>((resolve) => {
        client.on("message", (topic, payload, { retain }) => {
          if (topic === end) resolve();
          else if (retain) held.push({ topic, payload: payload.toString() });
        });
      });
      // Retained messages come with the subscription, so a message of our own that is sent after it comes last.
      await client.subscribeAsync([filter, end], { qos: 0 });
      await client.publishAsync(end, "");
      await complete;
      await client.endAsync();
      return held;
    },
    async publish(topic, payload, { retain } = { retain: false }) {
      const client = await open();
      await client.publishAsync(topic, payload, { qos: 1, retain });
      await client.endAsync();
    },
  };
}

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "./eventually.ts";
import { freePort, type Service, startService } from "./service.ts";

/** What a test wants of the broker. By default it keeps nothing over a restart and asks nobody for a password. */
export interface MosquittoOptions {
  readonly persistent?: boolean;
  readonly login?: { readonly username: string; readonly password: string };
  /** Where else than on 127.0.0.1 it listens. */
  readonly addresses?: readonly string[];
}

/** A Mosquitto of one's own. */
export interface Mosquitto {
  readonly port: number;
  /** Stops it (by default as a crash does) and leaves it stopped. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same port. */
  start(): Promise<void>;
  /** Ends it and removes its files. */
  close(): Promise<void>;
}

/** Starts Mosquitto on a free port and waits until it accepts connections. */
export async function startMosquitto(options: MosquittoOptions = {}): Promise<Mosquitto> {
  const folder = mkdtempSync(join(tmpdir(), "nwe-mosquitto-"));
  const port = await freePort();
  const file = join(folder, "mosquitto.conf");
  const log = join(folder, "log");
  writeFileSync(file, configuration(folder, port, options));
  let service: Service | undefined;
  const start = async () => {
    const started = startService("mosquitto", ["-c", file], { log });
    service = started;
    await eventually("Mosquitto listens", async () => {
      if (!started.running()) throw new Error(readFileSync(log, "utf8"));
      return await accepts(port);
    });
  };
  const stop = async (signal: NodeJS.Signals = "SIGKILL") => {
    await service?.stop(signal);
  };
  const close = async () => {
    await stop();
    rmSync(folder, { recursive: true, force: true });
  };
  await start().catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return { port, start, stop, close };
}

function configuration(folder: string, port: number, options: MosquittoOptions): string {
  const lines = ["127.0.0.1", ...(options.addresses ?? [])].map((address) => `listener ${port} ${address}`);
  lines.push("log_dest stderr", "log_type error", "log_type warning", "user root");
  lines.push(`persistence ${options.persistent === true}`, `persistence_location ${folder}/`, "autosave_interval 1");
  lines.push(`allow_anonymous ${options.login === undefined}`);
  if (options.login !== undefined) {
    const passwords = join(folder, "passwords");
    execFileSync("mosquitto_passwd", ["-c", "-b", passwords, options.login.username, options.login.password]);
    lines.push(`password_file ${passwords}`);
  }
  return `${lines.join("\n")}\n`;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

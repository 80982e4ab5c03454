import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { createServer } from "node:net";

/** A server process of a test. */
export interface Service {
  readonly pid: number;
  /** False once it has ended, whoever ended it. */
  running(): boolean;
  /** Ends it and waits until it is gone; `SIGKILL` follows after half a minute. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** How a service is started; its output is appended to `log`. */
export interface ServiceOptions {
  readonly log: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a process that the kernel ends together with this one, so that a test that dies leaves nothing behind. */
export function startService(command: string, args: readonly string[], options: ServiceOptions): Service {
  const env = { PATH: "", ...process.env, ...options.env };
  const output = openSync(options.log, "a");
  const child = spawn("setpriv", ["--pdeathsig", "KILL", "--", command, ...args], {
    stdio: ["ignore", output, output],
    env: { ...env, PATH: `${env.PATH}:/usr/sbin:/sbin` },
  });
  closeSync(output);
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const running = () => child.exitCode === null && child.signalCode === null;
  if (child.pid === undefined) throw new Error(`${command} did not start`);
  return {
    pid: child.pid,
    running,
    async stop(signal = "SIGTERM") {
      if (!running()) return;
      child.kill(signal);
      const late = setTimeout(() => child.kill("SIGKILL"), 30_000);
      await gone;
      clearTimeout(late);
    },
  };
}

/** A port of 127.0.0.1 that was free a moment ago, for servers that can't be told to choose one and say which. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

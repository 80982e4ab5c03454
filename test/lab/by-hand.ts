// A lab to work in by hand, as root. It stays until it is taken down; a background process holds it.
//
//   node_modules/.bin/node test/lab/by-hand.ts up             make it
//   node_modules/.bin/node test/lab/by-hand.ts list           name every fault and what is right to say of it
//   node_modules/.bin/node test/lab/by-hand.ts break FAULT    break it (what was broken before is mended first)
//   node_modules/.bin/node test/lab/by-hand.ts heal           mend it
//   node_modules/.bin/node test/lab/by-hand.ts run [ARG...]   the built program in `mon`, its page on the address that `up` named
//   node_modules/.bin/node test/lab/by-hand.ts exec NS COMMAND...   any command in mon, lan, gw, modem, isp1, isp2 or inet
//   node_modules/.bin/node test/lab/by-hand.ts status         what is broken
//   node_modules/.bin/node test/lab/by-hand.ts down           take it away
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { isFault } from "./breaker.ts";
import { createLab, type Lab } from "./network.ts";
import { until } from "./process.ts";
import { sweepStale } from "./sweep.ts";
import { truths } from "./truth.ts";

/** What the holder tells everybody else. */
interface State {
  readonly url: string;
  readonly prefix: string;
  readonly dir: string;
  readonly caFile: string;
  readonly page: string;
}

const stateFile = join(tmpdir(), `netwarden-lab-${process.getuid?.() ?? 0}.json`);
const logFile = stateFile.replace(/json$/, "log");
const [command = "", ...args] = process.argv.slice(2);
const commands: Readonly<Record<string, () => Promise<number>>> = {
  up,
  hold,
  list: async () => {
    for (const { fault, right } of truths) console.log(`${fault.padEnd(24)} ${right.join(" or ")}`);
    return 0;
  },
  break: () => (isFault(args[0] ?? "") ? ask(`break/${args[0]}`) : usage(`no such fault: ${args[0] ?? ""}`)),
  heal: () => ask("heal"),
  status: () => ask("status"),
  down,
  run,
  exec: () => execute(args[0] ?? "", args.slice(1)),
};
const work = Object.hasOwn(commands, command) ? commands[command] : undefined;
process.exitCode = await (work?.() ?? usage("up, list, break, heal, run, exec, status or down?")).catch((error) => {
  console.error(error instanceof Error ? error.message : String(error));
  return 1;
});

async function up(): Promise<number> {
  if (await answers()) return ask("status");
  rmSync(stateFile, { force: true });
  const log = openSync(logFile, "w");
  const holder = spawn(process.execPath, [import.meta.filename, "hold"], {
    detached: true,
    stdio: ["ignore", log, log],
  });
  holder.unref();
  const ended = once(holder, "exit").then(() => {
    throw new Error(`the lab could not be made:\n${readFileSync(logFile, "utf8")}`);
  });
  await Promise.race([until("the lab", 30_000, async () => ((await answers()) ? true : undefined)), ended]);
  return ask("status");
}

/** The background process: it owns the lab, so that its end is the lab's end. */
async function hold(): Promise<number> {
  const lab = await createLab({ prefix: "hand" });
  const ending = Promise.race([once(process, "SIGTERM"), once(process, "SIGINT")]);
  await lab.tunnel(8099);
  const broken = { now: "nothing" };
  const server = createServer((request, response) => {
    const say = (status: number, text: string) => response.writeHead(status).end(`${text}\n`);
    obey(lab, broken, request.url ?? "").then(
      (text) => say(200, text),
      (error: unknown) => say(500, String(error)),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const state: State = {
    url: `http://127.0.0.1:${port}`,
    prefix: lab.name("mon").replace(/mon$/, ""),
    dir: lab.dir,
    caFile: lab.caFile,
    page: `http://${lab.management.mon}:8099/`,
  };
  writeFileSync(stateFile, JSON.stringify(state), { mode: 0o600 });
  await ending;
  server.close();
  server.closeAllConnections();
  await lab.close();
  rmSync(stateFile, { force: true });
  return 0;
}

async function obey(lab: Lab, broken: { now: string }, path: string): Promise<string> {
  const [, verb = "", name = ""] = path.split("/");
  if (verb === "down") setTimeout(() => process.kill(process.pid, "SIGTERM"), 50);
  if (verb === "heal" || verb === "break") {
    await lab.heal();
    broken.now = "nothing";
  }
  if (verb === "break" && isFault(name)) {
    await lab.cut(name);
    broken.now = name;
  }
  const page = `page of a program that runs in it: http://${lab.management.mon}:8099/`;
  return verb === "down" ? "going" : `broken: ${broken.now}\nnamespaces: ${lab.name("mon")} …\n${page}`;
}

async function ask(what: string): Promise<number> {
  const response = await fetch(`${readState().url}/${what}`, { signal: AbortSignal.timeout(30_000) });
  const text = (await response.text()).trimEnd();
  if (!response.ok) throw new Error(text);
  console.log(text);
  return 0;
}

async function down(): Promise<number> {
  if (await answers()) {
    await ask("down");
    await until("the end of the lab", 15_000, async () => (existsSync(stateFile) ? undefined : true));
  }
  // What a holder that was killed could not take away.
  await sweepStale();
  rmSync(stateFile, { force: true });
  rmSync(logFile, { force: true });
  return 0;
}

/** In the foreground, with its data in the lab's directory; without a page on loopback that nobody outside could reach. */
function run(): Promise<number> {
  const { dir } = readState();
  const main = resolve(import.meta.dirname, "../../dist/main.js");
  return execute("mon", [process.execPath, main, "run", "--data", join(dir, "data"), ...args]);
}

async function execute(ns: string, argv: readonly string[]): Promise<number> {
  if (argv.length === 0) return usage("exec NS COMMAND...");
  const { prefix, caFile } = readState();
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: caFile };
  const child = spawn("ip", ["netns", "exec", `${prefix}${ns}`, ...argv], { stdio: "inherit", env });
  // The terminal's Ctrl-C reaches the child by itself: it ends, then so do we.
  process.on("SIGINT", () => undefined);
  const [code] = (await once(child, "exit")) as [number | null];
  return code ?? 1;
}

async function answers(): Promise<boolean> {
  try {
    return (await fetch(`${readState().url}/status`, { signal: AbortSignal.timeout(5_000) })).ok;
  } catch {
    return false;
  }
}

function readState(): State {
  try {
    return JSON.parse(readFileSync(stateFile, "utf8")) as State;
  } catch {
    throw new Error("no lab is up: by-hand.ts up");
  }
}

async function usage(text: string): Promise<number> {
  console.error(text);
  return 2;
}

#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { runProgram } from "./cli/program.ts";

/** After a first signal there are 5 s for an orderly end. */
const farewellMs = 5_000;

// glibc asks again after five seconds only: a page's name that was asked for just before an outage ended would still be
// without an answer when everything works again. It keeps the sockets, so slower answers count all the same.
process.env["RES_OPTIONS"] ??= "timeout:1 attempts:4";

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
    setTimeout(() => {
      process.stderr.write("netwarden: the end took too long\n");
      process.exit(1);
    }, farewellMs).unref();
  });
}
// Whoever read our output is gone (`netwarden … | head`): that is no reason to fall over.
process.stdout.on("error", () => {});
process.stderr.on("error", () => {});

const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string };

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // It lives, and is somebody else's.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

try {
  process.exitCode = await runProgram(process.argv.slice(2), {
    env: process.env,
    cwd: process.cwd(),
    version: manifest.version,
    pid: process.pid,
    uiDir: fileURLToPath(new URL("web/ui", import.meta.url)),
    vendorsFile: fileURLToPath(new URL("vendors.txt", import.meta.url)),
    ...(process.stdout.isTTY === true ? { columns: process.stdout.columns } : {}),
    isTerminal: process.stderr.isTTY === true,
    signal: stop.signal,
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    isAlive,
    die: () => process.exit(1),
  });
} catch (error) {
  process.stderr.write(`netwarden: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
}
// Nothing that a library left open may keep an ended program alive.
setTimeout(() => process.exit(), 1_000).unref();

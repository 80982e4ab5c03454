// Everything that CI runs, one step after the other; all of them even when one fails.
//   node tools/check.mjs               all steps
//   node tools/check.mjs unit io       these only
// The last line is "N passed, N failed", summed over the test runs; exit code 1 when anything failed.
import { spawn } from "node:child_process";
import { globSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters, styleText } from "node:util";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = (name) => `${root}node_modules/.bin/${name}`;
const minutes = 60_000;
const nothing = { passed: 0, failed: 0, left: 0 };

/** Steps with `files` are test runs; the others are commands that must end with 0. */
const steps = [
  { name: "lint", commands: [[bin("biome"), "check", "."], [bin("knip")]] },
  {
    name: "types",
    commands: [
      [bin("tsc"), "-p", "tsconfig.json"],
      [bin("tsc"), "-p", "src/web/ui/tsconfig.json"],
    ],
  },
  {
    name: "unit",
    files: testFiles("test/**/*.test.ts").filter((file) => !file.endsWith(".io.test.ts")),
    flags: ["--test-isolation=none", "--test-timeout=30000"],
    limit: 5 * minutes,
  },
  {
    name: "io",
    files: testFiles("test/**/*.io.test.ts"),
    flags: ["--test-concurrency=2", "--test-timeout=120000"],
    limit: 10 * minutes,
  },
  {
    name: "lab",
    files: testFiles("test/lab/*.lab.ts"),
    flags: ["--test-concurrency=1", "--test-timeout=600000"],
    limit: 20 * minutes,
    after: sweepNetworks,
  },
  {
    name: "e2e",
    files: testFiles("test/e2e/*.e2e.ts"),
    flags: ["--test-concurrency=1", "--test-timeout=600000"],
    limit: 30 * minutes,
    after: sweepNetworks,
  },
];

let running;
let interrupted = false;
for (const signal of ["SIGINT", "SIGTERM"])
  process.on(signal, () => {
    interrupted = true;
    if (running !== undefined) endGroup(running);
  });

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length > 0) {
  console.error(`no such step: ${unknown.join(", ")} (there are ${steps.map(({ name }) => name).join(", ")})`);
  process.exit(2);
}

const results = [];
for (const step of steps) {
  if (interrupted || (wanted.length > 0 && !wanted.includes(step.name))) continue;
  console.log(styleText("bold", `\n── ${step.name} ──`));
  const startedAt = performance.now();
  const result = step.files === undefined ? await runCommands(step) : await runTests(step);
  if ("after" in step) await step.after();
  results.push({ name: step.name, seconds: (performance.now() - startedAt) / 1000, ...result });
}
report();

/** Every test of a step must have run: a file that vanished or a run that found nothing is a failure. */
async function runTests({ files, flags, limit }) {
  if (files.length === 0) return { ...nothing, problem: "no test files" };
  const counts = { pass: 0, fail: 0, cancelled: 0, skipped: 0, todo: 0 };
  const read = (line) => {
    const [, key, count] = /^ℹ (pass|fail|cancelled|skipped|todo) (\d+)$/.exec(line) ?? [];
    if (key !== undefined) counts[key] = Number(count);
  };
  const argv = [process.execPath, "--test", "--test-reporter=spec", ...flags, ...files];
  const { code, late } = await run({ argv, read, limit });
  const failed = counts.fail + counts.cancelled;
  const executed = counts.pass + failed;
  const problem = late
    ? `not done within ${limit / minutes} minutes`
    : executed === 0
      ? "no test ran"
      : code !== 0 && failed === 0
        ? `exit code ${code}`
        : undefined;
  return { passed: counts.pass, failed, left: counts.skipped + counts.todo, problem };
}

async function runCommands({ commands }) {
  const failures = [];
  for (const argv of commands) {
    const { code } = interrupted ? { code: null } : await run({ argv, read: () => {}, limit: 5 * minutes });
    if (code !== 0) failures.push(`${argv[0].split("/").at(-1)}: exit code ${code}`);
  }
  return { ...nothing, problem: failures.length > 0 ? failures.join(", ") : undefined };
}

/** Runs a command in a process group of its own, so that its children end with it, and passes on what it prints. */
function run({ argv: [command, ...args], read, limit }) {
  return new Promise((resolve) => {
    const env = { ...process.env, NODE_COMPILE_CACHE: `${root}test/.cache` };
    if (process.stdout.isTTY) env.FORCE_COLOR = "1";
    const child = spawn(command, args, { cwd: root, env, stdio: ["ignore", "pipe", "inherit"], detached: true });
    running = child;
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      endGroup(child);
    }, limit);
    let rest = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      process.stdout.write(text);
      const lines = (rest + text).split("\n");
      rest = lines.pop();
      for (const line of lines) read(stripVTControlCharacters(line));
    });
    child.on("error", (error) => {
      console.error(`${command}: ${error.message}`);
    });
    child.on("exit", () => signalGroup(child, "SIGKILL"));
    child.on("close", (code) => {
      clearTimeout(timer);
      running = undefined;
      resolve({ code, late });
    });
  });
}

/** Asks a child and all of its children to end, and kills what is left after five seconds. */
function endGroup(child) {
  signalGroup(child, "SIGTERM");
  setTimeout(() => signalGroup(child, "SIGKILL"), 5000).unref();
}

function signalGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // all of them have ended
  }
}

/** A test that was killed could not take its network namespaces away. */
async function sweepNetworks() {
  const { sweepStale } = await import("../test/lab/sweep.ts");
  await sweepStale();
}

function report() {
  console.log(styleText("bold", "\n── summary ──"));
  for (const { name, seconds, passed, failed, left, problem } of results) {
    const good = failed === 0 && problem === undefined;
    const counts = passed + failed > 0 ? `${passed} passed, ${failed} failed` : "";
    const notes = [counts, left > 0 ? `${left} skipped` : "", problem ?? ""].filter((note) => note !== "").join("; ");
    console.log(`${good ? "✔" : "✖"} ${name.padEnd(6)} ${seconds.toFixed(1).padStart(7)} s  ${notes}`);
  }
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  const broken = results.filter(({ failed, problem }) => failed === 0 && problem !== undefined).length;
  const failed = sum("failed") + broken;
  if (interrupted) console.log("interrupted");
  console.log(`${sum("passed")} passed, ${failed} failed`);
  process.exitCode = failed > 0 || interrupted ? 1 : 0;
}

function testFiles(pattern) {
  return globSync(pattern, { cwd: root, exclude: ["**/node_modules/**"] }).sort();
}

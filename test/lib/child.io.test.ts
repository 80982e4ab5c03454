import assert from "node:assert/strict";
import { test } from "node:test";
import { type ChildEnd, runChild } from "../../src/lib/child.ts";
import { systemClock } from "../../src/lib/clock.ts";

test("both outputs come as lines, and the exit code is told", async () => {
  const run = await node("console.log('a\\nb'); console.error('c'); process.exitCode = 3");
  assert.deepEqual(run, { end: { code: 3 }, out: ["a", "b"], err: ["c"] });
});

test("output that is read in gulps arrives whole", async () => {
  const { out } = await node("for (let i = 0; i < 20000; i += 1) console.log(i)", { gatherMs: 10 });
  assert.equal(out.length, 20_000);
  assert.equal(out.at(-1), "19999");
});

test("a program that does not exist, or may not be started, is a failure with the system's code", async () => {
  assert.deepEqual((await run("/nonexistent/program", [])).end, { failure: "ENOENT" });
  assert.deepEqual((await run("/etc", [])).end, { failure: "EACCES" });
  assert.equal((await run("x\0y", [])).end.failure, "ERR_INVALID_ARG_VALUE");
});

test("a child that ignores requests to end is killed when the signal aborts", async () => {
  const controller = new AbortController();
  const { end, pid } = await node(
    "process.on('SIGTERM', () => {}); console.log(process.pid); setInterval(() => {}, 1e6)",
    {
      signal: controller.signal,
      onLine: () => controller.abort(),
    },
  ).then(({ end, out }) => ({ end, pid: Number(out[0]) }));
  assert.deepEqual(end, {});
  assert.throws(() => process.kill(pid, 0), { code: "ESRCH" });
});

test("an end is told although a grandchild keeps the output open", async () => {
  const script =
    "const c = require('node:child_process').spawn('sleep', ['30'], { stdio: 'inherit', detached: true }); console.log(c.pid); c.unref()";
  const { end, out } = await node(script);
  process.kill(Number(out[0]), "SIGKILL");
  assert.deepEqual(end, { code: 0 });
});

test("nothing is started once the signal has aborted", async () => {
  assert.deepEqual((await run("sleep", ["30"], { signal: AbortSignal.abort() })).end, { failure: "ABORTED" });
});

test("a child reads its input to the end, or leaves it", async () => {
  const input = "x".repeat(200_000);
  const { out } = await node(
    "process.stdin.setEncoding('utf8').on('data', (d) => (n += d.length)).on('end', () => console.log(n)); let n = 0",
    { input },
  );
  assert.deepEqual(out, ["200000"]);
  assert.deepEqual((await run("true", [], { input })).end, { code: 0 });
});

interface Options {
  readonly input?: string;
  readonly signal?: AbortSignal;
  readonly gatherMs?: number;
  readonly onLine?: (line: string) => void;
}

function node(script: string, options: Options = {}) {
  return run(process.execPath, ["-e", script], options);
}

async function run(
  file: string,
  args: readonly string[],
  { signal = new AbortController().signal, gatherMs = 0, onLine = () => {}, input }: Options = {},
): Promise<{ readonly end: ChildEnd; readonly out: readonly string[]; readonly err: readonly string[] }> {
  const out: string[] = [];
  const err: string[] = [];
  const stdout = (line: string) => {
    out.push(line);
    onLine(line);
  };
  const output = { stdout, stderr: (line: string) => void err.push(line) };
  const end = await runChild({ file, args }, output, {
    clock: systemClock,
    signal,
    gatherMs,
    ...(input === undefined ? {} : { input }),
  });
  return { end, out, err };
}

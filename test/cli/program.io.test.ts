import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { eventually } from "../ha/eventually.ts";
import { runToEnd, scratch, startProgram } from "./program.ts";

let place: ReturnType<typeof scratch>;
let running: ReturnType<typeof startProgram>[] = [];

beforeEach(() => {
  place = scratch();
});
afterEach(async () => {
  for (const program of running) program.kill("SIGKILL");
  await Promise.all(running.map(({ ended }) => ended));
  running = [];
  place.remove();
});

const local = `targets: [{ name: Here, host: 127.0.0.1, tcp_port: 0 }]\ngateway: 127.0.0.1\ninterval: 1\n`;

function start(config: string, args: readonly string[] = []) {
  const program = startProgram([
    "run",
    "--config",
    place.file("netwarden.yaml", config),
    "--data",
    join(place.dir, "data"),
    ...args,
  ]);
  running.push(program);
  return program;
}

test("help and version answer at once; a wrong word or option is a usage error with a hint", async () => {
  assert.deepEqual((await runToEnd(["--version"])).out, "0.1.0\n");
  assert.match((await runToEnd(["--help"])).out, /config .*\n/);
  for (const args of [["nonsense"], ["run", "--wrong"], ["config", "frobnicate"]]) {
    const { code, err } = await runToEnd(args);
    assert.equal(code, 2, args.join(" "));
    assert.match(err, /unknown|too many|error/);
  }
});

test("a bad file is refused with every problem and its line, and nothing is touched", async () => {
  const file = place.file(
    "bad.yaml",
    "intervall: 5\nsite: My Home\ntargets:\n  - { name: X, host: -rf }\nweb: { host: 0.0.0.0 }\n",
  );
  const { code, err } = await runToEnd(["run", "--config", file, "--data", join(place.dir, "data")]);
  assert.equal(code, 2);
  for (const line of [
    /bad\.yaml:1:1: intervall: .*interval/,
    /bad\.yaml:2:\d+: site: /,
    /bad\.yaml:4:\d+: targets\[0\]\.host: /,
    /bad\.yaml:5:\d+: web\.host: .*web\.password/,
  ]) {
    assert.match(err, line);
  }
  assert.throws(() => readFileSync(join(place.dir, "data/netwarden.db")), /ENOENT/);
});

test("an unreadable configuration is a clear error", async () => {
  const { code, err } = await runToEnd(["run", "--config", join(place.dir, "absent.yaml")]);
  assert.equal(code, 2);
  assert.match(err, /absent\.yaml.*(not exist|no such|not found)/i);
});

test("it says what it found, runs, and ends in order with code 0", async () => {
  const program = start(local);
  await eventually("the greeting", () => /Page +http:\/\/127\.0\.0\.1:\d+/.test(program.out()));
  assert.match(program.out(), /Gateway +127\.0\.0\.1/);
  assert.match(program.out(), /Broker +mqtt:\/\/127\.0\.0\.1:1883/);
  await eventually("a verdict", () => program.err().includes('"msg":"verdict"'));
  await eventually(
    "a row",
    () => readFileSync(join(place.dir, "data/evidence/netlog.csv"), "utf8").split("\n").length > 2,
  );
  program.kill("SIGTERM");
  assert.equal(await program.ended, 0);
  assert.doesNotMatch(program.err(), /"level":50/);
});

test("a port that the user named and that is taken ends the start, and says which setting to change", async () => {
  const first = start(`${local}web: { port: 18099 }\n`);
  await eventually("the first runs", () => first.out().includes("18099"));
  const script = `require("net").createServer().listen(18100, "127.0.0.1", () => console.log("taken"))`;
  const holder = first.inside(process.execPath, "-e", script);
  await eventually(
    "the port is taken",
    () => new Promise<boolean>((resolve) => holder.stdout.once("data", () => resolve(true))),
  );
  const second = first.inside(
    process.execPath,
    "dist/main.js",
    "--config",
    place.file("second.yaml", `${local}web: { port: 18100 }\n`),
    "--data",
    join(place.dir, "second"),
  );
  let said = "";
  second.stderr.on("data", (chunk) => {
    said += chunk;
  });
  const code = await new Promise((resolve) => second.once("close", resolve));
  holder.kill();
  assert.equal(code, 2);
  assert.match(said, /18100 is (in use|taken).*web\.port/);
});

test("without a writable data folder it goes on, and says what to do", async () => {
  place.file("data", "a file where the folder should be");
  const program = start(local);
  await eventually("a verdict", () => program.err().includes('"msg":"verdict"'));
  assert.match(program.err(), /no history is kept: make the data folder writable, or name another with --data/);
  program.kill("SIGTERM");
  assert.equal(await program.ended, 0);
});

test("a full disk is told once, what was recorded stays, and it goes on when there is room", async () => {
  const data = join(place.dir, "data");
  mkdirSync(data);
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", data]);
  try {
    const program = start(local);
    await eventually("a row", () => readFileSync(join(data, "evidence/netlog.csv"), "utf8").split("\n").length > 2);
    try {
      execFileSync("dd", ["if=/dev/zero", `of=${data}/filler`, "bs=4k"], { stdio: "ignore" });
    } catch {}
    const before = readFileSync(join(data, "evidence/netlog.csv"), "utf8");
    await eventually("it is told", () => /disk is full|no space/i.test(program.err()), 20_000);
    execFileSync("rm", [`${data}/filler`]);
    await eventually(
      "it goes on",
      () => readFileSync(join(data, "evidence/netlog.csv"), "utf8").length > before.length,
      30_000,
    );
    assert.ok(
      readFileSync(join(data, "evidence/netlog.csv"), "utf8").startsWith(before.slice(0, before.lastIndexOf("\n"))),
    );
    program.kill("SIGTERM");
    assert.equal(await program.ended, 0);
  } finally {
    for (const program of running) program.kill("SIGKILL");
    await Promise.all(running.map(({ ended }) => ended));
    execFileSync("umount", [data]);
  }
});

test("a host that can't be resolved is unknown, not down, and it is said once", async () => {
  const program = start(`${local.replace("127.0.0.1, tcp", "no-such-host.invalid, tcp")}web: { port: 18101 }\n`);
  await eventually(
    "it is said",
    () => /can't be measured.*no-such-host\.invalid|no-such-host\.invalid.*can't be measured/.test(program.err()),
    20_000,
  );
  const answer = await new Promise<string>((resolve) => {
    let text = "";
    const client = program.inside(
      process.execPath,
      "-e",
      `fetch("http://127.0.0.1:18101/api/state").then((r) => r.text()).then(console.log)`,
    );
    client.stdout.on("data", (chunk) => {
      text += chunk;
    });
    client.once("close", () => resolve(text));
  });
  const { targets } = JSON.parse(answer) as { targets: { reachable?: boolean }[] };
  assert.equal(targets[0]?.reachable, undefined);
  program.kill("SIGTERM");
  assert.equal(await program.ended, 0);
  assert.equal(program.err().split("icmp:here").length - 1, 1);
});

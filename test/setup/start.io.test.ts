import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { type Clone, makeClone, type Running } from "./clone.ts";

const ready = /^ready (\d+) (\S+) (.*)$/m;

suite("npm start", { timeout: 60_000 }, () => {
  let clone: Clone;
  before(() => {
    clone = makeClone({ program: "stand-in", installed: true });
  });
  after(() => clone.remove());

  const started = async (running: Running) => {
    const [, pid, version, args] = await running.said("stdout", ready);
    return { pid: Number(pid), version, args: JSON.parse(args ?? "") as unknown };
  };

  test("gives clean JSON on stdout, even where it has to build first", async () => {
    const first = clone.npm(["--silent", "start", "--", "config", "schema"]);
    assert.equal(await first.exited, 0);
    assert.match(first.output.stderr, /setup: building/);
    assert.deepEqual(JSON.parse(first.output.stdout), { type: "object" });
  });

  test("builds nothing when nothing changed, and runs on the Node of the lock file", async () => {
    const second = clone.npm(["start"]);
    const { version } = await started(second);
    assert.equal(version, process.versions.node);
    assert.doesNotMatch(second.output.stderr, /setup:/);
    second.child.kill("SIGTERM");
    await second.exited;
  });

  test("passes arguments on as they are", async () => {
    const running = clone.npm(["start", "--", "--config", "a b", "--data", "$HOME;*"]);
    assert.deepEqual((await started(running)).args, ["--config", "a b", "--data", "$HOME;*"]);
    running.child.kill("SIGTERM");
    await running.exited;
  });

  for (const code of [0, 3, 7])
    test(`ends with the program's exit code ${code}`, async () => {
      assert.equal(await clone.npm(["--silent", "start", "--", "exit", String(code)]).exited, code);
    });

  for (const [signal, code] of [
    ["SIGTERM", 17],
    ["SIGINT", 18],
  ] as const)
    test(`hands ${signal} on to the program and leaves no orphan`, async () => {
      const running = clone.npm(["start"]);
      const { pid } = await started(running);
      running.child.kill(signal);
      assert.equal(await running.exited, code);
      assert.ok(!isAlive(pid));
    });

  test("builds again after a source changed", async () => {
    const source = readFileSync(join(clone.dir, "src/main.ts"), "utf8");
    clone.write("src/main.ts", source.replace('"object"', '"changed"'));
    const running = clone.npm(["--silent", "start", "--", "config", "schema"]);
    assert.equal(await running.exited, 0);
    assert.deepEqual(JSON.parse(running.output.stdout), { type: "changed" });
  });

  test("builds again after the compiler's settings changed", async () => {
    const settings = readFileSync(join(clone.dir, "tsconfig.build.json"), "utf8");
    clone.write("tsconfig.build.json", settings.replace('"sourceMap": true', '"sourceMap": false'));
    const running = clone.npm(["--silent", "start", "--", "exit", "0"]);
    assert.equal(await running.exited, 0);
    assert.match(running.output.stderr, /setup: building/);
  });

  test("twice at once builds once and runs both", async () => {
    touch(clone, "src/main.ts");
    const both = [clone.npm(["start"]), clone.npm(["start"])];
    await Promise.all(both.map(started));
    const builds = both.filter(({ output }) => output.stderr.includes("setup: building"));
    assert.equal(builds.length, 1, both.map(({ output }) => output.stderr).join("\n"));
    for (const { child } of both) child.kill("SIGTERM");
    assert.deepEqual(await Promise.all(both.map(({ exited }) => exited)), [17, 17]);
  });

  test("killed in the middle of a build, the next start builds and runs", async () => {
    touch(clone, "src/main.ts");
    const cut = clone.npm(["start"]);
    await cut.said("stderr", /setup: building/);
    cut.killAll();
    await cut.exited;
    const next = clone.npm(["start"]);
    await started(next);
    assert.match(next.output.stderr, /setup: building/);
    assert.ok(!existsSync(join(clone.dir, ".setup-lock")));
    next.child.kill("SIGTERM");
    await next.exited;
  });

  for (const [what, owner] of [
    ["names a process that is something else by now", String(process.pid)],
    ["names a process that has ended", "2147483646"],
    ["was left empty by a power cut", ""],
  ] as const)
    test(`takes over a lock that ${what}`, async () => {
      touch(clone, "src/main.ts");
      clone.write(".setup-lock", owner);
      const longAgo = new Date(Date.now() - 60_000);
      utimesSync(join(clone.dir, ".setup-lock"), longAgo, longAgo);
      const running = clone.npm(["--silent", "start", "--", "exit", "0"]);
      assert.equal(await running.exited, 0);
      assert.match(running.output.stderr, /setup: building/);
    });

  test("with a source that does not compile says so, ends with 1 and recovers when it is mended", async () => {
    const source = readFileSync(join(clone.dir, "src/main.ts"), "utf8");
    clone.write("src/main.ts", `${source}\nconst wrong: number = "text";\n`);
    const broken = clone.npm(["--silent", "start", "--", "exit", "0"]);
    assert.equal(await broken.exited, 1);
    assert.match(broken.output.stderr, /main\.ts.*TS2322[\s\S]*setup: the build failed/);
    assert.equal(broken.output.stdout, "");
    clone.write("src/main.ts", source);
    assert.equal(await clone.npm(["--silent", "start", "--", "exit", "0"]).exited, 0);
  });

  test("on a Node that is too old says which one is needed and touches nothing", () => {
    const old = 'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "18.19.1" } })';
    const args = ["--import", `data:text/javascript,${encodeURIComponent(old)}`, "tools/setup.mjs"];
    assert.throws(
      () => execFileSync(process.execPath, args, { cwd: clone.dir, stdio: "pipe" }),
      (error: { status: number; stderr: Buffer; stdout: Buffer }) => {
        assert.equal(error.status, 1);
        assert.match(String(error.stderr), /Node 18\.19\.1 is too old: install Node 20 or newer/);
        assert.equal(String(error.stdout), "");
        return true;
      },
    );
  });
});

function touch(clone: Clone, file: string): void {
  clone.write(file, readFileSync(join(clone.dir, file), "utf8"));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

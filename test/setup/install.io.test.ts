import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { until } from "../lab/process.ts";
import { type Clone, makeClone } from "./clone.ts";

/** These install for real, from the registry that npm is set to. */
suite("a fresh clone", { timeout: 180_000 }, () => {
  let clone: Clone;
  before(() => {
    clone = makeClone({ program: "real", installed: false });
  });
  after(() => clone.remove());

  test("survives kill -9 in the middle of the installation", async () => {
    const cut = clone.npm(["start"]);
    await cut.said("stderr", /setup: installing/);
    await until("the first package", 30_000, async () => existsSync(join(clone.dir, "node_modules")) || undefined);
    cut.killAll();
    await cut.exited;
    assert.ok(existsSync(join(clone.dir, ".setup-lock")), "it was killed too late to prove anything");
  });

  test("sets itself up with one command, whatever the user's npm is set to", async () => {
    // Each of these alone would leave out the compiler, or the Node that runs the program.
    const unkind = { npm_config_ignore_scripts: "true", npm_config_omit: "dev", NODE_ENV: "production" };
    const running = clone.npm(["--silent", "start", "--", "config", "schema"], unkind);
    assert.equal(await running.exited, 0, running.output.stderr);
    const schema = JSON.parse(running.output.stdout) as { properties: Record<string, unknown> };
    assert.ok("targets" in schema.properties);
    assert.ok(!existsSync(join(clone.dir, ".setup-lock")));
  });

  test("installs again after the lock file changed, and only then", async () => {
    const lock = readFileSync(join(clone.dir, "package-lock.json"), "utf8");
    clone.write("package-lock.json", `${lock}\n`);
    const changed = clone.npm(["--silent", "start", "--", "config", "schema"]);
    assert.equal(await changed.exited, 0, changed.output.stderr);
    assert.match(changed.output.stderr, /setup: installing/);
    const unchanged = clone.npm(["--silent", "start", "--", "config", "schema"]);
    assert.equal(await unchanged.exited, 0);
    assert.equal(unchanged.output.stderr, "");
  });
});

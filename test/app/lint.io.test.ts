import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { globSync, statSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const rules =
  "{extends: default, rules: {line-length: {max: 200}, document-start: disable, truthy: {check-keys: false}, comments: {min-spaces-from-content: 1}}}";

test("the image's scripts are executable and pass shellcheck", () => {
  const scripts = globSync("ha-addon/rootfs/usr/local/bin/*", { cwd: root });
  assert.ok(scripts.length > 0);
  for (const script of scripts) assert.ok((statSync(`${root}${script}`).mode & 0o111) === 0o111, script);
  assertClean("shellcheck", scripts);
});

test("the app's YAML passes yamllint", () => {
  const files = globSync(["*.yaml", "translations/*.yaml", "ha-addon/**/*.yaml", "blueprints/**/*.yaml"], {
    cwd: root,
  });
  // The example is generated, and another test holds it.
  const own = files.filter((file) => !["netwarden.example.yaml", "netwarden.yaml", "secrets.yaml"].includes(file));
  assert.ok(own.length >= 6);
  assertClean("yamllint", ["--strict", "-d", rules, ...own]);
});

function assertClean(command: string, args: readonly string[]): void {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: root, encoding: "utf8", timeout: 60_000 });
  if (error !== undefined) throw error;
  assert.equal(status, 0, `${stdout}${stderr}`);
}

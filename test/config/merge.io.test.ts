import assert from "node:assert/strict";
import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { ConfigError } from "../../src/config/error.ts";
import { loadConfig } from "../../src/config/load.ts";
import { mergeConfig, mergeIntoFile, patchYaml } from "../../src/config/merge.ts";
import { directory } from "./files.ts";

const router = {
  kind: "routeros" as const,
  name: "MikroTik",
  host: "192.0.2.1",
  username: "api",
  password: "p: # 'x",
  tls: "anonymous" as const,
};
const patch = {
  known: ["11:11:11:11:11:11|pc", "22:22:22:22:22:22|tv"],
  macupd: { enabled: true, port: 2057 },
  evidence: { max_logs: 14 },
  routers: [router],
};
const own = `# my network
site: cabin # by the lake

mqtt:
  url: mqtt://192.0.2.9
  password: !secret broker # not here
known:
  # the one in the kitchen
  - "AA:AA:AA:AA:AA:AA,22:22:22:22:22:22|Telly"
macupd: { enabled: false, host: 192.0.2.5 }
routers: []
`;

test("a patch alone is YAML to paste", () => {
  assert.deepEqual(parse(patchYaml(patch)), patch);
});

test("a patch goes in among what is there: comments, tags and the user's own names stay", () => {
  const { text, kept } = mergeConfig(own, "f", patch);
  for (const line of own.split("\n").slice(0, 9)) assert.ok(text.includes(`${line}\n`), line);
  assert.deepEqual(kept, ["known: 22:22:22:22:22:22 is there already"]);
  const value: unknown = parse(text, { customTags: [{ tag: "!secret", resolve: (name: string) => name }] });
  assert.deepEqual(value, {
    site: "cabin",
    mqtt: { url: "mqtt://192.0.2.9", password: "broker" },
    known: ["AA:AA:AA:AA:AA:AA,22:22:22:22:22:22|Telly", "11:11:11:11:11:11|pc"],
    macupd: { enabled: true, host: "192.0.2.5", port: 2057 },
    evidence: { max_logs: 14 },
    routers: [router],
  });
});

test("the same patch again changes nothing", () => {
  const once = mergeConfig(own, "f", patch);
  assert.equal(mergeConfig(once.text, "f", patch).text, once.text);
});

test("a router of the same name gets a name of its own; one that is there already is not added", () => {
  const twice = mergeConfig(patchYaml(patch), "f", { routers: [router, { ...router, host: "192.0.2.2" }] });
  const { routers } = parse(twice.text) as { readonly routers: readonly { readonly name: string }[] };
  assert.deepEqual(
    routers.map(({ name }) => name),
    ["MikroTik", "MikroTik 2"],
  );
  assert.deepEqual(twice.kept, ["routers: routeros at 192.0.2.1 is there already"]);
});

test("an empty file, and keys with nothing behind them, take the patch", () => {
  for (const text of ["", "# only a comment\n", "known:\nmacupd:\nevidence:\nrouters:\n"])
    assert.deepEqual(parse(mergeConfig(text, "f", patch).text), patch);
  assert.match(mergeConfig("# only a comment\n", "f", patch).text, /# only a comment/);
});

test("a file that can't be added to is refused, and stays", async (t) => {
  const table: readonly (readonly [string, RegExp])[] = [
    ["known: [\n", /^f:\d+:\d+: /],
    ["- a\n", /^f: must be a mapping/],
    ["known: pc\n", /^f: known: must be a list/],
    ["macupd: true\n", /^f: macupd: must be a mapping/],
    ["a: &x []\nknown: *x\n", /^f: known: must be a list/],
  ];
  for (const [text, message] of table)
    assert.throws(
      () => mergeConfig(text, "f", patch),
      (error) => error instanceof ConfigError && message.test(error.message),
      text,
    );
  const root = directory(t, { "n.yaml": "known: pc\n" });
  await assert.rejects(mergeIntoFile(join(root, "n.yaml"), patch), ConfigError);
  assert.equal(readFileSync(join(root, "n.yaml"), "utf8"), "known: pc\n");
  assert.deepEqual(readdirSync(root).toSorted(), ["data", "n.yaml"]);
});

test("the file is written with its mode, behind its link, and what it was is kept", async (t) => {
  const root = directory(t, { "real.yaml": own });
  const file = join(root, "real.yaml");
  chmodSync(file, 0o640);
  symlinkSync("real.yaml", join(root, "netwarden.yaml"));
  const first = await mergeIntoFile(join(root, "netwarden.yaml"), patch);
  assert.equal(first.backup, `${file}.bak`);
  assert.equal(readFileSync(`${file}.bak`, "utf8"), own);
  assert.equal(statSync(file).mode & 0o777, 0o640);
  assert.ok(lstatSync(join(root, "netwarden.yaml")).isSymbolicLink());
  assert.equal((await mergeIntoFile(file, patch)).changed, false);
  const third = await mergeIntoFile(file, { evidence: { max_logs: 3 } });
  assert.equal(third.backup, `${file}.bak2`);
  assert.equal(readdirSync(root).filter((name) => name.startsWith(".")).length, 0);
});

test("a file that is not there is made, for its owner alone, and can be loaded", async (t) => {
  const root = directory(t, {});
  const file = join(root, "netwarden.yaml");
  assert.deepEqual(await mergeIntoFile(file, patch), { kept: [], changed: true });
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const { config } = await loadConfig({ env: {}, cwd: root, dataDir: join(root, "data") });
  assert.deepEqual(config.known, patch.known);
  assert.equal(config.routers[0]?.password, "p: # 'x");
});

test("provider hops are added once, beside entries of either form", () => {
  const text = "isp_targets:\n  # the edge\n  - { name: Edge, host: 198.51.100.1 }\n  - 198.51.100.5\n";
  const hops = { isp_targets: ["198.51.100.1", "198.51.100.5", "198.51.100.9"] };
  const merged = mergeConfig(text, "f", hops);
  assert.equal(merged.text, `${text}  - 198.51.100.9\n`);
  assert.deepEqual(merged.kept, [
    "isp_targets: 198.51.100.1 is there already",
    "isp_targets: 198.51.100.5 is there already",
  ]);
  assert.deepEqual(parse(mergeConfig("site: home\n", "f", hops).text), { site: "home", ...hops });
});

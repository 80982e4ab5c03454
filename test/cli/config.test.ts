import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parse } from "yaml";
import { configCommand } from "../../src/cli/config.ts";
import { ConfigError } from "../../src/config/error.ts";
import type { LoadedConfig } from "../../src/config/load.ts";
import { configSchema } from "../../src/config/schema.ts";

async function run(
  action: Parameters<typeof configCommand>[0],
  load: () => Promise<LoadedConfig> = () => Promise.reject(new Error("not to be read")),
) {
  const out: string[] = [];
  const err: string[] = [];
  const io = { out: (text: string) => void out.push(text), err: (text: string) => void err.push(text), load };
  return { code: await configCommand(action, io), out: out.join(""), err: err.join("") };
}

test("a good configuration is ok, with its warnings beside", async () => {
  const loaded = {
    config: configSchema.parse({}),
    source: "netwarden.yaml",
    warnings: ["look"],
    inApp: false,
    secrets: [],
  };
  assert.deepEqual(await run("validate", () => Promise.resolve(loaded)), {
    code: 0,
    out: "ok: netwarden.yaml (site home, 3 targets, 0 routers)\n",
    err: "warning: look\n",
  });
});

test("a bad configuration prints every issue and exits with 2", async () => {
  const issues = [
    { file: "a.yaml", line: 3, column: 1, path: "web.port", message: "is bad" },
    { file: "a.yaml", line: 2, column: 7, path: "", message: "is worse" },
  ];
  const { code, out, err } = await run("validate", () => Promise.reject(new ConfigError(issues)));
  assert.deepEqual([code, out, err], [2, "", "a.yaml:2:7: is worse\na.yaml:3:1: web.port: is bad\n"]);
});

test("a fault of the program is not taken for a bad configuration", async () => {
  await assert.rejects(() => run("validate"), /not to be read/);
});

test("the JSON Schema describes what a file may hold", async () => {
  const { code, out } = await run("schema");
  const schema = JSON.parse(out);
  assert.equal(code, 0);
  assert.equal(schema.$schema, "https://json-schema.org/draft/2020-12/schema");
  assert.equal(schema.additionalProperties, false);
  assert.equal(schema.required, undefined);
  assert.equal(schema.properties.web.properties.port.default, 8099);
  assert.equal(schema.properties.web.properties.password.writeOnly, true);
  assert.equal(schema.properties.targets.items.anyOf[0].type, "string");
});

test("the example is valid, holds every key at its default, and is the file in the repository", async () => {
  const { code, out } = await run("example");
  assert.equal(code, 0);
  assert.deepEqual(configSchema.parse(parse(out)), configSchema.parse({}));
  assert.deepEqual(Object.keys(parse(out)), Object.keys(configSchema.shape));
  assert.equal(readFileSync(new URL("../../netwarden.example.yaml", import.meta.url), "utf8"), out);
});

test("the commented examples of the example are valid once the # is gone", async () => {
  const { out } = await run("example");
  const lines = out.split("\n").flatMap((line) => {
    if (/^( *)# ([a-z_]+:$| {2}- )/.test(line)) return [line.replace("# ", "")];
    return /: \[\]$/.test(line) ? [] : [line];
  });
  const config = configSchema.parse(parse(lines.join("\n")));
  assert.deepEqual(
    config.routers.map(({ kind }) => kind),
    ["amplifi", "routeros", "ddwrt"],
  );
  assert.deepEqual(
    config.dns.resolvers.map(({ host }) => host),
    ["192.168.1.2", "9.9.9.10"],
  );
});

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { ConfigError } from "../../src/config/error.ts";
import { directory, issuesOf, load } from "./files.ts";

test("an empty field of the app's form means: not set", async (t) => {
  const options = {
    site: "",
    gateway: "",
    dns: { hostname: "" },
    mqtt: { url: "", password: "" },
    targets: [{ name: "", host: "a" }],
  };
  const { config } = await load(directory(t, { "data/options.json": JSON.stringify(options) }));
  assert.deepEqual([config.site, config.gateway, config.dns.hostname], ["home", "auto", "example.com"]);
  assert.equal(config.targets[0]?.name, "a");
});

test("an empty field that must be filled is an issue, with its path in place of a line", async (t) => {
  const options = { routers: [{ kind: "amplifi", name: "A", host: "", password: "" }], web: { prot: 1 }, interval: 0 };
  assert.deepEqual(await issuesOf(directory(t, { "data/options.json": JSON.stringify(options) })), [
    "./data/options.json: interval: must be at least 1",
    "./data/options.json: routers[0].host: must not be empty",
    "./data/options.json: routers[0].password: must not be empty",
    "./data/options.json: web.prot: is not a known key; did you mean port?",
  ]);
});

test("one form for every kind of router: what was left empty is that kind's own, or its default", async (t) => {
  const empty = { username: "", tls: "", fingerprint: "", code_page: "" };
  const of = (kind: string) => ({ kind, name: kind, host: `${kind}.lan`, password: "secret", ...empty });
  const options = { routers: [of("amplifi"), { ...of("routeros"), username: "api" }, of("ddwrt")] };
  const { config } = await load(directory(t, { "data/options.json": JSON.stringify(options) }));
  const common = { password: "secret", fingerprint: "", interval: 10 };
  assert.deepEqual(config.routers, [
    { kind: "amplifi", name: "amplifi", host: "amplifi.lan", tls: "off", ...common },
    {
      kind: "routeros",
      name: "routeros",
      host: "routeros.lan",
      username: "api",
      tls: "verify",
      code_page: "windows-1252",
      ...common,
    },
    { kind: "ddwrt", name: "ddwrt", host: "ddwrt.lan", username: "root", tls: "off", ...common },
  ]);
});

test("what a kind of router needs, or has no use for, is still said of that kind", async (t) => {
  const of = (kind: string, username: string) => ({ kind, name: kind, host: "a", password: "b", username });
  const options = { routers: [of("routeros", ""), of("amplifi", "me"), of("fritz", "")] };
  assert.deepEqual(await issuesOf(directory(t, { "data/options.json": JSON.stringify(options) })), [
    "./data/options.json: routers[0].username: must not be empty",
    "./data/options.json: routers[1].username: is not a key of this kind",
    "./data/options.json: routers[2].kind: must be one of amplifi, routeros, ddwrt",
  ]);
});

test("an empty line of a list in the form is no entry", async (t) => {
  const options = { ignore: ["", "Guest *"], known: ["", ""], macupd: { senders: [""] }, alerts: { command: [] } };
  const { config } = await load(directory(t, { "data/options.json": JSON.stringify(options) }));
  assert.deepEqual([config.ignore, config.known, config.macupd.senders], [["Guest *"], [], []]);
});

test("options that are no JSON are refused without being shown", async (t) => {
  const root = directory(t, { "data/options.json": '{"web": {"password": hunter2}}' });
  assert.deepEqual(await issuesOf(root), ["./data/options.json: is not valid JSON"]);
});

test("any JSON is either a configuration or a ConfigError", async (t) => {
  const root = directory(t, {});
  const keys = fc.constantFrom(
    "targets",
    "host",
    "name",
    "web",
    "port",
    "routers",
    "kind",
    "mqtt",
    "url",
    "dns",
    "__proto__",
    "constructor",
  );
  const scalar = fc.oneof(fc.constantFrom("amplifi", "1.1.1.1", "mqtt://a", "", "auto"), fc.jsonValue({ maxDepth: 1 }));
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      scalar,
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(keys, tie("value"), { maxKeys: 4 }),
    ),
  }));
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(value, async (json) => {
      writeFileSync(join(root, "data/options.json"), JSON.stringify(json) ?? "null");
      await load(root).catch((error: unknown) => {
        refused += 1;
        assert.ok(error instanceof ConfigError, String(error));
        assert.ok(error.issues.length > 0);
      });
    }),
    { numRuns: 300 },
  );
  assert.ok(refused > 100);
});

test("any text is either a configuration or a ConfigError with a place for each issue", async (t) => {
  const root = directory(t, {});
  const piece = fc.constantFrom(
    "targets",
    "site",
    ": ",
    "\n",
    "  ",
    "- ",
    "[",
    "]",
    "{",
    "}",
    "&a ",
    "*a",
    "!secret x",
    "!env X",
    '"',
    "'",
    "#",
    "|",
    ">",
    "? ",
    "%YAML 1.1\n",
    "---\n",
    "<<",
    "!!set",
    "1.1.1.1",
    "null",
    "\t",
    ",",
  );
  const text = fc
    .array(fc.oneof(piece, fc.string({ maxLength: 3 })), { maxLength: 25 })
    .map((pieces) => pieces.join(""));
  await fc.assert(
    fc.asyncProperty(text, async (yaml) => {
      writeFileSync(join(root, "any.yaml"), yaml);
      await load(root, { configFile: "any.yaml" }).catch((error: unknown) => {
        assert.ok(error instanceof ConfigError, String(error));
        for (const { line, column } of error.issues) assert.ok((line ?? 0) >= 1 && (column ?? 0) >= 1, error.message);
      });
    }),
    { numRuns: 500 },
  );
});

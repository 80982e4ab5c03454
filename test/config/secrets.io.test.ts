import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { test } from "node:test";
import { documentedKeys } from "../../src/config/docs.ts";
import { ConfigError } from "../../src/config/error.ts";
import { directory, issuesOf, load } from "./files.ts";

test("!secret and !env give the value as the key wants it, and every secret is known for redaction", async (t) => {
  const root = directory(t, {
    "netwarden.yaml": [
      "web: { host: 0.0.0.0, password: !secret page, port: !env NW_PORT }",
      "mqtt: { url: mqtt://a, username: !secret user, password: !env NW_PASSWORD }",
      "push: { api_key: plain-key }",
      'routers: [{ kind: ddwrt, name: A, host: a, password: "in clear" }]',
      "alerts: { webhook: http://ha.local/api/webhook/abc }",
    ].join("\n"),
    "secrets.yaml": "page: 0123\nuser: someone # who\nother: unused\n",
  });
  const { config, secrets } = await load(root, { env: { NW_PORT: "8100", NW_PASSWORD: "true" } });
  assert.deepEqual(config.web, { host: "0.0.0.0", password: "0123", port: 8100 });
  assert.deepEqual([config.mqtt.username, config.mqtt.password], ["someone", "true"]);
  assert.deepEqual(
    new Set(secrets),
    new Set(["0123", "http://ha.local/api/webhook/abc", "in clear", "plain-key", "someone", "true"]),
  );
});

test("a secret that is missing, not plain, or in a bad file is told once, with its place", async (t) => {
  const yaml = "web: { password: !secret page }\nmqtt: { password: !secret broker }\n";
  const root = directory(t, { "netwarden.yaml": yaml, "secrets.yaml": "page: [a]\n" });
  assert.deepEqual(await issuesOf(root), [
    "netwarden.yaml:1:26: web.password: !secret page: that entry is not a plain value",
    "netwarden.yaml:2:27: mqtt.password: !secret broker: secrets.yaml has no such entry",
  ]);
  const bad = directory(t, { "netwarden.yaml": yaml, "secrets.yaml": 'page: "hunter2\n' });
  assert.deepEqual(await issuesOf(bad), [
    "netwarden.yaml:1:26: web.password: !secret page: secrets.yaml cannot be used",
    "netwarden.yaml:2:27: mqtt.password: !secret broker: secrets.yaml cannot be used",
    "secrets.yaml:1:7: syntax error: a closing quote is missing",
  ]);
});

test("no message shows the value of a key, whichever key it was put at", async (t) => {
  const paths = documentedKeys().map(({ path }) => path.replaceAll("[]", ""));
  for (const value of ["hunter2 \u00a7", ["hunter2 \u00a7"], { port: "hunter2 \u00a7", x: "hunter2 \u00a7" }]) {
    const whole = paths.map((path) => path.split(".").reduceRight<unknown>((inner, key) => ({ [key]: inner }), value));
    let refused = 0;
    const root = directory(t, {});
    for (const [index, config] of whole.entries()) {
      const configFile = `c${index}.yaml`;
      writeFileSync(`${root}/${configFile}`, JSON.stringify(config));
      await load(root, { configFile }).catch((error: unknown) => {
        refused += 1;
        assert.ok(error instanceof ConfigError);
        assert.doesNotMatch(error.message, /hunter2/);
      });
    }
    assert.ok(refused > 60);
  }
});

test("no message shows a secret of a file whose syntax is broken anywhere", async (t) => {
  const good = 'web:\n  password: "hunter2"\nmqtt: { password: hunter2, username: [x, hunter2] }\n';
  const root = directory(t, {});
  const spoiled = ['"', "'", "{", "]", "\t", "@", "%", "`", "|", "*", "!", "\\", "\n- "];
  for (let at = 0; at <= good.length; at += 1) {
    const inside = /^hunter2/.exec(good.slice(Math.max(0, at - 6), at + 7)) !== null;
    for (const text of inside ? [] : spoiled) {
      writeFileSync(`${root}/a.yaml`, good.slice(0, at) + text + good.slice(at));
      await load(root, { configFile: "a.yaml" }).catch((error: unknown) => {
        assert.ok(error instanceof ConfigError, `${at} ${text}`);
        assert.doesNotMatch(error.message, /hunter2/, `${at} ${JSON.stringify(text)}`);
      });
    }
  }
});

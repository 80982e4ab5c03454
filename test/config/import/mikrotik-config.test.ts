import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ConfigError } from "../../../src/config/error.ts";
import { parseMikrotikConfig } from "../../../src/config/import/mikrotik-config.ts";
import { configSchema } from "../../../src/config/schema.ts";

const access = { MIKROTIK_HOST: "192.0.2.1:8729", MIKROTIK_USER: "api", MIKROTIK_PASS: "hunter'2\"" };
const entry = {
  kind: "routeros",
  name: "MikroTik",
  host: "192.0.2.1:8729",
  username: "api",
  password: "hunter'2\"",
  tls: "anonymous",
};

function problemsOf(text: string): readonly string[] {
  try {
    parseMikrotikConfig(text, "f");
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split("\n");
    throw error;
  }
  return [];
}

test("the JSON file becomes a router that is asked by TLS without a certificate", () => {
  const { patch, notes } = parseMikrotikConfig(JSON.stringify({ ...access, LOG_LEVEL: "INFO" }), "info.json");
  assert.deepEqual(patch, { routers: [entry] });
  assert.deepEqual(notes, ["1 other keys of the file have no meaning here"]);
  assert.equal(configSchema.safeParse(patch).success, true);
});

test("so do lines for a shell, with and without quotes", () => {
  const forms = [
    `MIKROTIK_HOST=192.0.2.1:8729\nMIKROTIK_USER=api\nMIKROTIK_PASS="hunter'2\\""\n`,
    `# access\r\nexport MIKROTIK_HOST='192.0.2.1:8729' # here\r\n export MIKROTIK_USER = api # me\r\nMIKROTIK_PASS=hunter'2"\r\n`,
  ];
  for (const text of forms) assert.deepEqual(parseMikrotikConfig(text, "f").patch.routers, [entry], text);
});

test("what is missing or wrong is told by key and line, and never by value", () => {
  assert.deepEqual(problemsOf(`{\n"MIKROTIK_HOST": "http://secret",\n"MIKROTIK_PASS": 123\n}`), [
    "f: MIKROTIK_USER: is missing",
    "f:2:1: MIKROTIK_HOST: the port must be a whole number from 1 to 65535",
    "f:3:1: MIKROTIK_PASS: must be text",
  ]);
  assert.deepEqual(problemsOf(`{\n"MIKROTIK_PASS": "hunter2" "x"\n}`), ["f:2:1: is not valid JSON"]);
  assert.deepEqual(problemsOf(`{\n"MIKROTIK_HOST": "a",\n\n"MIKROTIK_PASS": hunter2\n}\n`), [
    "f:4:1: is not valid JSON",
  ]);
  assert.deepEqual(problemsOf(`{"MIKROTIK_PASS": "hunter2"`), ["f:1:1: is not valid JSON"]);
  assert.equal(problemsOf("").length, 3);
});

test("any text gives an access or the one kind of error, which does not hold the password", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), fc.nat(150), (noise, at) => {
      const good = JSON.stringify({ ...access, MIKROTIK_PASS: "hunter2hunter2" });
      try {
        parseMikrotikConfig(good.slice(0, at) + noise + good.slice(at), "f");
      } catch (error) {
        assert.ok(error instanceof ConfigError);
        assert.doesNotMatch(error.message, /hunter2h/);
      }
    }),
  );
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { readEnvironment } from "../../src/config/environment.ts";
import { applyOverrides } from "../../src/config/overrides.ts";
import { configJsonSchema } from "../../src/config/schema.ts";

const schema = configJsonSchema();
const set = (env: Record<string, string | undefined>) =>
  Object.fromEntries(readEnvironment(env, schema).overrides.map(({ path, value }) => [path.join("."), value]));

test("a variable sets the key that it names, with one underscore or two between the steps", () => {
  assert.deepEqual(
    set({
      NETWARDEN_SITE: "attic",
      NETWARDEN_MQTT__URL: "mqtt://a",
      NETWARDEN_MQTT_USERNAME: "u",
      NETWARDEN_MQTT_PASSWORD: "p",
      NETWARDEN_WEB_PASSWORD: "w",
      NETWARDEN_WEB_PORT: "8100",
      NETWARDEN_PUSH_API_KEY: "k",
      NETWARDEN_LOG_LEVEL: "debug",
      NETWARDEN_TRACE__BASELINE_INTERVAL: "60",
      NETWARDEN_EMBEDDED_BROKER: "false",
      NETWARDEN_HEARTBEAT: "0.5",
    }),
    {
      site: "attic",
      "mqtt.url": "mqtt://a",
      "mqtt.username": "u",
      "mqtt.password": "p",
      "web.password": "w",
      "web.port": 8100,
      "push.api_key": "k",
      log_level: "debug",
      "trace.baseline_interval": 60,
      embedded_broker: false,
      heartbeat: 0.5,
    },
  );
});

test("text stays text where the schema wants text, whatever it looks like", () => {
  assert.deepEqual(set({ NETWARDEN_MQTT_PASSWORD: "0123", NETWARDEN_WEB_PASSWORD: "true" }), {
    "mqtt.password": "0123",
    "web.password": "true",
  });
});

test("a list is given with commas or as JSON", () => {
  assert.deepEqual(
    set({ NETWARDEN_TARGETS: "1.1.1.1, 8.8.8.8", NETWARDEN_ISP_TARGETS: '[{"name":"a","host":"1.2.3.4"}]' }),
    {
      targets: ["1.1.1.1", "8.8.8.8"],
      isp_targets: [{ name: "a", host: "1.2.3.4" }],
    },
  );
});

test("an empty variable sets nothing", () => {
  assert.deepEqual(set({ NETWARDEN_SITE: "", NETWARDEN_MQTT_URL: undefined }), {});
});

test("a variable that is no key is one warning, with a suggestion and without its value", () => {
  const env = {
    NETWARDEN_MQTT_PASWORD: "hunter2",
    NETWARDEN_NONSENSE: "hunter2",
    OTHER: "x",
    NETWARDEN_MQTT: "hunter2",
  };
  assert.deepEqual(readEnvironment(env, schema).warnings, [
    "The environment variable NETWARDEN_MQTT is not known and has no effect",
    "The environment variable NETWARDEN_MQTT_PASWORD is not known and has no effect; did you mean NETWARDEN_MQTT_PASSWORD?",
    "The environment variable NETWARDEN_NONSENSE is not known and has no effect",
  ]);
});

test("no two keys share a variable", () => {
  const { overrides } = readEnvironment({ NETWARDEN_HOST_ENABLED: "true", NETWARDEN_WEB_HOST: "a" }, schema);
  assert.deepEqual(
    overrides.map(({ path }) => path),
    [
      ["host", "enabled"],
      ["web", "host"],
    ],
  );
  const names = new Map<string, string>();
  const look = (node: typeof schema, path: readonly string[]) => {
    if (node.properties === undefined && path.length > 0) {
      assert.equal(names.get(path.join("_")), undefined, path.join("."));
      names.set(path.join("_"), path.join("."));
    }
    for (const [key, child] of Object.entries(node.properties ?? {})) look(child, [...path, key]);
  };
  look(schema, []);
  assert.ok(names.size > 60);
});

test("a variable reaches into an entry of a list that is there, and only there", () => {
  const { overrides } = readEnvironment(
    { NETWARDEN_ROUTERS__0__PASSWORD: "p", NETWARDEN_ROUTERS__1__PASSWORD: "q", NETWARDEN_WEB__PORT: "1" },
    schema,
  );
  const { value, missing } = applyOverrides({ routers: [{ name: "A" }] }, overrides);
  assert.deepEqual(value, { routers: [{ name: "A", password: "p" }], web: { port: 1 } });
  assert.deepEqual(
    missing.map(({ variable }) => variable),
    ["NETWARDEN_ROUTERS__1__PASSWORD"],
  );
});

import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import { wantsEmbeddedBroker } from "../../src/config/load.ts";
import { directory, load } from "./files.ts";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

async function inApp(t: TestContext, options: object, answer: Answer) {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const root = directory(t, { "data/options.json": JSON.stringify(options) });
  const supervisorUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return load(root, { env: { SUPERVISOR_TOKEN: "token-of-the-app" }, supervisorUrl });
}

const json =
  (status: number, value: unknown): Answer =>
  (_, response) => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
  };
const service = {
  addon: "core_mosquitto",
  host: "core-mosquitto",
  port: 1883,
  ssl: false,
  username: "addons",
  password: "geheim",
  protocol: "3.1.1",
};

test("in the app the broker comes from the Supervisor, asked with the app's token", async (t) => {
  const seen: (string | undefined)[] = [];
  const loaded = await inApp(t, {}, (request, response) => {
    seen.push(request.method, request.url, request.headers.authorization);
    json(200, { result: "ok", data: service })(request, response);
  });
  assert.deepEqual(seen, ["GET", "/services/mqtt", "Bearer token-of-the-app"]);
  const { url, username, password } = loaded.config.mqtt;
  assert.deepEqual([url, username, password], ["mqtt://core-mosquitto:1883", "addons", "geheim"]);
  assert.deepEqual([loaded.inApp, loaded.warnings], [true, []]);
  assert.deepEqual(new Set(loaded.secrets), new Set(["geheim", "token-of-the-app"]));
  assert.equal(wantsEmbeddedBroker(loaded.config), false);
});

test("a port that is text, TLS and a missing login are understood", async (t) => {
  const { config } = await inApp(t, {}, json(200, { data: { host: "10.0.0.5", port: "8883", ssl: true } }));
  assert.deepEqual([config.mqtt.url, config.mqtt.username, config.mqtt.password], ["mqtts://10.0.0.5:8883", "", ""]);
});

test("a login of the user's own is kept", async (t) => {
  const { config } = await inApp(t, { mqtt: { username: "me", password: "mine" } }, json(200, { data: service }));
  assert.deepEqual(
    [config.mqtt.url, config.mqtt.username, config.mqtt.password],
    ["mqtt://core-mosquitto:1883", "me", "mine"],
  );
});

test("a broker that the user named is used and the Supervisor is not asked", async (t) => {
  let asked = 0;
  const { config } = await inApp(t, { mqtt: { url: "mqtt://mine:1883" } }, (_, response) => {
    asked += 1;
    response.end();
  });
  assert.deepEqual([config.mqtt.url, asked], ["mqtt://mine:1883", 0]);
});

test("no broker at the Supervisor is a warning that says what to do, and no broker of our own starts", async (t) => {
  const answer = json(400, { result: "error", message: "Service not enabled" });
  const { config, warnings } = await inApp(t, { embedded_broker: true }, answer);
  assert.deepEqual(warnings, [
    "The app has no embedded broker: embedded_broker has no effect",
    "Home Assistant has no MQTT broker: install the Mosquitto broker app or set mqtt.url",
  ]);
  assert.equal(wantsEmbeddedBroker(config), false);
});

const failures: readonly [string, Answer, RegExp][] = [
  [
    "a refusal",
    json(403, { message: "no" }),
    /^The Supervisor refused to name the MQTT broker \(HTTP 403\): set mqtt\.url$/,
  ],
  ["no JSON", (_, response) => void response.end("<html>"), /was not understood/],
  ["another form", json(200, { data: { host: "a b", port: 1883 } }), /was not understood/],
  ["a port out of range", json(200, { data: { host: "a", port: 0 } }), /was not understood/],
  ["an endless answer", (_, response) => flood(response), /was not understood/],
  [
    "a redirect",
    (_, response) => void response.writeHead(302, { location: "http://127.0.0.1:9/" }).end(),
    /was not reached/,
  ],
  ["a connection that breaks", (request) => void request.socket.destroy(), /was not reached/],
  ["silence", () => undefined, /was not reached within 5 s/],
];

for (const [name, answer, expected] of failures) {
  test(`trouble with the Supervisor is a warning: ${name}`, async (t) => {
    const { config, warnings } = await inApp(t, {}, answer);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? "", expected);
    assert.equal(config.mqtt.url, "");
  });
}

/** Writes as long as the other side reads. */
function flood(response: ServerResponse): void {
  const more = () => {
    while (!response.destroyed && response.write("x".repeat(16_384)));
  };
  response.on("drain", more);
  more();
}

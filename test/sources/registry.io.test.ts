import assert from "node:assert/strict";
import { test } from "node:test";
import { configSchema } from "../../src/config/schema.ts";
import { routerSourcesOf } from "../../src/config/sources.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { openSource } from "../../src/sources/registry.ts";
import { startAmplifi } from "../fakes/amplifi/amplifi.ts";
import { startDdwrt } from "../fakes/ddwrt/server.ts";
import { closedPort } from "../fakes/tcp-listeners.ts";

const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const signal = new AbortController().signal;

function openConfigured(router: object) {
  const [source] = routerSourcesOf(configSchema.parse({ routers: [router] }));
  assert.ok(source !== undefined);
  return openSource(source.options, { clock: systemClock, log });
}

test("a router of the configuration is read by the driver of its kind", async () => {
  const [alien, attic] = await Promise.all([startAmplifi({ password: "a" }), startDdwrt({ password: "b" })]);
  const sources = [
    openConfigured({ kind: "amplifi", name: "Alien", host: alien.host, password: "a" }),
    openConfigured({ kind: "ddwrt", name: "Attic", host: attic.host, password: "b" }),
  ];
  try {
    const readings = await Promise.all(sources.map((source) => source.poll(signal)));
    assert.deepEqual(
      readings.map(({ clients }) => clients),
      [[], []],
    );
  } finally {
    await Promise.all([...sources, alien, attic].map((each) => each.close()));
  }
});

for (const router of [
  { kind: "amplifi", password: "a" },
  { kind: "routeros", username: "api", password: "a", tls: "off" },
  { kind: "ddwrt", password: "a" },
]) {
  test(`${router.kind}: a router that is off is an error with its name, and a driver may be closed at any time`, async () => {
    const source = openConfigured({ ...router, name: "Cellar", host: `127.0.0.1:${await closedPort()}` });
    await assert.rejects(source.poll(signal), { name: "SourceError", code: "refused", message: /Cellar/ });
    await source.close();
    await source.close();
  });
}

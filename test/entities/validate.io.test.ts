import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleClient, exampleMesh, exampleRouter, unknownClient, unreadRouter } from "../fakes/example-network.ts";
import { type Message, validateDiscovery } from "../ha/validate.ts";
import { names, published } from "./published.ts";

const discoveryOf = (shown: ReturnType<typeof published>): Message[] =>
  [...shown.topics]
    .filter(([topic]) => names.isOwnDiscovery(topic))
    .map(([topic, { payload }]) => ({ topic, payload: payload() }));

test("Home Assistant's own schemas take every entity of hub, routers, mesh points and clients whole", () => {
  const shown = published(
    {
      routers: [exampleRouter(), unreadRouter({ id: "alien", name: "Alien", kind: "amplifi" })],
      meshPoints: [exampleMesh({ signalPercent: 70 }), exampleMesh({ id: "0a0b0c0d0e10", band: "wired" })],
      devices: [exampleClient(1), unknownClient(2), exampleClient("aabbccddeeff", { name: "Küche 📱" })],
      externalIp: "198.51.100.7",
    },
    "full",
  );
  const messages = discoveryOf(shown);
  assert.equal(messages.length, 1 + 2 + 2 + 3 + 3, "the hub, routers, mesh points, clients and targets");
  assert.deepEqual(validateDiscovery(messages), []);
  const broken = messages.map(({ topic, payload }) => ({ topic, payload: payload.replace("Mbit/s", "Mbps") }));
  assert.notDeepEqual(validateDiscovery(broken), [], "the check itself works");
});

test("ids of all entities of a home differ", () => {
  const shown = published(
    { routers: [exampleRouter()], meshPoints: [exampleMesh()], devices: [exampleClient(1)] },
    "full",
  );
  const all = discoveryOf(shown).flatMap(({ payload }) =>
    Object.values<{ unique_id: string; default_entity_id: string }>(JSON.parse(payload).components),
  );
  assert.equal(new Set(all.map(({ unique_id }) => unique_id)).size, all.length);
  assert.equal(new Set(all.map(({ default_entity_id }) => default_entity_id)).size, all.length);
});

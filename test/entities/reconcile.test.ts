import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { reconcile, withRemovals } from "../../src/entities/reconcile.ts";

const config = "homeassistant/device/netwarden_home_hub/config";
const message = (...keys: string[]) =>
  JSON.stringify({ components: Object.fromEntries(keys.map((key) => [key, { platform: "sensor", unique_id: key }])) });

function apply(held: ReadonlyMap<string, string>, wanted: ReadonlyMap<string, string>): Map<string, string> {
  const after = new Map(held);
  for (const { topic, payload } of reconcile(held, wanted)) {
    if (payload === "") after.delete(topic);
    else after.set(topic, payload);
  }
  return after;
}

const payload = fc.oneof(
  fc.string({ minLength: 1 }),
  fc.uniqueArray(fc.constantFrom("internet", "gateway", "verdict")).map((keys) => message(...keys)),
);
const topics = fc
  .dictionary(fc.constantFrom("a", "b", "c", config), payload)
  .map((entries) => new Map(Object.entries(entries)));

test("whatever a broker holds, two rounds make it hold what is wanted, and a third sends nothing", () => {
  fc.assert(
    fc.property(topics, topics, (held, wanted) => {
      const after = apply(apply(held, wanted), wanted);
      assert.deepEqual(after, wanted);
      assert.deepEqual(reconcile(after, wanted), []);
    }),
  );
});

test("nothing is sent for what is held already", () => {
  const held = new Map([["a", "1"]]);
  assert.deepEqual(reconcile(held, held), []);
});

test("a component that is gone is reduced to its platform, the others stay whole", () => {
  const next = withRemovals(message("internet", "gateway"), message("internet"));
  assert.deepEqual(JSON.parse(next).components, {
    internet: { platform: "sensor", unique_id: "internet" },
    gateway: { platform: "sensor" },
  });
  assert.equal(withRemovals(next, message("internet")), message("internet"), "and is left out the second time");
});

test("what a stranger left under our topic is simply replaced", () => {
  for (const strange of ["", "nonsense", "[]", '{"components":7}', '{"components":{"x":null}}']) {
    assert.equal(withRemovals(strange, message("internet")), message("internet"));
  }
});

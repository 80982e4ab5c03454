import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { eventTypes } from "../../src/entities/event-types.ts";
import { entityIdsIn, freshEntities } from "../app/entities.ts";
import { readRepositoryFile } from "../app/manifest.ts";
import { blueprintPaths, inputsOf, readBlueprint } from "./blueprint.ts";

test("there is a blueprint for the line, for strangers and for who is at home", () => {
  assert.deepEqual(
    blueprintPaths.map((path) => path.split("/").at(-1)),
    ["internet_outage.yaml", "presence.yaml", "unknown_device.yaml"],
  );
});

for (const path of blueprintPaths) {
  suite(path, () => {
    const text = readRepositoryFile(path);
    const blueprint = readBlueprint(path);
    const inputs = inputsOf(blueprint);

    test("works on a fresh installation without a choice: every input has a default, and each entity exists", () => {
      for (const [key, input] of inputs) assert.notEqual(input.default, undefined, key);
      const ids = entityIdsIn(inputs.map(([, input]) => input.default));
      assert.ok(ids.length > 0);
      for (const id of ids) assert.ok(freshEntities.has(id), id);
    });

    test("asks in sections, by name, each with a selector", () => {
      for (const section of Object.values(blueprint.blueprint.input)) assert.ok(section.name.length > 0);
      for (const [key, { name, selector }] of inputs) assert.ok(name.length > 0 && selector !== undefined, key);
    });

    test("uses each of its inputs", () => {
      const used = new Set(text.match(/(?<=!input )\w+/g));
      assert.deepEqual(used, new Set(inputs.map(([key]) => key)));
    });

    test("names the version of Home Assistant that it needs in three parts", () => {
      assert.match(String(blueprint.blueprint.homeassistant.min_version), /^\d+\.\d+\.\d+$/);
    });

    test("sees each of two events within a millisecond, which differ in their attributes alone", () => {
      const onEvents = blueprint.triggers.filter(({ entity_id: id }) => id === "input event");
      assert.equal(onEvents.length > 0, text.includes("event.home_hub_event"));
      for (const trigger of onEvents) {
        const more = Object.keys(trigger).filter((key) => !["trigger", "id", "entity_id"].includes(key));
        assert.deepEqual([trigger.trigger, more], ["state", []]);
      }
    });

    test("names only events that there are", () => {
      const known: ReadonlySet<string> = new Set(eventTypes);
      const asked = [...text.matchAll(/event_type (?:==|in) (\[[^\]]*\]|'\w+')/g)].flatMap(([, list = ""]) =>
        [...list.matchAll(/'(\w+)'/g)].map(([, type = ""]) => type),
      );
      for (const type of asked) assert.ok(known.has(type), type);
      assert.equal(asked.length > 0, text.includes("event.home_hub_event"));
    });
  });
}

import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { parse, type ScalarTag } from "yaml";
import { verdicts } from "../../src/model/diagnosis/verdicts.ts";
import { entityIdsIn, freshEntities } from "../app/entities.ts";
import { readRepositoryFile } from "../app/manifest.ts";

interface Trigger {
  readonly trigger: string;
  readonly from?: string;
  readonly to?: string;
}

interface Section {
  readonly input: Readonly<Record<string, { readonly name: string; readonly default: unknown }>>;
}

interface Automation {
  readonly blueprint: {
    readonly homeassistant: { readonly min_version: unknown };
    readonly input: Readonly<Record<string, Section>>;
  };
  readonly triggers: readonly Trigger[];
}

const inputTag: ScalarTag = { tag: "!input", resolve: (name) => `input ${name}` };
const text = readRepositoryFile("blueprints/automation/netwarden/internet_outage.yaml");
const automation = parse(text, { customTags: [inputTag] }) as Automation;
const inputs = Object.values(automation.blueprint.input).flatMap(({ input }) => Object.entries(input));

suite("the outage blueprint", () => {
  test("fires only between working and not working, never from or to unavailable", () => {
    assert.deepEqual(
      automation.triggers.map(({ trigger, from, to }) => [trigger, from, to]),
      [
        ["state", "on", "off"],
        ["state", "off", "on"],
      ],
    );
  });

  test("works on a fresh installation without a choice: every input has a default, and each entity exists", () => {
    for (const [key, input] of inputs) assert.notEqual(input.default, undefined, key);
    const ids = entityIdsIn(inputs.map(([, input]) => input.default));
    assert.equal(ids.length, 3);
    for (const id of ids) assert.ok(freshEntities.has(id), id);
  });

  test("uses each of its inputs", () => {
    const used = new Set(text.match(/(?<=!input )\w+/g));
    assert.deepEqual(used, new Set(inputs.map(([key]) => key)));
  });

  test("has words for everybody who can be at fault in an outage", () => {
    const blames = new Set(
      Object.values(verdicts).flatMap((verdict) => (verdict.severity === "outage" ? [verdict.blame] : [])),
    );
    for (const blame of blames) assert.match(text, new RegExp(`^ +'${blame}': '`, "m"), blame);
  });

  test("names the version of Home Assistant that it needs in three parts", () => {
    assert.match(String(automation.blueprint.homeassistant.min_version), /^\d+\.\d+\.\d+$/);
  });
});

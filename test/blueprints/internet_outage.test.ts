import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { verdicts } from "../../src/model/diagnosis/verdicts.ts";
import { readRepositoryFile } from "../app/manifest.ts";
import { readBlueprint } from "./blueprint.ts";

const path = "blueprints/automation/netwarden/internet_outage.yaml";
const text = readRepositoryFile(path);
const automation = readBlueprint(path);

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

  test("has words for everybody who can be at fault in an outage", () => {
    const blames = new Set(
      Object.values(verdicts).flatMap((verdict) => (verdict.severity === "outage" ? [verdict.blame] : [])),
    );
    for (const blame of blames) assert.match(text, new RegExp(`^ +'${blame}': '`, "m"), blame);
  });
});

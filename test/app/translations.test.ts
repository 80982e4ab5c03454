import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { suite, test } from "node:test";
import { z } from "zod";
import { type Kind, manifest, readYaml } from "./manifest.ts";

interface Words {
  readonly name: string;
  readonly description: string;
  readonly fields?: Readonly<Record<string, Words>> | undefined;
}

const words: z.ZodType<Words> = z.lazy(() =>
  z.strictObject({
    name: z.string().min(1).max(60),
    description: z.string().min(1).max(250),
    fields: z.record(z.string(), words).optional(),
  }),
);
const translation = z.strictObject({ configuration: z.record(z.string(), words) });
const languages = readdirSync(new URL("../../translations/", import.meta.url)).sort();

suite("the translations of the options", () => {
  test("are there in English and German", () => {
    assert.deepEqual(languages, ["de.yaml", "en.yaml"]);
  });

  for (const file of languages) {
    test(`${file} has a name and a description for every option, in the manifest's order, and for nothing else`, () => {
      const { configuration } = translation.parse(readYaml(`translations/${file}`));
      assert.deepEqual(namesOf(configuration), keysOf(manifest.schema));
    });
  }
});

/** Every option with its fields: `mqtt`, `mqtt.url`. */
function keysOf(schema: Readonly<Record<string, Kind>>): readonly string[] {
  return Object.entries(schema).flatMap(([key, kind]) => {
    const inner: Kind = Array.isArray(kind) ? (kind[0] as Kind) : kind;
    if (typeof inner === "string") return [key];
    return [key, ...keysOf(inner as Readonly<Record<string, Kind>>).map((field) => `${key}.${field}`)];
  });
}

function namesOf(configuration: Readonly<Record<string, Words>>): readonly string[] {
  return Object.entries(configuration).flatMap(([key, { fields = {} }]) => [
    key,
    ...namesOf(fields).map((field) => `${key}.${field}`),
  ]);
}

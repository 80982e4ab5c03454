import { readdirSync } from "node:fs";
import { parse, type ScalarTag } from "yaml";
import { readRepositoryFile } from "../app/manifest.ts";

const folder = "blueprints/automation/netwarden";

/** What the tests read of a blueprint. */
export interface Blueprint {
  readonly blueprint: {
    readonly name: string;
    readonly description: string;
    readonly domain: string;
    readonly homeassistant: { readonly min_version: unknown };
    readonly input: Readonly<Record<string, Section>>;
  };
  readonly triggers: readonly Trigger[];
}

interface Section {
  readonly name: string;
  readonly input: Readonly<Record<string, Input>>;
}

interface Input {
  readonly name: string;
  readonly default: unknown;
  readonly selector: unknown;
}

interface Trigger {
  readonly trigger: string;
  readonly entity_id?: string;
  readonly from?: string;
  readonly to?: string;
}

/** The files of all blueprints, as Home Assistant's configuration folder names them. */
export const blueprintPaths: readonly string[] = readdirSync(new URL(`../../${folder}`, import.meta.url))
  .sort()
  .map((file) => `${folder}/${file}`);

const inputTag: ScalarTag = { tag: "!input", resolve: (name) => `input ${name}` };

/** A blueprint as plain data; `!input x` becomes the text "input x". */
export function readBlueprint(path: string): Blueprint {
  return parse(readRepositoryFile(path), { customTags: [inputTag] }) as Blueprint;
}

/** The inputs of all sections. */
export function inputsOf({ blueprint }: Blueprint): readonly (readonly [string, Input])[] {
  return Object.values(blueprint.input).flatMap(({ input }) => Object.entries(input));
}

import { dirname, join, resolve } from "node:path";
import { ConfigError, type ConfigIssue } from "./error.ts";
import { readText } from "./files.ts";
import type { KeyPath } from "./keys.ts";
import { type Environment, lookupIn, readSecrets } from "./references.ts";
import type { SchemaNode } from "./schema.ts";
import { readTree } from "./tree.ts";
import { withoutUnset } from "./unset.ts";
import { type Position, parseYaml } from "./yaml.ts";

/** A configuration as it stands in its file, not checked yet. */
export interface RawConfig {
  readonly value: unknown;
  /** The file as messages name it. */
  readonly file: string;
  readonly issues: readonly ConfigIssue[];
  /** Paths whose values could not be had, for a reason that is among `issues`. */
  readonly failed: readonly KeyPath[];
  /** What the file's `!secret` stood for. */
  readonly secrets: readonly string[];
  /** The first line from which on the file's syntax is broken. */
  readonly brokenFrom?: number;
  positionOf(path: KeyPath, at: "key" | "value"): Position | undefined;
}

/** Where to look for the configuration. */
export interface ConfigPlaces {
  readonly env: Environment;
  /** The working directory, for relative names and `netwarden.yaml`. */
  readonly cwd: string;
  readonly dataDir: string;
  /** Given by the user: it must be there. */
  readonly configFile?: string;
}

/** The file that the user named, or the app's options, or `netwarden.yaml` in the working directory, or nothing: the defaults. */
export async function readConfig(places: ConfigPlaces, schema: SchemaNode): Promise<RawConfig> {
  const { configFile, cwd, dataDir, env } = places;
  if (configFile !== undefined) {
    const text = await readText(resolve(cwd, configFile), configFile);
    if (text === undefined) throw new ConfigError([{ file: configFile, path: "", message: "there is no such file" }]);
    return fromYaml({ text, file: configFile, cwd, env }, schema);
  }
  const optionsFile = join(dataDir, "options.json");
  const options = await readText(resolve(cwd, optionsFile), optionsFile);
  if (options !== undefined) return fromOptions(options, optionsFile, schema);
  const file = "netwarden.yaml";
  const text = await readText(resolve(cwd, file), file);
  if (text !== undefined) return fromYaml({ text, file, cwd, env }, schema);
  return { ...nothingWrong, value: {}, file: "the defaults" };
}

interface YamlSource {
  readonly text: string;
  readonly file: string;
  readonly cwd: string;
  readonly env: Environment;
}

const nothingWrong = { issues: [], failed: [], secrets: [], positionOf: () => undefined };

async function fromYaml({ text, file, cwd, env }: YamlSource, schema: SchemaNode): Promise<RawConfig> {
  const yaml = parseYaml(text, file);
  const secretsFile = join(dirname(file), "secrets.yaml");
  const secretsText = text.includes("!secret") ? await readText(resolve(cwd, secretsFile), secretsFile) : undefined;
  const secrets = readSecrets(secretsFile, secretsText);
  const used: string[] = [];
  const lookup = lookupIn({ secrets, env }, (secret) => used.push(secret));
  const tree = readTree(file, yaml, { schema, lookup });
  return {
    value: withoutUnset(tree.value, [schema], "keeps"),
    file,
    issues: [...yaml.issues, ...tree.issues, ...secrets.issues],
    failed: tree.failed,
    secrets: used,
    positionOf: tree.positionOf,
    ...(yaml.brokenFrom === undefined ? {} : { brokenFrom: yaml.brokenFrom }),
  };
}

/** The options of the Home Assistant app. They come out of a form: an empty field means "not set". */
function fromOptions(text: string, file: string, schema: SchemaNode): RawConfig {
  try {
    const value: unknown = JSON.parse(text);
    return { ...nothingWrong, value: withoutUnset(value, [schema], "unsets"), file };
  } catch {
    // The parser's own message quotes the text, secrets included.
    throw new ConfigError([{ file, path: "", message: "is not valid JSON" }]);
  }
}

import { type Override, readEnvironment } from "./environment.ts";
import { ConfigError, type ConfigIssue } from "./error.ts";
import { type KeyPath, pathText } from "./keys.ts";
import { messageOf, type Problem, problemsOf, requiredMessage } from "./messages.ts";
import { applyOverrides } from "./overrides.ts";
import { type ConfigPlaces, type RawConfig, readConfig } from "./raw.ts";
import { type Config, configJsonSchema, configSchema, type SchemaNode } from "./schema.ts";
import { secretsOf } from "./secrets.ts";
import { askSupervisorForMqtt } from "./supervisor.ts";

/** Where to look for the configuration. */
export interface LoadOptions extends ConfigPlaces {
  /** Where the Supervisor is, in place of its own address. */
  readonly supervisorUrl?: string;
}

/** The configuration, and what else is known once it is read. */
export interface LoadedConfig {
  readonly config: Config;
  /** Where it came from, for people. */
  readonly source: string;
  readonly warnings: readonly string[];
  /** True within the Home Assistant app. */
  readonly inApp: boolean;
  /** Every secret value, to be kept out of logs. */
  readonly secrets: readonly string[];
}

/** Reads and checks the configuration; throws `ConfigError` with all that is wrong. */
export async function loadConfig(options: LoadOptions): Promise<LoadedConfig> {
  const schema = configJsonSchema();
  const raw = await readConfig(options, schema);
  const { overrides, warnings } = readEnvironment(options.env, schema);
  const checked = check({ raw, overrides, schema });
  const token = options.env["SUPERVISOR_TOKEN"] ?? "";
  const settled =
    token === "" ? { config: checked, warnings: [] } : await settleInApp(checked, token, options.supervisorUrl);
  const secrets = [...raw.secrets, ...secretsOf(settled.config, [schema]), token].filter((secret) => secret !== "");
  return {
    config: settled.config,
    source: [raw.file, ...overrides.map(({ variable }) => variable)].join(", "),
    warnings: [...warnings, ...settled.warnings],
    inApp: token !== "",
    secrets: [...new Set(secrets)],
  };
}

/** True where the configuration asks for a broker of our own. */
export function wantsEmbeddedBroker(config: Config): boolean {
  return config.embedded_broker === true || (config.embedded_broker === "auto" && config.mqtt.url === "");
}

interface Unchecked {
  readonly raw: RawConfig;
  readonly overrides: readonly Override[];
  readonly schema: SchemaNode;
}

function check({ raw, overrides, schema }: Unchecked): Config {
  const { value, missing } = applyOverrides(raw.value, overrides);
  const parsed = configSchema.safeParse(value, { error: messageOf });
  const problems = parsed.success ? [] : problemsOf(parsed.error.issues, schema);
  const issues = [
    ...raw.issues,
    ...missing.map(notThere),
    ...problems.filter((problem) => !isKnownLoss(problem, raw)).flatMap((problem) => issueOf(problem, raw, overrides)),
  ];
  if (issues.length > 0 || !parsed.success) throw new ConfigError(issues);
  return parsed.data;
}

/** True for what only follows from a value that could not be had; an unknown key is news all the same. */
function isKnownLoss({ path, at }: Problem, raw: RawConfig): boolean {
  return raw.failed.some((lost) => isWithin(path, lost) && (at === "value" || path.length > lost.length));
}

function issueOf(
  { path, at, message }: Problem,
  raw: RawConfig,
  overrides: readonly Override[],
): readonly ConfigIssue[] {
  const override = overrides.find((candidate) => isWithin(path, candidate.path));
  if (override !== undefined) return [{ file: placeOf(override), path: pathText(path), message }];
  const position = raw.positionOf(path, at);
  const isGuess =
    raw.brokenFrom !== undefined &&
    (position === undefined || position.line >= raw.brokenFrom || message === requiredMessage);
  return isGuess ? [] : [{ file: raw.file, path: pathText(path), message, ...position }];
}

function notThere(override: Override): ConfigIssue {
  return {
    file: placeOf(override),
    path: pathText(override.path),
    message: "there is no such entry in the configuration",
  };
}

function placeOf({ variable }: Override): string {
  return `environment variable ${variable}`;
}

function isWithin(path: KeyPath, outer: KeyPath): boolean {
  return outer.every((step, index) => path[index] === step);
}

/** The broker comes from the Supervisor where the user named none; our own would not survive a restart of the app. */
async function settleInApp(config: Config, token: string, supervisorUrl: string | undefined) {
  const own = { ...config, embedded_broker: false };
  const warnings =
    config.embedded_broker === true ? ["The app has no embedded broker: embedded_broker has no effect"] : [];
  if (config.mqtt.url !== "") return { config: own, warnings };
  const found = await askSupervisorForMqtt(token, supervisorUrl);
  if (!found.ok) return { config: own, warnings: [...warnings, found.problem] };
  const { url, username, password } = found;
  // A user name of the user's own goes with a password of the user's own.
  const login = config.mqtt.username === "" ? { username, password } : {};
  return { config: { ...own, mqtt: { ...config.mqtt, url, ...login } }, warnings };
}

import { alternatives, fromText, type KeyPath, printable } from "./keys.ts";
import type { Environment } from "./references.ts";
import type { SchemaNode } from "./schema.ts";
import { closest } from "./suggest.ts";

const prefix = "NETWARDEN_";
/** Variables of that prefix that are not keys of the configuration. */
const others: readonly string[] = ["NETWARDEN_CONFIG", "NETWARDEN_DATA"];

/** What the environment sets. */
export interface Override {
  readonly variable: string;
  readonly path: KeyPath;
  readonly value: unknown;
}

/** Reads `NETWARDEN_MQTT__URL` or `NETWARDEN_MQTT_URL` as `mqtt.url`, `NETWARDEN_ROUTERS__0__PASSWORD` as `routers[0].password`. */
export function readEnvironment(env: Environment, schema: SchemaNode) {
  const leaves = leavesOf(schema, []);
  const byName = new Map(leaves.flatMap((leaf) => namesOf(leaf.path).map((name) => [name, leaf] as const)));
  const overrides: Override[] = [];
  const warnings: string[] = [];
  for (const [variable, text] of Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!variable.startsWith(prefix) || others.includes(variable)) continue;
    const { name, places } = withoutPlaces(variable.slice(prefix.length));
    const leaf = byName.get(name);
    if (leaf === undefined || leaf.path.filter((step) => step === 0).length !== places.length) {
      const near = closest(
        name,
        [...byName.keys()].map((known) => known.toLowerCase()),
      );
      const hint = near === undefined ? "" : `; did you mean ${prefix}${near.toUpperCase()}?`;
      warnings.push(`The environment variable ${printable(variable)} is not known and has no effect${hint}`);
    } else if (text !== undefined && text !== "") {
      overrides.push({ variable, path: numbered(leaf.path, places), value: overrideValue(leaf.node, text) });
    }
  }
  return { overrides, warnings };
}

interface Leaf {
  /** 0 stands for any place in a list. */
  readonly path: KeyPath;
  readonly node: SchemaNode;
}

function leavesOf(node: SchemaNode, path: KeyPath): readonly Leaf[] {
  const inner = alternatives(node).flatMap(({ properties, items }) => [
    ...Object.entries(properties ?? {}).flatMap(([key, child]) => leavesOf(child, [...path, key])),
    ...(items === undefined
      ? []
      : alternatives(items).some((item) => item.properties !== undefined)
        ? leavesOf(items, [...path, 0])
        : []),
  ]);
  const isSection = alternatives(node).some((branch) => branch.properties !== undefined);
  return isSection ? inner : [{ path, node }, ...inner];
}

function namesOf(path: KeyPath): readonly string[] {
  const steps = path.map((step) => (typeof step === "number" ? "#" : step.toUpperCase()));
  // One underscore is ambiguous beside a place in a list.
  return path.includes(0) ? [steps.join("__")] : [steps.join("__"), steps.join("_")];
}

function withoutPlaces(name: string) {
  const steps = name.split("__");
  const isPlace = (step: string) => /^\d{1,4}$/.test(step);
  return {
    name: steps.map((step) => (isPlace(step) ? "#" : step)).join("__"),
    places: steps.filter(isPlace).map(Number),
  };
}

function numbered(path: KeyPath, places: readonly number[]): KeyPath {
  const left = [...places];
  return path.map((step) => (step === 0 ? (left.shift() ?? 0) : step));
}

function overrideValue(node: SchemaNode, text: string): unknown {
  if (!alternatives(node).some(({ type }) => type === "array")) return fromText([node], text);
  if (text.trimStart().startsWith("[")) return listOf(text);
  return text
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
}

/** Text that is not JSON stays text, for validation to complain about. */
function listOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

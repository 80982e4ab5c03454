import type { SchemaNode } from "./schema.ts";

/** Where a value is: keys of mappings and, from 0, places in lists. */
export type KeyPath = readonly (string | number)[];

/** The nodes that may hold at `path`: several where the schema allows alternatives, none where it knows no such key. */
export function schemaAt(root: SchemaNode, path: KeyPath): readonly SchemaNode[] {
  return path.reduce<readonly SchemaNode[]>((nodes, step) => childrenOf(nodes, step), [root]);
}

/** The nodes that may hold one step below `nodes`. */
export function childrenOf(nodes: readonly SchemaNode[], step: string | number): readonly SchemaNode[] {
  return nodes.flatMap(alternatives).flatMap(({ items, properties }) => {
    if (typeof step === "number") return items === undefined ? [] : [items];
    const child = properties !== undefined && Object.hasOwn(properties, step) ? properties[step] : undefined;
    return child === undefined ? [] : [child];
  });
}

/** The keys of the mapping described by `nodes`. */
export function keysOf(nodes: readonly SchemaNode[]): readonly string[] {
  return nodes.flatMap(alternatives).flatMap((node) => Object.keys(node.properties ?? {}));
}

/** A node and the alternatives within it. */
export function alternatives(node: SchemaNode): readonly SchemaNode[] {
  return [node, ...[...(node.anyOf ?? []), ...(node.oneOf ?? [])].flatMap(alternatives)];
}

/** True where a mapping described by `nodes` cannot do without `key`. */
export function isRequired(nodes: readonly SchemaNode[], key: string): boolean {
  return nodes.flatMap(alternatives).some((node) => node.required?.includes(key) === true);
}

/**
 * Text from the environment or a file of secrets as the value that the schema wants there: a number, true or false, a
 * list. Text that is no such thing stays text, for validation to complain about.
 */
export function fromText(nodes: readonly SchemaNode[], value: string): string | number | boolean {
  const types = new Set(nodes.flatMap(alternatives).map((node) => node.type));
  if (types.has("boolean") && /^(true|false)$/.test(value)) return value === "true";
  const numeric = (types.has("number") || types.has("integer")) && /^-?\d{1,15}(\.\d{1,15})?$/.test(value);
  return numeric ? Number(value) : value;
}

/** `targets[1].host`, made safe to print: of `password:hunter2`, a key where a space was forgotten, only `password…`. */
export function pathText(path: KeyPath): string {
  const steps = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${keyText(step)}`));
  return steps.join("").replace(/^\./, "");
}

/** Text of unknown origin for a message: one line, no control characters, not long. */
export function printable(text: string): string {
  const clean = text.replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, "?");
  return clean.length > 60 ? `${clean.slice(0, 60)}…` : clean;
}

function keyText(key: string): string {
  const start = /^[A-Za-z0-9_-]{0,40}/.exec(key)?.[0] ?? "";
  return start === key ? key : `${start}…`;
}

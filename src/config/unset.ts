import { alternatives, childrenOf, isRequired, keysOf } from "./keys.ts";
import type { SchemaNode } from "./schema.ts";

/**
 * A copy of `value` without the keys that were left empty (`mqtt:` with nothing behind it), so that their defaults hold.
 * `emptyText`: `""` counts as empty too, where a key can be left out, and as an entry of a list: a form has no other way to
 * say so.
 */
export function withoutUnset(value: unknown, nodes: readonly SchemaNode[], emptyText: "keeps" | "unsets"): unknown {
  if (Array.isArray(value)) {
    const items = childrenOf(nodes, 0);
    const kept = emptyText === "unsets" ? value.filter((entry) => entry !== "") : value;
    return kept.map((entry: unknown) => withoutUnset(entry, items, emptyText));
  }
  if (typeof value !== "object" || value === null) return value;
  // A form asks for every kind's keys at once: an empty one of another kind is none of this one's.
  const known = new Set(keysOf(nodes));
  const own = kindOf(value, nodes);
  const isUnset = (key: string, inner: unknown) =>
    known.has(key) && (inner === null || (inner === "" && emptyText === "unsets" && !isRequired(own, key)));
  const kept = Object.entries(value).filter(([key, inner]) => !isUnset(key, inner));
  return Object.fromEntries(
    kept.map(([key, inner]: [string, unknown]) => [key, withoutUnset(inner, childrenOf(own, key), emptyText)]),
  );
}

/** Of alternatives that a constant tells apart (`kind: amplifi`), those that `value` can be; all of them when it is none. */
function kindOf(value: object, nodes: readonly SchemaNode[]): readonly SchemaNode[] {
  const all = nodes.flatMap(alternatives).map(({ anyOf: _any, oneOf: _one, ...node }) => node);
  const isOther = ({ properties = {} }: SchemaNode) =>
    Object.entries(properties).some(([key, { const: only }]) => only !== undefined && Reflect.get(value, key) !== only);
  const fitting = all.filter((node) => node.properties !== undefined && !isOther(node));
  return fitting.length > 0 ? fitting : all;
}

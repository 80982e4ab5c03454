import { childrenOf, isRequired, keysOf } from "./keys.ts";
import type { SchemaNode } from "./schema.ts";

/**
 * A copy of `value` without the keys that were left empty (`mqtt:` with nothing behind it), so that their defaults hold.
 * `emptyText`: `""` counts as empty too, where a key can be left out: a form has no other way to say so.
 */
export function withoutUnset(value: unknown, nodes: readonly SchemaNode[], emptyText: "keeps" | "unsets"): unknown {
  if (Array.isArray(value)) {
    const items = childrenOf(nodes, 0);
    return value.map((entry: unknown) => withoutUnset(entry, items, emptyText));
  }
  if (typeof value !== "object" || value === null) return value;
  const known = new Set(keysOf(nodes));
  const isUnset = (key: string, inner: unknown) =>
    known.has(key) && (inner === null || (inner === "" && emptyText === "unsets" && !isRequired(nodes, key)));
  const kept = Object.entries(value).filter(([key, inner]) => !isUnset(key, inner));
  return Object.fromEntries(
    kept.map(([key, inner]: [string, unknown]) => [key, withoutUnset(inner, childrenOf(nodes, key), emptyText)]),
  );
}

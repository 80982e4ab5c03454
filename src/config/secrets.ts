import { alternatives, childrenOf } from "./keys.ts";
import type { SchemaNode } from "./schema.ts";

/** The values of all keys that the schema marks as secret, wherever they stand below `nodes`. */
export function secretsOf(value: unknown, nodes: readonly SchemaNode[]): readonly string[] {
  if (typeof value === "string") return isSecret(nodes) && value !== "" ? [value] : [];
  if (Array.isArray(value)) {
    const items = childrenOf(nodes, 0);
    return value.flatMap((entry: unknown) => secretsOf(entry, items));
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => secretsOf(inner, childrenOf(nodes, key)));
}

function isSecret(nodes: readonly SchemaNode[]): boolean {
  return nodes.flatMap(alternatives).some((node) => node.writeOnly === true);
}

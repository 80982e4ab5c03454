import { isAlias, isMap, isScalar, isSeq, type Scalar, type YAMLMap } from "yaml";
import type { ConfigIssue } from "./error.ts";
import { fromText, type KeyPath, pathText, schemaAt } from "./keys.ts";
import type { SchemaNode } from "./schema.ts";
import type { Position, YamlFile } from "./yaml.ts";

/** Looks up what a tag refers to: the text, or why there is none. */
export type Lookup = (
  tag: "!secret" | "!env",
  name: string,
) => { readonly text: string } | { readonly problem: string };

/** The plain values of a file, and where each was. */
export interface Tree {
  readonly value: unknown;
  readonly issues: readonly ConfigIssue[];
  /** Paths whose values could not be had: what validation says of them is no news. */
  readonly failed: readonly KeyPath[];
  /** Where the value at a path is, or else what holds it. */
  positionOf(path: KeyPath, at: "key" | "value"): Position | undefined;
}

const deepest = 32;
/** Most nodes that aliases may add to a file: a few lines of them can stand for billions. */
const mostAliased = 10_000;

interface Reader {
  readonly file: string;
  readonly yaml: YamlFile;
  readonly given: { readonly schema: SchemaNode; readonly lookup: Lookup };
  readonly issues: ConfigIssue[];
  readonly failed: KeyPath[];
  readonly places: Map<string, Position>;
  /** By name; filled once the node is read, so that an alias within its own anchor finds none. */
  readonly anchors: Map<string, unknown>;
  aliasDepth: number;
  aliased: number;
}

/** What a file says, with its tags resolved. */
export function readTree(file: string, yaml: YamlFile, given: Reader["given"]): Tree {
  const start = { issues: [], failed: [], places: new Map(), anchors: new Map(), aliasDepth: 0, aliased: 0 };
  const reader: Reader = { file, yaml, given, ...start };
  const value = read(reader, yaml.document?.contents, []) ?? {};
  return {
    value,
    issues: reader.issues,
    failed: reader.failed,
    positionOf: (path, at) => positionOf(reader, path, at),
  };
}

function read(reader: Reader, node: unknown, path: KeyPath): unknown {
  if (reader.aliasDepth > 0) reader.aliased += 1;
  if (reader.aliased > mostAliased) {
    return reader.aliased === mostAliased + 1
      ? fail(reader, path, "the aliases stand for too many values")
      : lose(reader, path);
  }
  if (path.length > deepest) return fail(reader, path, "is nested too deeply");
  place(reader, node, placeKey(path, "value"));
  if (isAlias(node)) return readAlias(reader, node.source, path);
  const value = readPlain(reader, node, path);
  if ((isMap(node) || isSeq(node) || isScalar(node)) && node.anchor !== undefined)
    reader.anchors.set(node.anchor, node);
  return value;
}

function readPlain(reader: Reader, node: unknown, path: KeyPath): unknown {
  if (isMap(node)) return readMap(reader, node, path);
  if (isSeq(node)) return node.items.map((item, index) => read(reader, item, [...path, index]));
  return isScalar(node) ? readScalar(reader, node, path) : null;
}

function readAlias(reader: Reader, name: string, path: KeyPath): unknown {
  if (!reader.anchors.has(name)) return fail(reader, path, "is an alias of nothing that stands before it");
  reader.aliasDepth += 1;
  const value = read(reader, reader.anchors.get(name), path);
  reader.aliasDepth -= 1;
  return value;
}

function readMap(reader: Reader, node: YAMLMap, path: KeyPath): unknown {
  const entries = new Map<string, unknown>();
  for (const pair of node.items) {
    if (!isScalar(pair.key)) continue;
    const key = String(pair.key.value ?? "");
    const inner = [...path, key];
    if (entries.has(key)) {
      const at = positionOfNode(reader, pair.key);
      const first = reader.places.get(placeKey(inner, "key"));
      reader.issues.push({
        file: reader.file,
        path: pathText(inner),
        message: `is there twice, first in line ${first?.line ?? 1}`,
        ...at,
      });
      continue;
    }
    place(reader, pair.key, placeKey(inner, "key"));
    entries.set(key, read(reader, pair.value, inner));
  }
  return Object.fromEntries(entries);
}

function readScalar(reader: Reader, node: Scalar, path: KeyPath): unknown {
  if (node.tag !== "!secret" && node.tag !== "!env") return node.value;
  const found = reader.given.lookup(node.tag, String(node.value ?? ""));
  return "text" in found
    ? fromText(schemaAt(reader.given.schema, path), found.text)
    : fail(reader, path, found.problem);
}

function fail(reader: Reader, path: KeyPath, message: string): undefined {
  reader.issues.push({
    file: reader.file,
    path: pathText(path.slice(0, deepest / 4)),
    message,
    ...positionOf(reader, path, "value"),
  });
  return lose(reader, path);
}

function lose(reader: Reader, path: KeyPath): undefined {
  reader.failed.push(path);
  return undefined;
}

function place(reader: Reader, node: unknown, key: string): void {
  const position = positionOfNode(reader, node);
  if (position !== undefined) reader.places.set(key, position);
}

function positionOfNode(reader: Reader, node: unknown): Position | undefined {
  const known = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node);
  return known && Array.isArray(node.range) ? reader.yaml.positionOf(node.range[0]) : undefined;
}

function positionOf(reader: Reader, path: KeyPath, at: "key" | "value"): Position | undefined {
  const found = reader.places.get(placeKey(path, at)) ?? reader.places.get(placeKey(path, "key"));
  return found ?? (path.length === 0 ? undefined : positionOf(reader, path.slice(0, -1), at));
}

function placeKey(path: KeyPath, at: "key" | "value"): string {
  return `${at} ${JSON.stringify(path)}`;
}

import { alternatives, isRequired } from "./keys.ts";
import { configJsonSchema, type SchemaNode } from "./schema.ts";

/** One key of the configuration, for people. */
export interface DocumentedKey {
  /** `targets[].host` */
  readonly path: string;
  /** The default as JSON in Markdown; `required` or `–` where there is none. */
  readonly default: string;
  readonly meaning: string;
}

/** A Markdown table of all keys: key, default, meaning. */
export function configTable(): string {
  const rows = documentedKeys().map(
    (key) => `| \`${key.path}\` | ${key.default} | ${key.meaning.replaceAll("|", "\\|")} |`,
  );
  return ["| key | default | meaning |", "|---|---|---|", ...rows, ""].join("\n");
}

/** Every key, in the order of the schema; a section comes before its keys. */
export function documentedKeys(): readonly DocumentedKey[] {
  return keysWithin(configJsonSchema(), "");
}

function keysWithin(section: SchemaNode, path: string): readonly DocumentedKey[] {
  const branches = alternatives(section).filter(({ properties }) => properties !== undefined);
  const names = [...new Set(branches.flatMap(({ properties }) => Object.keys(properties ?? {})))];
  return names.flatMap((name) => {
    const nodes = branches.flatMap((branch) => {
      const node = branch.properties?.[name];
      return node === undefined ? [] : [{ kind: kindOf(branch), node, required: isRequired([branch], name) }];
    });
    const inner = path === "" ? name : `${path}.${name}`;
    return [describeKey(inner, nodes), ...nodes.flatMap(({ node }) => below(node, inner))];
  });
}

function below({ items, ...node }: SchemaNode, path: string): readonly DocumentedKey[] {
  return items ? keysWithin(items, `${path}[]`) : keysWithin(node, path);
}

interface NodeOfKind {
  /** The value of `kind` in the alternative that the node is from; empty where nothing tells the alternatives apart. */
  readonly kind: string;
  readonly node: SchemaNode;
  readonly required: boolean;
}

function describeKey(path: string, nodes: readonly NodeOfKind[]): DocumentedKey {
  const presets = [...new Set(nodes.map(presetOf))];
  const kindsOf = (preset: string) =>
    nodes.flatMap((entry) => (presetOf(entry) === preset ? [entry.kind] : [])).join(", ");
  const shown = presets.length === 1 ? presets : presets.map((preset) => `${preset} (${kindsOf(preset)})`);
  return { path, default: shown.join(", "), meaning: meaningOf(nodes.map(({ node }) => node)) };
}

/** Alternatives that differ are all named; else the fullest description holds. */
function meaningOf(nodes: readonly SchemaNode[]): string {
  if (nodes.some((node) => node.const !== undefined)) {
    return nodes.map((node) => `${String(node.const)}: ${node.description ?? ""}`).join(" ");
  }
  return nodes
    .map(({ description = "" }) => description)
    .reduce((full, next) => (next.length > full.length ? next : full), "");
}

function presetOf({ node, required }: NodeOfKind): string {
  const isSection = alternatives(node).some(({ properties }) => properties !== undefined);
  if (node.default !== undefined && !isSection) return `\`${JSON.stringify(node.default).replaceAll("|", "\\|")}\``;
  return required ? "required" : "–";
}

function kindOf(branch: SchemaNode): string {
  const kind = branch.properties?.["kind"]?.const;
  return typeof kind === "string" ? kind : "";
}

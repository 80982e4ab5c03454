import { alternatives } from "./keys.ts";
import { configJsonSchema, type SchemaNode } from "./schema.ts";

const width = 110;
const introduction = [
  "Netwarden's configuration: every key with its default, which is what holds where a key is left out.",
  "Save it as netwarden.yaml beside the program, keep the lines that you change, and check it with: netwarden config validate",
  "Instead of a value there may be !secret name (from secrets.yaml beside this file) or !env NAME.",
  "The environment sets a key too: NETWARDEN_MQTT__PASSWORD is mqtt.password.",
];

/** A configuration file with every key at its default, explained by comments. */
export function exampleYaml(): string {
  const sections = Object.entries(configJsonSchema().properties ?? {}).map(([key, node]) =>
    keyLines(key, node, "").join("\n"),
  );
  return `${introduction.flatMap((line) => comment(line, "")).join("\n")}\n\n${sections.join("\n\n")}\n`;
}

function keyLines(key: string, node: SchemaNode, indent: string): readonly string[] {
  const inner = `${indent}  `;
  const about = comment(node.description ?? "", indent);
  if (node.properties !== undefined) {
    const keys = Object.entries(node.properties).flatMap(([name, child]) => keyLines(name, child, inner));
    return [...about, `${indent}${key}:`, ...keys];
  }
  const example = node.example === undefined ? [] : valueLines(key, node.example, `${indent}# `);
  return [...about, ...entryLines(node, indent), ...valueLines(key, node.default, indent), ...example];
}

/** The keys of a list's entries, as a comment. */
function entryLines(node: SchemaNode, indent: string): readonly string[] {
  const branches = node.items === undefined ? [] : alternatives(node.items);
  const lines = branches.flatMap(({ properties }) =>
    Object.entries(properties ?? {}).flatMap(([name, child]) => {
      const shown = child.const === undefined ? name : `${name}: ${String(child.const)}`;
      const preset = child.default === undefined ? "" : ` Default: ${flow(child.default)}.`;
      return comment(`  ${shown} – ${child.description ?? ""}${preset}`, indent);
    }),
  );
  return lines.length === 0 ? [] : [...comment("Keys of an entry:", indent), ...lines];
}

function valueLines(key: string, value: unknown, indent: string): readonly string[] {
  if (!Array.isArray(value) || value.length === 0) return [`${indent}${key}: ${flow(value)}`];
  return [`${indent}${key}:`, ...value.map((entry: unknown) => `${indent}  - ${flow(entry)}`)];
}

/** A value in one line. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    return `{ ${Object.entries(value)
      .map(([key, inner]) => `${key}: ${flow(inner)}`)
      .join(", ")} }`;
  }
  return typeof value === "string" && isPlain(value) ? value : JSON.stringify(value);
}

/** True for text that YAML reads as that very text without quotes, here and under YAML 1.1. */
function isPlain(value: string): boolean {
  const isWords =
    /^[A-Za-z][A-Za-z0-9_-]*( [A-Za-z0-9_-]+)*$/.test(value) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(value);
  return isWords || /^\d{1,3}(\.\d{1,3}){3}$/.test(value) || /^[a-z]+(\.[a-z]+)+$/.test(value);
}

function comment(text: string, indent: string): readonly string[] {
  const hanging = /^ */.exec(text)?.[0] ?? "";
  const lines: string[] = [];
  let line = `${indent}#${hanging}`;
  for (const word of text.trim().split(" ")) {
    if (line.length + 1 + word.length > width) {
      lines.push(line);
      line = `${indent}#${hanging}${hanging}`;
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}

import { isMap, isScalar } from "yaml";
import type { ConfigIssue } from "./error.ts";
import { printable } from "./keys.ts";
import type { Lookup } from "./tree.ts";
import { parseYaml } from "./yaml.ts";

/** Environment variables, by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The entries of a file of secrets: its text is kept as it stands, `0123` stays `0123`. */
export interface Secrets {
  readonly file: string;
  /** Absent where there is no such file. */
  readonly entries?: ReadonlyMap<string, string | undefined>;
  readonly issues: readonly ConfigIssue[];
}

/** Reads the text of a file of secrets; `undefined` stands for a file that is not there. */
export function readSecrets(file: string, text: string | undefined): Secrets {
  if (text === undefined) return { file, issues: [] };
  const { document, issues } = parseYaml(text, file);
  const contents = document?.contents;
  if (issues.length > 0) return { file, issues };
  if (contents === null || contents === undefined) return { file, entries: new Map(), issues };
  if (!isMap(contents)) return { file, issues: [{ file, path: "", message: "must be a mapping of names to values" }] };
  const entries = contents.items.map((pair) => [nameOf(pair.key), textOf(pair.value)] as const);
  return { file, entries: new Map(entries), issues };
}

/** Resolves `!secret` and `!env`; every secret that was used is told to `use`. */
export function lookupIn(
  sources: { readonly secrets: Secrets; readonly env: Environment },
  use: (secret: string) => void,
): Lookup {
  return (tag, name) => {
    if (name === "") return { problem: `${tag} needs a name` };
    if (tag === "!env") {
      const text = Object.hasOwn(sources.env, name) ? sources.env[name] : undefined;
      return text === undefined
        ? { problem: `!env ${printable(name)}: that environment variable is not set` }
        : { text };
    }
    const { file, entries, issues } = sources.secrets;
    if (issues.length > 0) return { problem: `!secret ${printable(name)}: ${printable(file)} cannot be used` };
    if (entries === undefined) return { problem: `!secret ${printable(name)}: there is no ${printable(file)}` };
    if (!entries.has(name)) return { problem: `!secret ${printable(name)}: ${printable(file)} has no such entry` };
    const text = entries.get(name);
    if (text === undefined) return { problem: `!secret ${printable(name)}: that entry is not a plain value` };
    use(text);
    return { text };
  };
}

function nameOf(key: unknown): string {
  return isScalar(key) ? String(key.value) : "";
}

function textOf(value: unknown): string | undefined {
  if (value === null) return "";
  if (!isScalar(value) || value.tag === "!secret" || value.tag === "!env") return undefined;
  return typeof value.value === "string" ? value.value : (value.source ?? "");
}

import { z } from "zod";
import { ConfigError } from "../error.ts";
import { filledText, hostAndPort } from "../values.ts";
import type { Imported } from "./macupd-conf.ts";

const schema = z.object({ MIKROTIK_HOST: hostAndPort, MIKROTIK_USER: filledText, MIKROTIK_PASS: filledText });

/** A value, and the line where it stands. */
interface Found {
  readonly value: unknown;
  readonly line: number;
}

/**
 * Reads the older RouterOS monitor's access: JSON, or lines `KEY=value` as a shell reads them. It used TLS without a certificate, so
 * that is what comes of it. Throws `ConfigError`; no message holds a value.
 */
export function parseMikrotikConfig(text: string, file: string): Imported {
  const content = text.replace(/^\ufeff/, "");
  const entries = content.trimStart().startsWith("{") ? fromJson(content, file) : fromLines(content);
  const given = Object.fromEntries(Object.keys(schema.shape).map((key) => [key, entries.get(key)?.value]));
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const issues = parsed.error.issues.map(({ path, message }) => {
      const key = String(path[0]);
      const found = entries.get(key);
      const words = found === undefined ? "is missing" : typeof found.value === "string" ? message : "must be text";
      return { file, path: key, message: words, ...(found === undefined ? {} : { line: found.line, column: 1 }) };
    });
    throw new ConfigError(issues);
  }
  const others = [...entries.keys()].filter((key) => !Object.hasOwn(schema.shape, key));
  const { MIKROTIK_HOST: host, MIKROTIK_USER: username, MIKROTIK_PASS: password } = parsed.data;
  return {
    patch: { routers: [{ kind: "routeros", name: "MikroTik", host, username, password, tls: "anonymous" }] },
    notes: others.length === 0 ? [] : [`${others.length} other keys of the file have no meaning here`],
  };
}

function fromJson(text: string, file: string): ReadonlyMap<string, Found> {
  const refuse = (message: string, line = 1) => new ConfigError([{ file, path: "", message, line, column: 1 }]);
  try {
    const value: unknown = JSON.parse(text);
    const entries = Object.entries(z.record(z.string(), z.unknown()).parse(value));
    return new Map(
      entries.map(([key, inner]) => [key, { value: inner, line: lineOf(text, text.indexOf(`"${key}"`)) }]),
    );
  } catch (error) {
    // The parser's own message quotes the text, the password included.
    const position = error instanceof SyntaxError ? /at position (\d+)/.exec(error.message)?.[1] : undefined;
    throw refuse("is not valid JSON", position === undefined ? brokenLine(text) : lineOf(text, Number(position)));
  }
}

/** Of an unexpected token the parser tells no position: it is in the first line whose end can't be reached. */
function brokenLine(text: string): number {
  const lines = text.split("\n");
  let [whole, broken] = [0, lines.length];
  while (broken - whole > 1) {
    const middle = Math.floor((whole + broken) / 2);
    if (hasBadToken(lines.slice(0, middle).join("\n"))) broken = middle;
    else whole = middle;
  }
  return broken;
}

function hasBadToken(text: string): boolean {
  try {
    JSON.parse(text);
    return false;
  } catch (error) {
    return error instanceof SyntaxError && error.message.startsWith("Unexpected token");
  }
}

function lineOf(text: string, position: number): number {
  return text.slice(0, Math.max(0, position)).split("\n").length;
}

function fromLines(text: string): ReadonlyMap<string, Found> {
  const entries = text.split(/\r?\n/).flatMap((line, index): readonly (readonly [string, Found])[] => {
    const [, key, value = ""] = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=(.*)$/.exec(line) ?? [];
    return key === undefined ? [] : [[key, { value: unquoted(value.trim()), line: index + 1 }]];
  });
  return new Map(entries);
}

/** What a shell makes of the right side of an assignment, without its variables. */
function unquoted(value: string): string {
  const [, single] = /^'([^']*)'/.exec(value) ?? [];
  const [, double] = /^"((?:[^"\\]|\\.)*)"/.exec(value) ?? [];
  return single ?? double?.replace(/\\(["\\$`])/g, "$1") ?? value.replace(/\s+#.*$/, "");
}

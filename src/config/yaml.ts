import { type Document, LineCounter, parseDocument, type YAMLError } from "yaml";
import type { ConfigIssue } from "./error.ts";

/** A place in a file, both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A parsed file: its nodes, and what is wrong with its syntax. */
export interface YamlFile {
  readonly document: Document.Parsed | undefined;
  readonly issues: readonly ConfigIssue[];
  /** The first line from which on the parser can only guess; absent in a file of good syntax. */
  readonly brokenFrom?: number;
  positionOf(offset: number): Position;
}

/** Reads YAML 1.2. `!secret` and `!env` stay tags of their scalars; every other tag is an issue. */
export function parseYaml(text: string, file: string): YamlFile {
  const lines = new LineCounter();
  const positionOf = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      // The parser's own excerpts could show a secret, and its search for repeated keys is slow: ours is in `tree.ts`.
      prettyErrors: false,
      uniqueKeys: false,
      stringKeys: true,
      customTags: ["!secret", "!env"].map((tag) => ({ tag, resolve: (value: string) => value })),
    });
    const errors = [...document.errors, ...document.warnings];
    const broken = errors.filter((error) => !isLocal(error)).map((error) => positionOf(error.pos[0]).line);
    const issues = errors.map((error) => ({ file, path: "", message: errorText(error), ...positionOf(error.pos[0]) }));
    return { document, issues, positionOf, ...(broken.length > 0 ? { brokenFrom: Math.min(...broken) } : {}) };
  } catch {
    // Only too deep a nesting gets here, as an overflow of the stack.
    const issue = { file, path: "", message: "is not valid YAML: nested too deeply" };
    return { document: undefined, issues: [issue], positionOf, brokenFrom: 1 };
  }
}

/** True where the rest of the file is still read as it was meant. */
function isLocal({ code }: YAMLError): boolean {
  return code === "TAG_RESOLVE_FAILED" || code === "BAD_ALIAS" || code === "NON_STRING_KEY";
}

/** The parser's own messages may quote the file: ours never do. */
function errorText({ code, message }: YAMLError): string {
  const texts = new Map<YAMLError["code"], string>([
    ["TAG_RESOLVE_FAILED", "unknown tag: only !secret and !env are known, and only before a plain value"],
    ["BAD_ALIAS", "unknown alias: no anchor of that name stands before it"],
    ["NON_STRING_KEY", "a key must be plain text"],
    ["TAB_AS_INDENT", "a tab: YAML is indented by spaces only"],
    ["BAD_INDENT", "wrong indentation"],
    ["MISSING_CHAR", `syntax error: ${missing(message)}`],
    ["MULTIPLE_DOCS", 'a second document ("---"): there must be only one'],
    ["BAD_SCALAR_START", "a plain text must not begin with this character: put it in quotes"],
    ["BLOCK_AS_IMPLICIT_KEY", 'syntax error: a second ": " in one line; put the text in quotes'],
    ["MULTILINE_IMPLICIT_KEY", 'syntax error: a key without its ":"'],
    ["BAD_DQ_ESCAPE", 'an unknown "\\" sequence in double quotes: use single quotes'],
    ["DUPLICATE_KEY", "the same key twice"],
  ]);
  return texts.get(code) ?? "syntax error: this is not valid YAML";
}

function missing(message: string): string {
  if (/quote/i.test(message)) return "a closing quote is missing";
  if (/\]|sequence/.test(message)) return 'a "," or "]" is missing';
  if (/\}|map/.test(message)) return 'a "," or "}" is missing';
  return "a character is missing";
}

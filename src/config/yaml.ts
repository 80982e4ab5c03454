import { type Document, LineCounter, parseDocument, visit, type YAMLError } from "yaml";
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
    const faults = errors.map((error) => ({
      message: errorText(error),
      isLocal: isLocal(error),
      ...positionOf(startOf(error, document)),
    }));
    const broken = faults.filter((fault) => !fault.isLocal).map(({ line }) => line);
    const issues = firstOfEachLine(faults).map(({ message, line, column }) => ({
      file,
      path: "",
      message,
      line,
      column,
    }));
    return { document, issues, positionOf, ...(broken.length > 0 ? { brokenFrom: Math.min(...broken) } : {}) };
  } catch {
    // Only too deep a nesting gets here, as an overflow of the stack.
    const issue = { file, path: "", message: "is not valid YAML: nested too deeply" };
    return { document: undefined, issues: [issue], positionOf, brokenFrom: 1 };
  }
}

/** What follows a broken place in its line is seldom more than an echo. */
function firstOfEachLine<Fault extends Position & { readonly isLocal: boolean }>(
  faults: readonly Fault[],
): readonly Fault[] {
  const seen = new Set<number>();
  return faults.filter(({ line, isLocal: keep }) => {
    const isFirst = keep || !seen.has(line);
    seen.add(line);
    return isFirst;
  });
}

/** A quote that is never closed is found at the end of the file: what helps is where it opens. */
function startOf({ pos: [offset], code }: YAMLError, document: Document.Parsed): number {
  let start = offset;
  if (code === "MISSING_CHAR") {
    visit(document, {
      Scalar: (_, { type, range }) => {
        if (type?.startsWith("QUOTE") === true && range?.[1] === offset) start = range[0];
      },
    });
  }
  return start;
}

/** True where the rest of the file is still read as it was meant. */
function isLocal({ code }: YAMLError): boolean {
  return code === "TAG_RESOLVE_FAILED";
}

/** The parser's own messages may quote the file: ours never do. */
function errorText({ code, message }: YAMLError): string {
  const texts = new Map<YAMLError["code"], string>([
    ["TAG_RESOLVE_FAILED", "unknown tag: only !secret and !env are known, and only before a plain value"],
    ["NON_STRING_KEY", "a key must be plain text"],
    ["TAB_AS_INDENT", "a tab: YAML is indented by spaces only"],
    ["BAD_INDENT", /end with a [\]}]/.test(message) ? 'a closing "]" or "}" is missing' : "wrong indentation"],
    ["RESOURCE_EXHAUSTION", "nested too deeply"],
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

/** One thing that is wrong with the configuration. Its text never holds a value: that might be a secret. */
export interface ConfigIssue {
  /** `targets[1].host`; empty where it is about the whole file. */
  readonly path: string;
  readonly message: string;
  /** From 1. */
  readonly line?: number;
  readonly column?: number;
  /** The file, or what else the value came from. */
  readonly file: string;
}

/** Most issues that the text of the error lists. */
const mostLines = 100;

/** The configuration cannot be used. The message lists every issue, one a line. */
export class ConfigError extends Error {
  readonly issues: readonly ConfigIssue[];

  constructor(issues: readonly ConfigIssue[]) {
    const sorted = inOrder(issues);
    const more = sorted.length > mostLines ? [`… and ${sorted.length - mostLines} more`] : [];
    super([...sorted.slice(0, mostLines).map(issueText), ...more].join("\n"));
    this.name = "ConfigError";
    this.issues = sorted;
  }
}

/** `file:line:column: path: message`, without the parts that are not known. */
function issueText({ file, line, column, path, message }: ConfigIssue): string {
  const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
  return path === "" ? `${place}: ${message}` : `${place}: ${path}: ${message}`;
}

/** File by file, each from its top to its end. */
function inOrder(issues: readonly ConfigIssue[]): readonly ConfigIssue[] {
  const files = [...new Set(issues.map(({ file }) => file))];
  return files.flatMap((file) =>
    issues
      .filter((issue) => issue.file === file)
      .sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)),
  );
}

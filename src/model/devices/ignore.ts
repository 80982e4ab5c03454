import type { Nameable } from "./draft.ts";

/**
 * Says who is left out. A pattern with `*` must fit a description, a host name or a MAC as a whole; any other is left out
 * when it is part of one. Case does not count.
 */
export function createIgnore(patterns: readonly string[]): (client: Nameable) => boolean {
  const tests = patterns.map((pattern) => pattern.trim().toLowerCase()).filter((pattern) => pattern !== "");
  const globs = tests.filter((pattern) => pattern.includes("*")).map(fits);
  const parts = tests.filter((pattern) => !pattern.includes("*"));
  if (tests.length === 0) return () => false;
  return ({ mac, hostname = "", description = "" }) => {
    const texts = [mac, hostname.toLowerCase(), description.toLowerCase()].filter((text) => text !== "");
    return texts.some((text) => parts.some((part) => text.includes(part)) || globs.some((fit) => fit(text)));
  };
}

/** Without a regular expression: a pattern from a file must not be able to run for ever. */
function fits(pattern: string): (text: string) => boolean {
  const pieces = pattern.split("*");
  const first = pieces[0] ?? "";
  const last = pieces.at(-1) ?? "";
  const middle = pieces.slice(1, -1);
  return (text) => {
    if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
    const end = text.length - last.length;
    let from = first.length;
    for (const piece of middle) {
      const found = text.indexOf(piece, from);
      if (found < 0 || found + piece.length > end) return false;
      from = found + piece.length;
    }
    return true;
  };
}

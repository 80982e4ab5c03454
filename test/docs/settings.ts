import { configTable } from "../../src/config/docs.ts";

const begin = "<!-- settings: written by test/docs/write-table.ts -->\n";
const end = "<!-- end of settings -->\n";

/** The documentation with the table of settings as the program's schema has it. */
export function withSettings(docs: string): string {
  const from = docs.indexOf(begin);
  const to = docs.indexOf(end);
  if (from === -1 || to < from) throw new Error("DOCS.md has no place for the table of settings");
  return `${docs.slice(0, from)}${begin}\n${configTable()}\n${docs.slice(to)}`;
}

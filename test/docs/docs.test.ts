import assert from "node:assert/strict";
import { existsSync, globSync } from "node:fs";
import { suite, test } from "node:test";
import { fileURLToPath } from "node:url";
import { eventTypes, hubRows } from "../../src/entities/hub.ts";
import { targetRows } from "../../src/entities/target.ts";
import { rules } from "../../src/model/diagnosis/rules.ts";
import { verdicts } from "../../src/model/diagnosis/verdicts.ts";
import { meanings } from "../../src/model/words.ts";
import { netlogColumns } from "../../src/sinks/evidence/netlog-row.ts";
import { readRepositoryFile } from "../app/manifest.ts";
import { withSettings } from "./settings.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const docs = readRepositoryFile("DOCS.md");

suite("DOCS.md", () => {
  test("has every setting as the schema has it (write-table.ts brings it into step)", () => {
    assert.equal(withSettings(docs), docs);
  });

  test("explains every verdict as the program does, and tells which ones this version gives", () => {
    const given = new Set<string>([...rules.map(({ verdict }) => verdict), "monitor_gap"]);
    const rows = Object.entries(verdicts).map(([verdict, { severity, blame }]) => {
      const meaning = meanings[verdict as keyof typeof verdicts];
      return `| \`${verdict}\` | ${severity} | ${blame} | ${meaning} | ${given.has(verdict) ? "0.1" : "later"} |`;
    });
    const found = docs.split("\n").filter((line) => /^\| `\w+` \| (ok|degraded|outage|no_data) \|/.test(line));
    assert.deepEqual(found, rows);
  });

  test("names every entity", () => {
    const section = docs.slice(docs.indexOf("\n## Entities"), docs.indexOf("\n## Verdicts"));
    for (const { key } of [...hubRows, ...targetRows]) assert.ok(section.includes(`\`${key}\``), key);
  });

  test("names every event", () => {
    for (const type of eventTypes) assert.ok(docs.includes(`\`${type}\``), type);
  });

  test("has the columns of netlog.csv in their order", () => {
    assert.ok(docs.replaceAll("\n", " ").includes(netlogColumns.map((column) => `\`${column}\``).join(", ")));
  });
});

suite("links in the documents", () => {
  const documents = [
    "README.md",
    "DOCS.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    ...globSync("docs/**/*.md", { cwd: root }),
  ];
  for (const document of documents) {
    test(`${document}: each leads to a file or heading that is there`, () => {
      const text = readRepositoryFile(document);
      const here = document.includes("/") ? document.slice(0, document.lastIndexOf("/") + 1) : "";
      for (const [, link = ""] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^[a-z]+:/.test(link)) continue;
        const [path = "", heading] = link.split("#");
        const file = path === "" ? document : `${here}${path}`;
        assert.ok(existsSync(`${root}${file}`), `${link} is not there`);
        if (heading !== undefined) assert.ok(headingsOf(file).has(heading), `${link}: no such heading`);
      }
    });
  }
});

/** The names that a page gives to the headings of a Markdown file. */
function headingsOf(file: string): ReadonlySet<string> {
  const headings = readRepositoryFile(file).matchAll(/^#+ (.+)$/gm);
  return new Set(
    [...headings].map(([, text = ""]) =>
      text
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );
}

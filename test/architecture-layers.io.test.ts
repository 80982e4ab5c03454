import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { after, before, suite, test } from "node:test";

const root = resolve(import.meta.dirname, "..");

/** A line of code in a place where it must not stand, and the rule that says so. */
const forbidden: readonly (readonly [string, string, string])[] = [
  ["src/model/a.ts", 'import { x } from "../sinks/sink.ts";', "noRestrictedImports"],
  ["src/model/b.ts", 'import type { x } from "../../config/schema.ts";', "noRestrictedImports"],
  ["src/model/c.ts", 'import { x } from "node:fs";', "noRestrictedImports"],
  ["src/model/d.ts", 'import { x } from "zod";', "noRestrictedImports"],
  ["src/model/diagnosis/e.ts", 'export { x } from "../../probes/run.ts";', "noRestrictedImports"],
  ["src/model/f.ts", 'export const x = () => import("../history/store.ts");', "noRestrictedImports"],
  ["src/model/g.ts", "export const x = () => Date.now();", "noRestrictedGlobals"],
  ["src/lib/a.ts", 'import { x } from "../model/types.ts";', "noRestrictedImports"],
  ["src/lib/b.ts", 'import { x } from "axios";', "noRestrictedImports"],
  ["src/lib/c.ts", 'import { x } from "pino";', "noRestrictedImports"],
  ["src/lib/d.ts", "export const x = (f: () => void) => setTimeout(f, 1);", "noRestrictedGlobals"],
  ["src/lib/e.ts", 'import { x } from "node:timers/promises";', "noRestrictedImports"],
  ["src/probes/a.ts", 'import { x } from "../sinks/sink.ts";', "noRestrictedImports"],
  ["src/probes/b.ts", 'import { x } from "../config/schema.ts";', "noRestrictedImports"],
  ["src/probes/c.ts", 'import { x } from "../sources/source.ts";', "noRestrictedImports"],
  ["src/probes/d.ts", 'import { x } from "ping";', "noRestrictedImports"],
  ["src/probes/e.ts", 'import { x } from "axios";', "noRestrictedImports"],
  ["src/probes/f.ts", 'import { x } from "../app.ts";', "noRestrictedImports"],
  ["src/probes/icmp/a.ts", 'import { x } from "dns-packet";', "noRestrictedImports"],
  ["src/entities/a.ts", 'import { x } from "../web/server.ts";', "noRestrictedImports"],
  ["src/sinks/a.ts", 'import { x } from "../probes/run.ts";', "noRestrictedImports"],
  ["src/sinks/b.ts", 'import { x } from "mqtt";', "noRestrictedImports"],
  ["src/sinks/mqtt/a.ts", 'import { x } from "aedes";', "noRestrictedImports"],
  ["src/sinks/mqtt/b.ts", 'import { x } from "../../web/server.ts";', "noRestrictedImports"],
  ["src/web/a.ts", 'import { x } from "../sinks/sink.ts";', "noRestrictedImports"],
  ["src/web/b.ts", 'import { x } from "mqtt";', "noRestrictedImports"],
  ["src/web/ui/a.ts", 'import { x } from "hono";', "noRestrictedImports"],
  ["src/web/ui/b.ts", 'import { x } from "../../history/store.ts";', "noRestrictedImports"],
  ["src/history/a.ts", 'import { x } from "../sinks/sink.ts";', "noRestrictedImports"],
  ["src/sinks/evidence/a.ts", 'import { x } from "node:sqlite";', "noRestrictedImports"],
  ["src/config/a.ts", 'import { x } from "../cli/run.ts";', "noRestrictedImports"],
  ["src/app.ts", 'import { x } from "node:process";', "noRestrictedImports"],
  ["src/monitor.ts", "export const x = () => process.exit(1);", "noRestrictedGlobals"],
  ["src/sinks/c.ts", "export const x = () => globalThis.Date;", "noRestrictedGlobals"],
  ["src/lib/f.ts", "export default 1;", "noDefaultExport"],
  ["src/lib/g.ts", "export enum X { A }", "noEnum"],
  ["src/lib/h.ts", "export const x = (y: any) => y;", "noExplicitAny"],
  ["src/lib/i.ts", "export const x = (a: 1, b: 2, c: 3, d: 4) => [a, b, c, d];", "useMaxParams"],
  ["src/lib/j.ts", 'import { x } from "./clock";', "useImportExtensions"],
  ["src/lib/k.ts", `export const x = [\n${"  1,\n".repeat(300)}];`, "noExcessiveLinesPerFile"],
  ["src/lib/cycle-a.ts", 'import { b } from "./cycle-b.ts";\nexport const a = () => b;', "noImportCycles"],
  ["src/lib/cycle-b.ts", 'import { a } from "./cycle-a.ts";\nexport const b = () => a;', "noImportCycles"],
];

/** The same kind of line where it may stand. */
const allowed: readonly (readonly [string, string])[] = [
  ["src/model/ok.ts", 'import { x } from "./types.ts";\nexport const y = x;'],
  ["src/model/diagnosis/ok.ts", 'import { x } from "../../lib/slug.ts";\nexport const y = x;'],
  ["src/probes/icmp/ok.ts", 'import { x } from "ping";\nexport const y = x;'],
  ["src/sinks/ok.ts", 'import { x } from "../entities/render.ts";\nexport const y = x;'],
  ["src/sinks/mqtt/ok.ts", 'import { x } from "mqtt";\nexport const y = x;'],
  ["src/sinks/mqtt/broker.ts", 'import { x } from "aedes";\nexport const y = x;'],
  ["src/web/ok.ts", 'import { x } from "hono";\nexport const y = x;'],
  ["src/history/ok.ts", 'import { x } from "node:sqlite";\nexport const y = x;'],
  ["src/lib/clock.ts", "export const y = () => Date.now();"],
  ["src/main.ts", "export const y = () => process.exit(1);"],
];

interface Diagnostic {
  readonly category?: string;
  readonly location: { readonly path: string | { readonly file: string } };
}

suite("the linter", () => {
  const dir = mkdtempSync(join(tmpdir(), "nw-layers-"));
  let found: ReadonlyMap<string, readonly string[]> = new Map();

  before(() => {
    cpSync(join(root, "biome.json"), join(dir, "biome.json"));
    for (const [file, source] of [...forbidden, ...allowed]) {
      mkdirSync(join(dir, dirname(file)), { recursive: true });
      writeFileSync(join(dir, file), `${source}\n`);
    }
    const biome = join(root, "node_modules/.bin/biome");
    const args = ["lint", "--reporter=json", "--max-diagnostics=none", "."];
    const { stdout } = spawnSync(biome, args, { cwd: dir, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
    const { diagnostics } = JSON.parse(stdout.slice(stdout.indexOf("{"))) as { diagnostics: readonly Diagnostic[] };
    found = new Map([...Map.groupBy(diagnostics, fileOf)].map(([file, list]) => [file, list.map(ruleOf)]));
  });
  after(() => rmSync(dir, { recursive: true, force: true }));

  for (const [file, source, rule] of forbidden)
    test(`reports ${source.split("\n")[0]} in ${file}`, () => {
      assert.ok(found.get(file)?.includes(rule), `only ${found.get(file)?.join(", ")}`);
    });

  for (const [file, source] of allowed)
    test(`lets ${source.split("\n")[0]} stand in ${file}`, () => {
      const layerRules = ["noRestrictedImports", "noRestrictedGlobals"];
      assert.deepEqual(
        (found.get(file) ?? []).filter((rule) => layerRules.includes(rule)),
        [],
      );
    });
});

function fileOf({ location: { path } }: Diagnostic): string {
  return (typeof path === "string" ? path : path.file).replace(/^\.\//, "");
}

function ruleOf({ category = "" }: Diagnostic): string {
  return category.split("/").at(-1) ?? "";
}

import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

const root = resolve(import.meta.dirname, "..");
const tracked = "{src,test,tools,docs,blueprints,ha-addon}/**/*";
const own = { cwd: root, exclude: ["**/node_modules/**", "test/.cache/**"] };
const code = globSync("{src,test,tools}/**/*.{ts,mjs}", own);
const read = (file: string) => readFileSync(join(root, file), "utf8");

const specifier = /(?:\bfrom\s*|\bimport\s*\(?\s*)["'](\.{1,2}\/[^"']+)["']/g;
/** Files that a whole family shares: the contract, the runner and the list of drivers. */
const familyWide = new Set(["source", "probe", "meter", "run", "registry"]);

/** The driver that a file belongs to: `src/probes/dns.ts` and `src/probes/dns/message.ts` are both `probes/dns`. */
function driverOf(file: string): string | undefined {
  const [, family, name = ""] = /^src\/(sources|probes|meters)\/([^/.]+)(?:\/|\.)/.exec(file) ?? [];
  return family === undefined || familyWide.has(name) ? undefined : `${family}/${name}`;
}

test("a driver never imports another driver", () => {
  const drivers = code.filter((file) => driverOf(file) !== undefined);
  const crossings = drivers.flatMap((file) =>
    [...read(file).matchAll(specifier)]
      .map(([, target = ""]) => driverOf(relative(root, resolve(root, dirname(file), target))))
      .filter((other) => other !== undefined && other !== driverOf(file))
      .map((other) => `${file} → ${other}`),
  );
  assert.ok(drivers.length > 0);
  assert.deepEqual(crossings, []);
});

test("which driver a file belongs to is told by its place", () => {
  const table: readonly (readonly [string, string | undefined])[] = [
    ["src/probes/tcp.ts", "probes/tcp"],
    ["src/probes/icmp/fping.ts", "probes/icmp"],
    ["src/probes/registry.ts", undefined],
    ["src/sources/amplifi/login/token.ts", "sources/amplifi"],
    ["src/model/types.ts", undefined],
  ];
  for (const [file, driver] of table) assert.equal(driverOf(file), driver, file);
});

test("no file keeps state at module level", () => {
  assert.deepEqual(
    code
      .filter((file) => file.startsWith("src/"))
      .flatMap((file) => moduleState(read(file)).map((line) => `${file}: ${line}`)),
    [],
  );
});

test("state at module level is told from constants", () => {
  const state = [
    "let count = 0;",
    "export let open = false;",
    "var old = 1;",
    "const cache = new Map<string, number>();",
    "export const seen: Set<string> = new Set();",
    "const memo = new WeakMap();",
    "const queue: string[] = [];",
    "const byName: Record<string, number> = {};",
  ];
  const constants = [
    "  let inside = 0;",
    'const names = new Set(["a", "b"]);',
    'const rows: readonly string[] = ["a"];',
    "const make = () => new Map();",
    "const none: readonly string[] = [];",
    "export function f() {",
    "const nobody: ReadonlyMap<string, number> = new Map();",
    "const nothing: ReadonlySet<string> = new Set();",
  ];
  for (const line of state) assert.deepEqual(moduleState(line), [line]);
  for (const line of constants) assert.deepEqual(moduleState(line), []);
});

test("the linter's configuration is what the layers say", async () => {
  const { biomeConfig } = (await import(pathToFileURL(join(root, "tools/layers.mjs")).href)) as {
    biomeConfig(): object;
  };
  assert.equal(read("biome.json"), `${JSON.stringify(biomeConfig(), null, 2)}\n`);
});

test("no file is longer than 300 lines", () => {
  const long = code.map((file) => [file, read(file).trimEnd().split("\n").length] as const);
  assert.deepEqual(
    long.filter(([, lines]) => lines > 300),
    [],
  );
});

test("nothing but the app's manifest is named config.yaml, config.yml or config.json", () => {
  // Supervisor reads every such file in the repository as an app of its own.
  const all = [...globSync(tracked, own), ...globSync("*", { cwd: root })];
  const manifests = all.filter((file) => /^config\.([^/]+\.)?(ya?ml|json)$/i.test(basename(file)));
  assert.deepEqual(manifests, ["config.yaml"]);
});

test("no file or folder is named for being a drawer", () => {
  const drawer = /(^|\/)(utils?|helpers?|common|misc|types|interfaces)(\.ts|\.mjs)?(\/|$)/i;
  const named = globSync("{src,test,tools}/**/*", own).filter((file) => drawer.test(file));
  assert.deepEqual(named, ["src/model/types.ts"]);
});

test("no file hands on what another one exports", () => {
  const barrels = code.filter((file) => /^export (type )?(\*|\{[^}]*\}) from /m.test(read(file)));
  assert.deepEqual(barrels, []);
});

/** Lines at the left margin that hold something which can change: `let`, and collections that start empty. */
function moduleState(source: string): string[] {
  const empty = /=\s*(new (Map|Set|WeakMap|WeakSet|Array)(<.*>)?\(\)|\[\]|\{\});?$/;
  const fixed = /:\s*(readonly |Readonly)/;
  return source
    .split("\n")
    .filter(
      (line) =>
        /^(export )?(let|var) /.test(line) || (/^(export )?const /.test(line) && empty.test(line) && !fixed.test(line)),
    );
}

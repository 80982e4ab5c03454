// Who may import whom (docs/decisions/0002-layers.md), as data, and the lint configuration made from it. An override of the
// linter replaces a rule's options whole, so each one needs the full lists: nobody should keep those by hand.
//   node tools/layers.mjs     writes biome.json; a test holds the two together.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Packages and modules that one part alone may use. */
const owners = {
  mqtt: "only sinks/mqtt/",
  "mqtt-packet": "only sinks/mqtt/",
  aedes: "only the embedded broker",
  "node-routeros": "only sources/routeros/",
  ping: "only probes/icmp/",
  axios: "only lib/http.ts",
  "tough-cookie": "only lib/",
  "dns-packet": "only probes/dns/",
  hono: "only web/",
  "@hono/node-server": "only web/",
  lit: "only web/ui/",
  pino: "only lib/log.ts",
  yaml: "only config/",
  "node:sqlite": "only history/",
  "node:process": "only main.ts",
  "node:timers": "use Clock",
  "node:timers/promises": "use Clock",
};
const parts = [
  "model",
  "sources",
  "probes",
  "meters",
  "entities",
  "sinks",
  "web",
  "history",
  "reports",
  "config",
  "cli",
];
const except = (...allowed) => parts.filter((part) => !allowed.includes(part));

/** Each layer: its files, the packages it owns, the parts it must not import, and patterns of its own. */
const layers = [
  { files: ["src/lib/**"], owns: ["tough-cookie"], forbids: parts, why: "lib knows nothing of the domain" },
  {
    files: ["src/lib/http.ts"],
    owns: ["axios", "tough-cookie"],
    forbids: parts,
    why: "lib knows nothing of the domain",
  },
  { files: ["src/lib/log.ts"], owns: ["pino"], forbids: parts, why: "lib knows nothing of the domain" },
  {
    files: ["src/lib/clock.ts"],
    owns: ["node:timers", "node:timers/promises"],
    forbids: parts,
    why: "lib knows nothing of the domain",
  },
  {
    files: ["src/model/**"],
    forbids: except("model"),
    why: "model imports model and lib only: no node:, no package",
    own: ["*", "!.", "!..", "!./**", "!../**"],
  },
  {
    files: ["src/probes/**", "!src/probes/registry.ts"],
    forbids: except("model", "probes"),
    why: "an input imports model and lib only",
  },
  {
    files: ["src/probes/icmp/**"],
    owns: ["ping"],
    forbids: except("model", "probes"),
    why: "an input imports model and lib only",
  },
  {
    files: ["src/probes/dns/**"],
    owns: ["dns-packet"],
    forbids: except("model", "probes"),
    why: "an input imports model and lib only",
  },
  {
    files: ["src/sources/**", "!src/sources/registry.ts"],
    forbids: except("model", "sources"),
    why: "an input imports model and lib only",
  },
  {
    files: ["src/sources/routeros/**"],
    owns: ["node-routeros"],
    forbids: except("model", "sources"),
    why: "an input imports model and lib only",
  },
  {
    files: ["src/reports/**"],
    forbids: except("model", "history", "reports"),
    why: "reports import model, history and lib",
  },
  { files: ["src/entities/**"], forbids: except("model", "entities"), why: "entities import model and lib" },
  {
    files: ["src/sinks/**"],
    forbids: except("model", "entities", "history", "reports", "sinks"),
    why: "outputs import model, entities, history and lib",
  },
  {
    files: ["src/sinks/mqtt/**"],
    owns: ["mqtt", "mqtt-packet"],
    forbids: except("model", "entities", "history", "reports", "sinks"),
    why: "outputs import model, entities, history and lib",
  },
  {
    files: ["src/sinks/mqtt/broker.ts"],
    owns: ["aedes"],
    forbids: except("model", "entities", "history", "reports", "sinks"),
    why: "outputs import model, entities, history and lib",
  },
  {
    files: ["src/web/**"],
    owns: ["hono", "@hono/node-server"],
    forbids: except("model", "entities", "history", "web"),
    why: "outputs import model, entities, history and lib",
  },
  {
    files: ["src/web/ui/**"],
    owns: ["lit"],
    forbids: except("model", "web"),
    why: "the page knows the view's types only",
  },
  {
    files: ["src/history/**"],
    owns: ["node:sqlite"],
    forbids: except("model", "history"),
    why: "history imports model and lib",
  },
  {
    files: ["src/config/**"],
    owns: ["yaml"],
    forbids: ["cli", "web", "reports", "entities", "history"],
    why: "config is put together from the parts' schemas",
  },
];

const restricted = (owns = []) => Object.fromEntries(Object.entries(owners).filter(([name]) => !owns.includes(name)));
const importsOf = ({ owns, forbids, why, own = [] }) => ({
  level: "error",
  options: {
    paths: restricted(owns),
    patterns: [
      {
        group: [
          ...own,
          ...forbids.map((part) => `**/${part}/**`),
          ...(own.length > 0 || !forbids.includes("cli") ? [] : ["**/app.ts"]),
        ],
        message: why,
      },
    ],
  },
});

/** The whole of biome.json. */
export function biomeConfig() {
  return {
    $schema: "./node_modules/@biomejs/biome/configuration_schema.json",
    root: true,
    files: { includes: ["src/**", "test/**", "tools/**", "!test/ha/config", "!**/*.html"] },
    formatter: { enabled: true, lineWidth: 120, indentStyle: "space", indentWidth: 2 },
    linter: {
      enabled: true,
      domains: { project: "recommended", types: "all" },
      rules: {
        preset: "recommended",
        suspicious: {
          // It does not see that a closure reads a variable which changes later.
          noUnnecessaryConditions: "off",
          noImportCycles: { level: "error", options: { ignoreTypes: false } },
          noExplicitAny: "error",
        },
        nursery: { noFloatingPromises: "error", noMisusedPromises: "error", useExhaustiveSwitchCases: "error" },
        correctness: { useImportExtensions: "error", noUnusedImports: "error", noUnusedVariables: "error" },
        complexity: { useMaxParams: { level: "error", options: { max: 3 } }, useLiteralKeys: "off" },
        style: {
          noDefaultExport: "error",
          noEnum: "error",
          noNamespace: "error",
          useImportType: "error",
          useNodejsImportProtocol: "error",
          noExcessiveLinesPerFile: { level: "error", options: { maxLines: 300 } },
          noNonNullAssertion: "error",
          noRestrictedGlobals: {
            level: "error",
            options: {
              deniedGlobals: {
                Date: "use Clock",
                setTimeout: "use Clock",
                setInterval: "use Clock",
                setImmediate: "use Clock",
                performance: "use Clock",
                globalThis: "names a restricted global",
                process: "only main.ts",
              },
            },
          },
          noRestrictedImports: { level: "error", options: { paths: restricted() } },
        },
      },
    },
    overrides: [
      ...layers.map((layer) => ({
        includes: layer.files,
        linter: { rules: { style: { noRestrictedImports: importsOf(layer) } } },
      })),
      // Written by this file, in JSON.stringify's form.
      { includes: ["biome.json"], formatter: { enabled: false } },
      {
        includes: ["src/main.ts", "src/lib/clock.ts", "src/web/ui/**", "tools/**", "test/**"],
        linter: { rules: { style: { noRestrictedGlobals: "off" } } },
      },
      {
        includes: ["src/main.ts", "tools/**", "test/**"],
        linter: { rules: { style: { noRestrictedImports: "off" } } },
      },
      {
        includes: ["src/web/ui/vite.settings.mjs", "src/web/ui/vite.config.ts"],
        linter: { rules: { style: { noDefaultExport: "off", noRestrictedImports: "off" } } },
      },
    ],
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(
    fileURLToPath(new URL("../biome.json", import.meta.url)),
    `${JSON.stringify(biomeConfig(), null, 2)}\n`,
  );
}

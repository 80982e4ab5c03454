import assert from "node:assert/strict";
import { existsSync, globSync } from "node:fs";
import { suite, test } from "node:test";
import { fileURLToPath } from "node:url";
import { configSchema } from "../../src/config/schema.ts";
import { settingsOf } from "../../src/config/settings.ts";
import { fullRows } from "../../src/entities/client.ts";
import { commandNames } from "../../src/entities/commands.ts";
import { eventTypes } from "../../src/entities/event-types.ts";
import { hubRows } from "../../src/entities/hub.ts";
import { createInterfaceRows } from "../../src/entities/interface.ts";
import { meshRows } from "../../src/entities/mesh.ts";
import { routerRows } from "../../src/entities/router.ts";
import { hopRows, targetRows } from "../../src/entities/target.ts";
import { checksFor } from "../../src/model/checks.ts";
import type { SourceErrorCode } from "../../src/model/devices/sighting.ts";
import type { NameOrigin } from "../../src/model/devices/view.ts";
import { layerNames } from "../../src/model/diagnosis/layer.ts";
import { rules } from "../../src/model/diagnosis/rules.ts";
import { pathRules } from "../../src/model/diagnosis/rules-path.ts";
import { qualityRules } from "../../src/model/diagnosis/rules-quality.ts";
import { type Verdict, verdicts } from "../../src/model/diagnosis/verdicts.ts";
import { meanings } from "../../src/model/words.ts";
import { netlogColumns } from "../../src/reports/netlog-format.ts";
import { parseCommand } from "../../src/sinks/mqtt/commands.ts";
import { menus } from "../../src/sources/routeros/menus.ts";
import { readRepositoryFile } from "../app/manifest.ts";
import { exampleRouter } from "../fakes/example-network.ts";
import { programCommands } from "./commands.ts";
import { withSettings } from "./settings.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const docs = readRepositoryFile("DOCS.md");
const routers = readRepositoryFile("docs/routers.md");
const diagnosis = readRepositoryFile("docs/diagnosis.md");
const reasons: Readonly<Record<SourceErrorCode, true>> = {
  unreachable: true,
  refused: true,
  timeout: true,
  tls: true,
  auth: true,
  busy: true,
  protocol: true,
};
const origins: Readonly<Record<NameOrigin, true>> = {
  user: true,
  config: true,
  router: true,
  dhcp: true,
  mdns: true,
  vendor: true,
  mac: true,
};
/** Verdicts that follow from time: a pause of our own, and what a router says of itself after an outage. */
const withoutRule = ["monitor_gap", "gateway_reboot", "host_restarted"];
/** Rules on quality that say that nothing is wrong, or not with the line. */
const apart: ReadonlySet<Verdict> = new Set<Verdict>(["ok", "target_down", "icmp_filtered", "gateway_icmp_filtered"]);
/** The rows that each section of the documentation is about; those of an interface by the name that stands for it there. */
const entities: Readonly<Record<string, readonly { readonly key: string; readonly enabled?: false }[]>> = {
  "### Netwarden (the hub)": hubRows,
  "### Each target": targetRows,
  "### Each provider hop": hopRows,
  "### Each router": [...routerRows, ...interfaceRows()],
  "### Each mesh point": meshRows,
  "### Each client": fullRows,
};

suite("DOCS.md", () => {
  test("has every setting as the schema has it (write-table.ts brings it into step)", () => {
    assert.equal(withSettings(docs), docs);
  });

  test("explains every verdict as the program does, and tells which ones this version gives", () => {
    const given = new Set<string>([...rules.map(({ verdict }) => verdict), ...withoutRule]);
    const rows = Object.entries(verdicts).map(([verdict, { severity, blame }]) => {
      const meaning = meanings[verdict as keyof typeof verdicts];
      return `| \`${verdict}\` | ${severity} | ${blame} | ${meaning} | ${given.has(verdict) ? "0.1" : "later"} |`;
    });
    const found = docs.split("\n").filter((line) => /^\| `\w+` \| (ok|degraded|outage|no_data) \|/.test(line));
    assert.deepEqual(found, rows);
  });

  for (const [heading, rows] of Object.entries(entities)) {
    test(`names every entity below "${heading}", with a mark at those that are disabled at first`, () => {
      const section = sectionOf(docs, heading);
      for (const { key, enabled } of rows) {
        assert.ok(section.includes(`\`${key}\``), key);
        const isMarked = section.includes(`\`${key}\` †`) || section.includes(`\`${key}\`* †`);
        assert.equal(isMarked, enabled === false, key);
      }
    });
  }

  test("tells which entities of a client come with which tier", () => {
    const section = sectionOf(docs, "### Each client");
    const full = section.split("\n").filter((line) => line.includes("| `full` |"));
    for (const { key } of fullRows) {
      const isFull = full.some((line) => line.includes(`\`${key}\``));
      assert.equal(isFull, key !== "presence" && key !== "connected", key);
    }
  });

  test("names every event", () => {
    for (const type of eventTypes) assert.ok(docs.includes(`\`${type}\``), type);
  });

  test("explains every command, with a payload that is understood", () => {
    assert.ok(commandNames.length >= 5);
    for (const name of commandNames) {
      const [, payloads = ""] = new RegExp(`^\\| \`${name}\` \\| (.+?) \\| `, "m").exec(docs) ?? [];
      const examples = Array.from(payloads.matchAll(/`([^`]+)`/g), ([, payload = ""]) => payload);
      assert.ok(payloads !== "", name);
      for (const payload of examples) assert.equal(parseCommand(name, payload)?.name, name, payload);
    }
  });

  test("explains every command of the program", async () => {
    const commands = await programCommands();
    assert.ok(commands.length >= 10);
    for (const command of commands) {
      const isNamed = new RegExp(`\`${command}[\` ]`);
      assert.match(docs, isNamed);
    }
  });

  test("says what to do for each reason why a router can't be read", () => {
    for (const text of [sectionOf(docs, "## Troubleshooting"), routers]) {
      const rows = Array.from(text.matchAll(/^\| `(\w+)` \|/gm), ([, reason = ""]) => reason);
      for (const reason of Object.keys(reasons)) assert.ok(rows.includes(reason), reason);
    }
  });

  test("has the columns of netlog.csv in their order", () => {
    assert.ok(docs.replaceAll("\n", " ").includes(netlogColumns.map((column) => `\`${column}\``).join(", ")));
  });
});

suite("docs/", () => {
  test("routers.md names each menu of a MikroTik that is asked", () => {
    for (const { path } of Object.values(menus)) assert.ok(routers.includes(`\`${path}\``), path);
  });

  test("diagnosis.md explains each layer of evidence", () => {
    const rows = sectionOf(diagnosis, "## Evidence")
      .split("\n")
      .filter((line) => line.startsWith("| `"));
    const named = rows.flatMap((row) =>
      Array.from(row.split(" | ")[0]?.matchAll(/`(\w+)`/g) ?? [], ([, name]) => name),
    );
    assert.deepEqual(named.toSorted(), layerNames.toSorted());
  });

  test("diagnosis.md tells when each verdict on the way, on names and on quality is given, and which are not given yet", () => {
    const told = ["## Where it breaks", "## Quality", "## Names", "## Large packets, IPv6"]
      .map((heading) => sectionOf(diagnosis, heading))
      .join("\n");
    const given = new Set(rules.map(({ verdict }) => verdict));
    const located = pathRules
      .map(({ verdict }) => verdict)
      .filter((verdict) => verdicts[verdict].status === "WAN_DOWN");
    const measured = qualityRules.map(({ verdict }) => verdict).filter((verdict) => !apart.has(verdict));
    const names = Object.keys(verdicts).filter((verdict) => verdict.startsWith("dns_"));
    const open = Object.keys(verdicts).filter(
      (verdict) => !given.has(verdict as never) && !withoutRule.includes(verdict),
    );
    for (const verdict of [...located, ...measured, ...names, ...open])
      assert.ok(told.includes(`\`${verdict}\``), verdict);
  });

  test("diagnosis.md has the defaults of the configuration", () => {
    const minutes = configSchema.parse({}).trace.baseline_interval / 60;
    assert.ok(diagnosis.includes(`Each \`trace.baseline_interval\` (${minutes} min)`));
    const modem = checksFor(settingsOf(configSchema.parse({})), undefined).find(({ role }) => role === "modem");
    assert.ok(
      modem?.kind === "icmp" && diagnosis.includes(`is asked at ${modem.host}`) && docs.includes(`at ${modem.host}`),
    );
  });

  test("devices.md names each origin of a name", () => {
    const section = sectionOf(readRepositoryFile("docs/devices.md"), "## Names");
    for (const origin of Object.keys(origins)) assert.ok(section.includes(`| \`${origin}\` |`), origin);
  });
});

suite("links in the documents", () => {
  const documents = [
    "README.md",
    "DOCS.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "test/bench/README.md",
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

/** From a heading to the next one of its level or above. */
function sectionOf(text: string, heading: string): string {
  const from = text.indexOf(`\n${heading}\n`);
  assert.notEqual(from, -1, heading);
  const [level = ""] = heading.split(" ");
  const rest = text.slice(from + heading.length + 2);
  const end = rest.search(new RegExp(`^#{2,${level.length}} `, "m"));
  return end === -1 ? rest : rest.slice(0, end);
}

function interfaceRows() {
  const wan = { name: "wan", slug: "wan", running: true, rxBytes: 1, txBytes: 1 };
  const rows = createInterfaceRows()({ ...exampleRouter(), interfaces: [wan] });
  return rows.map((row) => ({ ...row, key: row.key.replace(/^wan/, "<interface>") }));
}

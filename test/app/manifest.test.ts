import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { suite, test } from "node:test";
import { fileURLToPath } from "node:url";
import { schemaAt } from "../../src/config/keys.ts";
import { configJsonSchema, configSchema, type SchemaNode } from "../../src/config/schema.ts";
import { manifest, type Option, options, rangeOf, readRepositoryFile } from "./manifest.ts";

const schema = configJsonSchema();
/** Ranges that the program, or an older Supervisor, cannot tell. */
const apart = new Set(["heartbeat", "mqtt.protocol", "alerts.poor_signal_dbm"]);

suite("the app manifest", () => {
  test("has the version of the package, of its lock file and of the newest release in the changelog", () => {
    const { version } = JSON.parse(readRepositoryFile("package.json")) as { version: string };
    const lock = JSON.parse(readRepositoryFile("package-lock.json")) as {
      version: string;
      packages: { "": { version: string } };
    };
    assert.equal(manifest.version, version);
    assert.deepEqual([lock.version, lock.packages[""].version], [version, version]);
    assert.equal(/^## (\d\S*)/m.exec(readRepositoryFile("CHANGELOG.md"))?.[1], version);
    assert.ok(readRepositoryFile("Dockerfile").includes(`\nARG BUILD_VERSION=${version}\n`));
  });

  test("is the only file that Supervisor takes for one", () => {
    const skipped = new Set(["node_modules", "dist", "data", "coverage"]);
    const walk = (folder: string): string[] =>
      readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
        if (entry.name.startsWith(".") || skipped.has(entry.name)) return [];
        return entry.isDirectory() ? walk(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`];
      });
    const root = fileURLToPath(new URL("../../", import.meta.url)).replace(/\/$/, "");
    const found = walk(root).filter((file) => /\/config\.([^/]*\.)?(yaml|yml|json)$/.test(file));
    assert.deepEqual(found, [`${root}/config.yaml`]);
  });

  test("offers only keys that the program knows", () => {
    for (const { path } of options) assert.ok(nodeAt(path) !== undefined, path);
  });

  test("has the program's own defaults", () => {
    const defaults: unknown = configSchema.parse({});
    for (const { path, fallback } of options.filter((option) => option.fallback !== undefined)) {
      assert.deepEqual(fallback, valueAt(defaults, path), path);
    }
    assert.deepEqual(configSchema.parse(manifest.options), defaults);
  });

  test("has a default for each option that is not optional, so that a fresh installation starts", () => {
    for (const { path, type, fallback } of options.filter((option) => !option.path.includes("[]"))) {
      assert.equal(fallback === undefined, type.endsWith("?"), path);
    }
  });

  test("asks of an entry of a list only what the program asks, so that an update stops no installation", () => {
    const required = options.filter(({ path, type }) => path.includes("[].") && !type.endsWith("?"));
    assert.deepEqual(
      required.map(({ path }) => path),
      [
        "targets[].host",
        "isp_targets[].host",
        "ipv6_targets[].host",
        ...["kind", "name", "host", "password"].map((key) => `routers[].${key}`),
      ],
    );
  });

  test("has the program's own ranges", () => {
    for (const { path, type } of options.filter(({ type }) => /^(int|float)/.test(type))) {
      const node = nodeAt(path) as (SchemaNode & { minimum?: number; maximum?: number }) | undefined;
      if (apart.has(path)) continue; // below
      assert.deepEqual(rangeOf(type), { min: node?.minimum, max: node?.maximum }, path);
      assert.equal(type.startsWith("int"), node?.type === "integer", path);
    }
  });

  test("lets through both ends of each range that the program cannot tell as one", () => {
    assert.deepEqual(rangeOf(optionAt("alerts.poor_signal_dbm").type), { max: 0 });
    for (const heartbeat of ends("heartbeat")) configSchema.parse({ heartbeat });
    for (const protocol of ends("mqtt.protocol")) configSchema.parse({ mqtt: { protocol } });
  });

  test("offers every choice of the program, and no other", () => {
    const choices = options.filter(({ type }) => type.startsWith("list("));
    for (const { path, type } of choices) {
      const offered = type.replace(/^list\((.*)\)\??$/, "$1").split("|");
      const taken = nodesAt(path).flatMap((node) => node.enum ?? (node.const === undefined ? [] : [node.const]));
      assert.deepEqual(offered, [...new Set(taken)], path);
    }
    assert.deepEqual(
      choices.map(({ path }) => path),
      ["routers[].kind", "routers[].tls", "entities.clients", "log_level"],
    );
  });

  test("asks nothing that an older Supervisor cannot check: no length of a text, no bound below zero", () => {
    for (const { path, type } of options) assert.doesNotMatch(type, /^(str|password)\(|^(int|float)\(.*-/, path);
  });

  test("takes each kind of router with all that its form asks for and with the least", () => {
    const [form] = manifest.schema["routers"] as unknown as readonly Readonly<Record<string, string>>[];
    const filled: Readonly<Record<string, unknown>> = {
      username: "api",
      tls: "pin",
      fingerprint: "ab".repeat(32),
      interval: 30.5,
      code_page: "windows-1251",
    };
    const least = { name: "A", host: "[fe80::1]:8080", password: "secret" };
    assert.deepEqual(new Set(Object.keys(form ?? {})), new Set(["kind", ...Object.keys({ ...filled, ...least })]));
    const without = { amplifi: ["username", "code_page"], routeros: [], ddwrt: ["code_page"] };
    for (const [kind, absent] of Object.entries<readonly string[]>(without)) {
      const own = Object.entries(filled).filter(([key]) => !absent.includes(key));
      configSchema.parse({ routers: [{ kind, ...least, ...Object.fromEntries(own) }] });
      configSchema.parse({ routers: [{ kind, ...least, ...(kind === "routeros" && { username: "api" }) }] });
    }
  });

  test("hides every secret", () => {
    for (const { path, type } of options) {
      assert.equal(/^password\??$/.test(type), nodeAt(path)?.writeOnly === true, path);
    }
  });

  test("takes what the program takes for an address, and no more", () => {
    const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
      ["site", ["home", "summer_house_2"], ["", "Home", "a b", "x".repeat(33)]],
      ["gateway", ["auto", "192.168.1.1", "fe80::1"], ["", "router.lan", "-c"]],
      ["modem", ["auto", "none", "192.168.100.1"], ["", "modem.lan", "-c"]],
      ["targets[].host", ["1.1.1.1", "2606:4700::1111", "example.com", "nas"], ["", "-f", "http://x", "a b", "x;y"]],
      ["ipv6_targets[].host", ["2606:4700:4700::1111", "2620:fe::fe"], ["", "example.com", "-f"]],
      [
        "routers[].host",
        ["192.168.1.1", "192.168.1.1:8728", "router.lan:81", "fe80::1", "[fe80::1]:8080"],
        ["", "-f", "http://x", "a b", "[x]", "[::1"],
      ],
      ["routers[].fingerprint", ["", "ab".repeat(32), "AB:".repeat(31).concat("CD")], ["ab", "xy".repeat(32)]],
      ["macupd.senders[]", ["192.168.1.2", "fe80::1"], ["", "router.lan"]],
      ["known[]", ["11:22:33:44:55:66|Laptop", "11-22-33-44-55-66, aabbccddeeff|Anna's phone"], ["", "Laptop", "|x"]],
      ["dns.public", ["", "9.9.9.9", "2620:fe::fe"], ["dns.example", "-x"]],
      ["http.ip_url", ["", "https://1.1.1.1/"], ["1.1.1.1", "ftp://1.1.1.1/"]],
      ["mqtt.url", ["mqtt://broker:1883", "wss://broker/mqtt"], ["", "broker:1883", "http://broker"]],
      ["mqtt.discovery_prefix", ["homeassistant", "a/b"], ["", "a b", "a/#"]],
    ];
    for (const [path, good, bad] of cases) {
      const [, pattern = "(?!)"] = /^match\((.*)\)\??$/.exec(optionAt(path).type) ?? [];
      for (const text of good) assert.match(text, new RegExp(pattern), path);
      for (const text of bad) assert.doesNotMatch(text, new RegExp(pattern), path);
    }
  });

  test("sets only keys of the program by the environment", () => {
    for (const name of Object.keys(manifest.environment)) {
      const path = name
        .replace(/^NETWARDEN_/, "")
        .replaceAll("__", ".")
        .toLowerCase();
      assert.ok(name.startsWith("NETWARDEN_") && nodeAt(path) !== undefined, name);
    }
  });

  test("sends ingress to the port that the program listens on", () => {
    assert.equal(manifest.ingress, true);
    assert.equal(manifest.ingress_port, configSchema.parse({}).web.port);
  });

  test("asks for the host's network, a broker if there is one, a folder for evidence, and no privilege", () => {
    assert.equal(manifest.host_network, true);
    assert.deepEqual(manifest.services, ["mqtt:want"]);
    assert.deepEqual(manifest.map, ["addon_config:rw"]);
    assert.deepEqual(manifest.privileged, []);
    assert.deepEqual(manifest.arch, ["aarch64", "amd64"]);
  });
});

test("the AppArmor profile has the app's name and lets it ping", () => {
  const profile = readRepositoryFile("apparmor.txt");
  assert.deepEqual(
    profile.match(/^profile (\S+)/gm)?.map((line) => line.slice("profile ".length)),
    [manifest.slug],
  );
  for (const rule of ["capability net_raw,", "network inet raw,", "network inet6 raw,", "/data/** rwkl,"]) {
    assert.ok(profile.includes(`\n  ${rule}\n`), rule);
  }
});

function optionAt(path: string): Option {
  const found = options.find((option) => option.path === path);
  assert.ok(found !== undefined, path);
  return found;
}

function ends(path: string): readonly number[] {
  const { min, max } = rangeOf(optionAt(path).type);
  assert.ok(min !== undefined && max !== undefined, path);
  return [min, max];
}

/** `targets[].host` → `targets`, `[]`, `host`. */
function stepsOf(path: string): readonly string[] {
  return path.replaceAll("[]", ".[]").split(".");
}

function nodeAt(path: string): SchemaNode | undefined {
  return nodesAt(path)[0];
}

/** Several where the program tells kinds apart. */
function nodesAt(path: string): readonly SchemaNode[] {
  return schemaAt(
    schema,
    stepsOf(path).map((step) => (step === "[]" ? 0 : step)),
  );
}

function valueAt(value: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((outer, key) => Reflect.get(outer as object, key), value);
}

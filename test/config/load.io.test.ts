import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { wantsEmbeddedBroker } from "../../src/config/load.ts";
import { directory, issuesOf, load } from "./files.ts";

test("without any file the defaults hold, and no broker but our own is there", async (t) => {
  const { config, source, warnings, inApp, secrets } = await load(directory(t, {}));
  assert.deepEqual([config.site, source, warnings, inApp, secrets], ["home", "the defaults", [], false, []]);
  assert.equal(wantsEmbeddedBroker(config), true);
});

test("a named file goes before the app's options, those before netwarden.yaml", async (t) => {
  const files = {
    "netwarden.yaml": "site: third",
    "data/options.json": '{"site":"second"}',
    "mine.yaml": "site: first",
  };
  const root = directory(t, files);
  const named = await load(root, { configFile: "mine.yaml" });
  assert.deepEqual([named.config.site, named.source], ["first", "mine.yaml"]);
  const options = await load(root);
  assert.deepEqual([options.config.site, options.source], ["second", join(root, "data/options.json")]);
  const found = await load(root, { dataDir: join(root, "elsewhere") });
  assert.deepEqual([found.config.site, found.source], ["third", "netwarden.yaml"]);
});

test("the environment goes before every file, and says so", async (t) => {
  const root = directory(t, { "netwarden.yaml": "site: third\nmqtt: { url: mqtt://a }" });
  const { config, source, secrets } = await load(root, {
    env: { NETWARDEN_SITE: "env", NETWARDEN_MQTT_PASSWORD: "geheim" },
  });
  assert.deepEqual([config.site, config.mqtt.url, config.mqtt.password], ["env", "mqtt://a", "geheim"]);
  assert.equal(source, "netwarden.yaml, NETWARDEN_MQTT_PASSWORD, NETWARDEN_SITE");
  assert.deepEqual(secrets, ["geheim"]);
  assert.equal(wantsEmbeddedBroker(config), false);
});

test("a value of the environment that is bad names its variable", async (t) => {
  const env = { NETWARDEN_WEB_PORT: "none", NETWARDEN_TARGETS: "a,-b", NETWARDEN_ROUTERS__0__PASSWORD: "x" };
  assert.deepEqual(await issuesOf(directory(t, {}), { env }), [
    "environment variable NETWARDEN_ROUTERS__0__PASSWORD: routers[0].password: there is no such entry in the configuration",
    'environment variable NETWARDEN_TARGETS: targets[1]: must not begin with "-"',
    "environment variable NETWARDEN_WEB_PORT: web.port: must be a number, got text",
  ]);
});

test("a key that is left empty keeps its default, and an empty file is none", async (t) => {
  const root = directory(t, { "netwarden.yaml": "mqtt:\nrouters:\nweb:\n  port:\n", "empty.yaml": "# nothing\n" });
  const { config } = await load(root);
  assert.deepEqual([config.mqtt.protocol, config.routers, config.web.port], [5, [], 8099]);
  assert.equal((await load(root, { configFile: "empty.yaml" })).config.site, "home");
});

test("YAML 1.2: no, MAC addresses and times stay text", async (t) => {
  const root = directory(t, {
    "netwarden.yaml": "known: [11:22:33:44:55:66|no]\nignore: [no, 12:30]\nmqtt: { username: off }",
  });
  const { config } = await load(root);
  assert.deepEqual(
    [config.known, config.ignore, config.mqtt.username],
    [["11:22:33:44:55:66|no"], ["no", "12:30"], "off"],
  );
});

test("all issues of a bad file come at once, each with its line and column", async (t) => {
  const text = [
    "site: My Home",
    "interfal: 20",
    'interval: "20"',
    "interval: 30",
    "targets:",
    "  - { name: Cloudflare, host: -f }",
    "  - name: cloudflare",
    "    tcp_prot: 1",
    "  - a b",
    "web: { host: 0.0.0.0,",
    "  port: 0 }",
    "x: !foo bar",
    "mqtt: { password: !env NW_UNSET, username: !secret nobody }",
    "known: *nowhere",
    "history: []",
  ];
  assert.deepEqual(await issuesOf(directory(t, { "netwarden.yaml": text.join("\n") })), [
    "netwarden.yaml:1:7: site: must be 1 to 32 of the characters a-z, 0-9 and _",
    "netwarden.yaml:2:1: interfal: is not a known key; did you mean interval?",
    "netwarden.yaml:3:11: interval: must be a number, got text",
    "netwarden.yaml:4:1: interval: is there twice, first in line 3",
    'netwarden.yaml:6:31: targets[0].host: must not begin with "-"',
    "netwarden.yaml:7:5: targets[1].host: is required",
    "netwarden.yaml:7:5: targets[1]: has the same name as entry 1 (case, spaces and signs do not count): give it another one",
    "netwarden.yaml:8:5: targets[1].tcp_prot: is not a known key; did you mean tcp_port?",
    "netwarden.yaml:9:5: targets[2]: must be an IP address or a host name (letters, digits, hyphens and dots; no scheme, port, space or other character)",
    "netwarden.yaml:10:14: web.host: others would reach the page: set web.password, or use 127.0.0.1",
    "netwarden.yaml:11:9: web.port: must be at least 1",
    "netwarden.yaml:12:1: x: is not a known key",
    "netwarden.yaml:12:4: unknown tag: only !secret and !env are known, and only before a plain value",
    "netwarden.yaml:13:24: mqtt.password: !env NW_UNSET: that environment variable is not set",
    "netwarden.yaml:13:52: mqtt.username: !secret nobody: there is no secrets.yaml",
    "netwarden.yaml:14:8: known: is an alias of nothing that stands before it",
    "netwarden.yaml:15:10: history: must be a mapping of keys to values, got a list",
  ]);
});

const broken: readonly [string, string, readonly string[]][] = [
  [
    "a quote that is never closed",
    'site: "home\nweb: { port: 1 }\n',
    ["1:7: syntax error: a closing quote is missing"],
  ],
  [
    "a tab, after other issues",
    "bogus: 1\nweb:\n\tport: 0\n",
    ["1:1: bogus: is not a known key", "3:1: a tab: YAML is indented by spaces only"],
  ],
  [
    "a brace that is never closed",
    "interval: 0\nweb: { port: 1\n",
    ["1:11: interval: must be at least 1", '3:1: a closing "]" or "}" is missing'],
  ],
  ["two documents", "site: a\n---\nsite: b\n", ['2:1: a second document ("---"): there must be only one']],
  ["a second colon", "site: a: b\n", ['1:7: syntax error: a second ": " in one line; put the text in quotes']],
  ["a list", "- a\n", ["1:1: must be a mapping of keys to values, got a list"]],
  ["plain text", "hello\n", ["1:1: must be a mapping of keys to values, got text"]],
  ["an alias of itself", "routers: &r [*r]\n", ["1:14: routers[0]: is an alias of nothing that stands before it"]],
  [
    "a tag before a list",
    "ignore: !secret [a]\n",
    ["1:9: unknown tag: only !secret and !env are known, and only before a plain value"],
  ],
  ["a tag without a name", "site: !env\n", ["1:11: site: !env needs a name"]],
  ["a key that is a list", "? [a]\n: 1\n", ["1:3: a key must be plain text"]],
  [
    "a space that is missing",
    "web: {password:hunter2}\n",
    ['1:7: web.password…: is not a known key; is a space missing after its ":"?'],
  ],
  ["a dangerous key", "__proto__: { site: x }\n", ["1:1: __proto__: is not a known key"]],
  ["a key that would paint the terminal", '"\\e[31mred": 1\n', ["1:1: …: is not a known key"]],
];

for (const [name, text, expected] of broken) {
  test(`broken YAML is told with its place: ${name}`, async (t) => {
    const lines = await issuesOf(directory(t, { "netwarden.yaml": text }));
    assert.deepEqual(
      lines,
      expected.map((line) => `netwarden.yaml:${line}`),
    );
  });
}

test("aliases that stand for billions of values, and endless nesting, are refused in no time", async (t) => {
  const level = (name: string, of: string) => `${name}: &${name} [${Array(9).fill(of).join(", ")}]`;
  const bomb = [
    level("a", "x"),
    level("b", "*a"),
    level("c", "*b"),
    level("d", "*c"),
    level("e", "*d"),
    level("f", "*e"),
  ];
  const root = directory(t, {
    "bomb.yaml": bomb.join("\n"),
    "deep.yaml": "[".repeat(100_000),
    "deep.json": "[".repeat(1_000_000),
  });
  const lines = await issuesOf(root, { configFile: "bomb.yaml" });
  assert.ok(
    lines.some((line) => line.endsWith("the aliases stand for too many values")),
    lines.join("\n"),
  );
  assert.match((await issuesOf(root, { configFile: "deep.yaml" })).join("\n"), /nested too deeply/);
  assert.match((await issuesOf(root, { configFile: "deep.json" })).join("\n"), /nested too deeply/);
});

test("an alias of what stands before it is fine", async (t) => {
  const root = directory(t, { "netwarden.yaml": "ignore: &names [a, b]\nalerts: { command: *names }" });
  assert.deepEqual((await load(root)).config.alerts.command, ["a", "b"]);
});

test("only the first hundred issues are listed", async (t) => {
  const keys = Array.from({ length: 150 }, (_, index) => `k${index}: 1`).join("\n");
  const lines = await issuesOf(directory(t, { "netwarden.yaml": keys }));
  assert.deepEqual([lines.length, lines.at(-1)], [101, "… and 50 more"]);
});

test("a file that cannot be read says why", async (t) => {
  const root = directory(t, {
    "bytes.yaml": Uint8Array.of(0x61, 0xff),
    "big.yaml": " ".repeat(1_048_577),
    "full.yaml": " ".repeat(1_048_576),
  });
  mkdirSync(join(root, "dir.yaml"));
  const said = (configFile: string) => issuesOf(root, { configFile });
  assert.deepEqual(await said("bytes.yaml"), ["bytes.yaml: is not valid UTF-8"]);
  assert.deepEqual(await said("big.yaml"), ["big.yaml: is larger than 1 MiB"]);
  assert.deepEqual(await said("dir.yaml"), ["dir.yaml: is a directory, not a file"]);
  assert.deepEqual(await said("/dev/zero"), ["/dev/zero: is not a regular file"]);
  assert.deepEqual(await said("none.yaml"), ["none.yaml: there is no such file"]);
  assert.equal((await load(root, { configFile: "full.yaml" })).config.site, "home");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { pathText } from "../../src/config/keys.ts";
import { messageOf, problemsOf } from "../../src/config/messages.ts";
import { configJsonSchema, configSchema } from "../../src/config/schema.ts";

const schema = configJsonSchema();

function problems(value: unknown): string[] {
  const parsed = configSchema.safeParse(value, { error: messageOf });
  if (parsed.success) return [];
  return problemsOf(parsed.error.issues, schema).map(({ path, message }) => `${pathText(path)}: ${message}`);
}

test("no configuration at all gives the defaults", () => {
  const config = configSchema.parse({});
  assert.deepEqual(
    config.targets.map(({ name, host, tcp_port, icmp, enabled }) => [name, host, tcp_port, icmp, enabled]),
    [
      ["Cloudflare", "1.1.1.1", 443, true, true],
      ["Google", "8.8.8.8", 443, true, true],
      ["Quad9", "9.9.9.9", 443, true, true],
    ],
  );
  assert.deepEqual(config.http.urls, ["https://example.com/", "https://www.wikipedia.org/"]);
  assert.deepEqual([config.site, config.gateway, config.interval, config.heartbeat], ["home", "auto", 20, 1]);
  assert.deepEqual(config.web, { host: "127.0.0.1", port: 8099, password: "" });
  assert.equal(config.embedded_broker, "auto");
});

test("a target may be just its host", () => {
  const { targets } = configSchema.parse({ targets: ["router.lan", { host: "2001:db8::1", tcp_port: 0 }] });
  assert.deepEqual(targets, [
    { name: "router.lan", host: "router.lan", tcp_port: 443, icmp: true, enabled: true },
    { name: "2001:db8::1", host: "2001:db8::1", tcp_port: 0, icmp: true, enabled: true },
  ]);
});

const hostForm =
  "must be an IP address or a host name (letters, digits, hyphens and dots; no scheme, port, space or other character)";
const labels = "is not a host name (parts of 1 to 63 characters that neither begin nor end with a hyphen)";
const badHosts: readonly [string, string][] = [
  ["", "must not be empty"],
  ["-f", 'must not begin with "-"'],
  ["a b", hostForm],
  ["a;reboot", hostForm],
  ["$(reboot)", hostForm],
  ["a_b", hostForm],
  ["bücher.example", hostForm],
  ["https://example.com/", hostForm],
  ["example.com:80", hostForm],
  ["fe80::1%;x", hostForm],
  ["256.1.1.1", "is not an IPv4 address (four numbers from 0 to 255)"],
  ["1.2.3", "is not an IPv4 address (four numbers from 0 to 255)"],
  ["a..b", labels],
  ["a-.b", labels],
  ["a.-b", labels],
  [`${"a".repeat(64)}.com`, labels],
  [`${"a.".repeat(126)}aa`, labels],
  ["a\nb", "must be one line without control characters"],
];

for (const [host, message] of badHosts) {
  test(`a host ${JSON.stringify(host.slice(0, 30))} is refused`, () => {
    assert.deepEqual(problems({ targets: [{ host }] }), [`targets[0].host: ${message}`]);
    assert.deepEqual(problems({ targets: [host] }), [`targets[0]: ${message}`]);
  });
}

test("hosts that RFC 1123 and IP allow are taken", () => {
  const hosts = [
    "a",
    "3com.example",
    "xn--bcher-kva.example",
    "a-b.c",
    "10.0.0.1",
    "::1",
    "fe80::1%eth0",
    "a".repeat(63),
  ];
  assert.deepEqual(problems({ targets: hosts }), []);
});

const bad: readonly [string, unknown, readonly string[]][] = [
  ["site", { site: "My Home" }, ["site: must be 1 to 32 of the characters a-z, 0-9 and _"]],
  ["long site", { site: "a".repeat(33) }, ["site: must be 1 to 32 of the characters a-z, 0-9 and _"]],
  ["gateway", { gateway: "router" }, ["gateway: must be an IP address or auto"]],
  ["modem", { modem: "no" }, ["modem: must be an IP address or auto or none"]],
  ["interval", { interval: 0.5 }, ["interval: must be at least 1"]],
  ["endless interval", { interval: Number.POSITIVE_INFINITY }, ["interval: must be a finite number"]],
  ["heartbeat", { heartbeat: 0.1 }, ["heartbeat: must be 0, or from 0.2 to 60"]],
  ["slow heartbeat", { heartbeat: 61 }, ["heartbeat: must be 0, or from 0.2 to 60"]],
  ["port 0", { web: { port: 0 } }, ["web.port: must be at least 1"]],
  ["port 65536", { macupd: { port: 65_536 } }, ["macupd.port: must be at most 65535"]],
  ["half a port", { web: { port: 80.5 } }, ["web.port: must be a whole number"]],
  [
    "nothing to measure",
    { targets: [{ host: "a", icmp: false, tcp_port: 0 }] },
    ["targets[0]: icmp: false together with tcp_port: 0 leaves nothing to measure"],
  ],
  ["resolver by name", { dns: { resolvers: ["dns.google"] } }, ["dns.resolvers[0]: must be an IP address"]],
  [
    "probe url",
    { http: { urls: ["ftp://x/"] } },
    ["http.urls[0]: must be an address that begins with http:// or https://"],
  ],
  [
    "login in a url",
    { http: { ip_url: "https://u:p@1.1.1.1/" } },
    ["http.ip_url: must not hold a user name or password"],
  ],
  [
    "login in a broker url",
    { mqtt: { url: "mqtt://u:p@broker" } },
    ["mqtt.url: must not hold a user name or password"],
  ],
  [
    "broker url",
    { mqtt: { url: "broker:1883" } },
    ["mqtt.url: must be an address that begins with mqtt:// or mqtts:// or ws:// or wss://"],
  ],
  [
    "topic",
    { mqtt: { base_topic: "a/#" } },
    ["mqtt.base_topic: must be an MQTT topic without +, #, spaces, and slashes at its ends"],
  ],
  ["protocol", { mqtt: { protocol: 3 } }, ["mqtt.protocol: must be one of 4, 5"]],
  ["embedded broker", { embedded_broker: "yes" }, ["embedded_broker: must be one of auto, true, false"]],
  [
    "cron",
    { schedule: { active: "* * *" } },
    [
      'schedule.active: must be a cron expression of five fields such as "* 7-23 * * *" (minute hour day month weekday)',
    ],
  ],
  [
    "cron hour",
    { schedule: { active: "* 25 * * *" } },
    [
      'schedule.active: must be a cron expression of five fields such as "* 7-23 * * *" (minute hour day month weekday)',
    ],
  ],
  ["known MAC", { known: ["1:2|x"] }, ["known[0]: must begin with a MAC address such as 11:22:33:44:55:66"]],
  [
    "known without name",
    { known: ["11:22:33:44:55:66"] },
    ['known[0]: must be "MAC|name", such as "11:22:33:44:55:66|Laptop"'],
  ],
  [
    "range",
    { lan_scan: { ranges: ["10.0.0.0/33"] } },
    ["lan_scan.ranges[0]: must be an address range such as 192.168.1.0/24"],
  ],
  [
    "interface",
    { traffic: { interface: "-i eth0" } },
    ["traffic.interface: must be the name of a network interface such as eth0"],
  ],
  [
    "router kind",
    { routers: [{ kind: "amplify" }] },
    ["routers[0].kind: must be one of amplifi, routeros, ddwrt; did you mean amplifi?"],
  ],
  ["no router kind", { routers: [{}] }, ["routers[0].kind: is required"]],
  [
    "router port",
    { routers: [{ kind: "amplifi", name: "A", host: "a:0", password: "x" }] },
    ["routers[0].host: the port must be a whole number from 1 to 65535"],
  ],
  [
    "anonymous TLS elsewhere",
    { routers: [{ kind: "ddwrt", name: "A", host: "a", password: "x", tls: "anonymous" }] },
    ["routers[0].tls: must be one of off, verify, pin, insecure"],
  ],
  [
    "open page",
    { web: { host: "0.0.0.0" } },
    ["web.host: others would reach the page: set web.password, or use 127.0.0.1"],
  ],
  [
    "open page beside another fault",
    { web: { host: "::", port: -1 } },
    ["web.port: must be at least 1", "web.host: others would reach the page: set web.password, or use 127.0.0.1"],
  ],
  ["log level", { log_level: "inof" }, ["log_level: must be one of debug, info, warn, error; did you mean info?"]],
  [
    "unknown keys",
    { wbe: {}, web: { prot: 1, zzz: 2 } },
    [
      "web.prot: is not a known key; did you mean port?",
      "web.zzz: is not a known key",
      "wbe: is not a known key; did you mean web?",
    ],
  ],
  [
    "types",
    { site: 1, web: [], targets: "a", analyze_on_outage: "yes" },
    [
      "site: must be text, got a number: put it in quotes",
      "targets: must be a list, got text",
      "analyze_on_outage: must be true or false, got text",
      "web: must be a mapping of keys to values, got a list",
    ],
  ],
  [
    "an entry that is nothing",
    { targets: [null, 5] },
    [
      "targets[0]: must be text or a mapping of keys to values",
      "targets[1]: must be text or a mapping of keys to values",
    ],
  ],
  ["the whole", [], [": must be a mapping of keys to values, got a list"]],
];

for (const [name, value, expected] of bad) {
  test(`a bad configuration says what is wrong: ${name}`, () => assert.deepEqual(problems(value), expected));
}

test("names that become the same part of a topic are refused, beside other issues", () => {
  const targets = [{ name: "My Router", host: "a" }, { name: "my-router", host: "-b" }, "c", "c"];
  const same = (first: number) =>
    `has the same name as entry ${first} (case, spaces and signs do not count): give it another one`;
  assert.deepEqual(problems({ targets }), [
    'targets[1].host: must not begin with "-"',
    `targets[1]: ${same(1)}`,
    `targets[3]: ${same(3)}`,
  ]);
});

test("2,000 targets are taken and one more is not", () => {
  const targets = (count: number) => Array.from({ length: count }, (_, index) => `host-${index}.example`);
  assert.deepEqual(problems({ targets: targets(2_000) }), []);
  assert.deepEqual(problems({ targets: targets(2_001) }), ["targets: must have at most 2000 entries"]);
});

test("a page beyond loopback is fine with a password, and on loopback without one", () => {
  for (const host of ["127.0.0.1", "127.8.0.1", "::1", "localhost"]) assert.deepEqual(problems({ web: { host } }), []);
  assert.deepEqual(problems({ web: { host: "0.0.0.0", password: "open sesame" } }), []);
});

test("every key and every section says what it means", () => {
  const silent: string[] = [];
  const look = (node: typeof schema, path: string) => {
    if (path !== "" && (node.description ?? "").length < 5) silent.push(path);
    for (const [key, child] of Object.entries(node.properties ?? {})) look(child, `${path}.${key}`);
    for (const branch of [...(node.items?.oneOf ?? []), ...(node.items?.anyOf ?? [])]) {
      for (const [key, child] of Object.entries(branch.properties ?? {})) look(child, `${path}[].${key}`);
    }
  };
  look(schema, "");
  assert.deepEqual(silent, []);
});

test("the examples within the schema are valid", () => {
  let seen = 0;
  const look = (node: typeof schema, wrap: (value: unknown) => unknown) => {
    if (node.example !== undefined) {
      seen += 1;
      assert.deepEqual(problems(wrap(node.example)), []);
    }
    for (const [key, child] of Object.entries(node.properties ?? {})) look(child, (value) => wrap({ [key]: value }));
  };
  look(schema, (value) => value);
  assert.ok(seen >= 5);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ConfigError } from "../../../src/config/error.ts";
import { parseNetlogConfig } from "../../../src/config/import/netlog-config.ts";
import { mergeConfig, patchYaml } from "../../../src/config/merge.ts";
import { configSchema } from "../../../src/config/schema.ts";

const old = {
  _comment: "words",
  gateway: "192.0.2.1",
  targets: ["192.0.2.10", "192.0.2.11", "192.0.2.10"],
  http_url: "https://page.example",
  http_ip_url: "https://192.0.2.10",
  tcp_test_ip: "192.0.2.11",
  tcp_test_port: 853,
  dns_test_hostname: "name.example",
  trace_host: "192.0.2.10",
  log_dir: "./logs/",
  ping_timeout_sec: 4,
  ping_interval_sec: 30,
  mtr_intensive_enabled: false,
  mtr_intensive_count: 40,
  isp_targets: ["198.51.100.1"],
  mtr_baseline_enabled: true,
  mtr_baseline_period_sec: 600,
  analyze_on_outage: false,
};

function problemsOf(text: string): readonly string[] {
  try {
    parseNetlogConfig(text, "f");
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split("\n");
    throw error;
  }
  return [];
}

test("the older logger's settings become ours", () => {
  const { patch, notes } = parseNetlogConfig(`\ufeff${JSON.stringify(old)}`, "f");
  assert.deepEqual(patch, {
    gateway: "192.0.2.1",
    interval: 30,
    targets: ["192.0.2.10", { host: "192.0.2.11", tcp_port: 853 }],
    isp_targets: ["198.51.100.1"],
    dns: { hostname: "name.example" },
    http: { urls: ["https://page.example", "https://example.com/"], ip_url: "https://192.0.2.10" },
    trace: { baseline: true, baseline_interval: 600, intensive: false, intensive_count: 40 },
    analyze_on_outage: false,
  });
  assert.equal(configSchema.safeParse(patch).success, true);
  assert.deepEqual(notes, [
    "http.urls: https://example.com/ comes beside the page of the file: one page alone tells a dead page from a dead line badly",
    "log_dir: import its log with: netwarden import netlog ./logs/netlog.csv",
    "without a meaning here: trace_host, ping_timeout_sec",
  ]);
});

test("they are brought into a file whose comments, secrets and own targets stay", () => {
  const before =
    "# mine\nmqtt:\n  password: !secret broker # theirs\ntargets:\n  - { name: A, host: 192.0.2.10 }\ndns: { resolvers: [9.9.9.9] }\n";
  const { patch } = parseNetlogConfig(JSON.stringify(old), "f");
  const { text, kept } = mergeConfig(before, "f", patch);
  assert.match(text, /^# mine\nmqtt:\n {2}password: !secret broker # theirs\n/);
  assert.match(text, /host: 192\.0\.2\.10 \}\n {2}- host: 192\.0\.2\.11\n {4}tcp_port: 853\n/);
  assert.match(text, /resolvers: *\[ ?9\.9\.9\.9 ?\], hostname: name\.example/);
  assert.match(text, /\ninterval: 30\n/);
  assert.deepEqual(kept, ["targets: 192.0.2.10 is there already"]);
  assert.equal(mergeConfig(text, "f", patch).text, text);
  assert.match(patchYaml(patch), /^gateway: 192\.0\.2\.1\n/);
});

test("what is wrong is told by its key", () => {
  assert.deepEqual(problemsOf('{"targets": ["-x"], "ping_interval_sec": "20", "gateway": "here"}'), [
    "f: gateway: must be an IP address or auto",
    'f: targets.0: must not begin with "-"',
    "f: ping_interval_sec: must be a number, got text",
  ]);
  assert.deepEqual(problemsOf("{"), ["f:1:1: is not a JSON object"]);
  assert.deepEqual(problemsOf("[]"), ["f:1:1: is not a JSON object"]);
  assert.deepEqual(problemsOf('{"_comment": 1, "name": "x"}'), ["f: holds no setting of the older outage logger"]);
});

test("any JSON gives settings that ours take, or the one kind of error", () => {
  const key = fc.constantFrom(...Object.keys(old));
  const value = fc.oneof(fc.jsonValue(), fc.constantFrom("192.0.2.9", "https://a.example", 60, true, ["192.0.2.9"]));
  fc.assert(
    fc.property(fc.dictionary(key, value), (given) => {
      try {
        const { patch } = parseNetlogConfig(JSON.stringify(given), "f");
        assert.equal(configSchema.safeParse(patch).success, true, JSON.stringify(given));
      } catch (error) {
        assert.ok(error instanceof ConfigError, String(error));
      }
    }),
  );
});

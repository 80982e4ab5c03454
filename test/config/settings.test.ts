import assert from "node:assert/strict";
import { test } from "node:test";
import { configSchema } from "../../src/config/schema.ts";
import { settingsOf } from "../../src/config/settings.ts";

const settings = (value: unknown) => settingsOf(configSchema.parse(value));

test("the defaults become settings", () => {
  const { targets, dns, http, intervalMs, heartbeatMs } = settings({});
  assert.deepEqual(targets[0], { slug: "cloudflare", name: "Cloudflare", host: "1.1.1.1", tcpPort: 443, icmp: true });
  assert.deepEqual(dns, {
    hostname: "example.com",
    resolvers: [],
    publicResolver: "1.1.1.1",
    dohUrl: "https://1.1.1.1/dns-query",
  });
  assert.deepEqual(http.sites[1], {
    slug: "www_wikipedia_org",
    name: "www.wikipedia.org",
    address: "https://www.wikipedia.org/",
  });
  assert.deepEqual([intervalMs, heartbeatMs], [20_000, 1_000]);
});

test("a target that is switched off is left out and moves no other slug", () => {
  const entry = (enabled: boolean) => ({ targets: [{ name: "Gateway", host: "a", enabled }, "b"] });
  assert.deepEqual(
    settings(entry(true)).targets.map(({ slug }) => slug),
    ["gateway_2", "b"],
  );
  assert.deepEqual(
    settings(entry(false)).targets.map(({ slug }) => slug),
    ["b"],
  );
});

test("targets, hops and the gateway never share a slug, nor do two pages of one site", () => {
  const { targets, hops, http, dns } = settings({
    targets: [{ name: "Edge", host: "a" }],
    isp_targets: [
      { name: "edge", host: "10.0.0.1" },
      { name: "Gateway", host: "10.0.0.2" },
    ],
    http: { urls: ["https://a.example/1", "https://a.example/2"] },
    dns: { resolvers: [{ name: "Public", host: "10.0.0.3" }] },
  });
  assert.deepEqual(
    [...targets, ...hops].map(({ slug }) => slug),
    ["edge", "edge_2", "gateway_2"],
  );
  assert.deepEqual(
    http.sites.map(({ slug }) => slug),
    ["a_example", "a_example_2"],
  );
  assert.deepEqual(dns.resolvers, [{ slug: "public_2", name: "Public", address: "10.0.0.3" }]);
});

test("an empty public resolver and an empty page mean none", () => {
  const { dns, http } = settings({ dns: { public: "", doh: "" }, http: { ip_url: "", portal_url: "" } });
  assert.deepEqual([dns.publicResolver, dns.dohUrl, http.ipUrl, http.portalUrl], ["", "", "", ""]);
});

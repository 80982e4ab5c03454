import assert from "node:assert/strict";
import { test } from "node:test";
import { discoveryJob, pathHosts } from "../../../src/discovery-job.ts";
import type { Hop } from "../../../src/model/types.ts";
import { discoverHops, suggest } from "../../../src/probes/path/discover.ts";
import type { Trace } from "../../../src/probes/path/trace.ts";
import { FakeClock } from "../../fakes/fake-clock.ts";

const pathOf = (...addresses: readonly (string | undefined)[]): readonly Hop[] =>
  addresses.map((address, index) => ({
    ttl: index + 1,
    sent: 2,
    answered: address === undefined ? 0 : 2,
    ...(address === undefined ? {} : { address }),
  }));
const times = (n: number, hops: readonly Hop[]) => Array.from({ length: n }, () => hops);

test("of each hop from the second to the fifth the address that was seen most is suggested", () => {
  const home = "192.168.1.1";
  const { seen, suggestions } = suggest([
    ...times(3, pathOf(home, "100.64.0.1", "198.51.100.1", "198.51.100.5", "203.0.113.1", "203.0.113.9")),
    ...times(2, pathOf(home, "100.64.0.1", undefined, "198.51.100.6", "203.0.113.2")),
  ]);
  assert.deepEqual(suggestions, [
    { hop: 2, ip: "100.64.0.1", seen: 5 },
    { hop: 3, ip: "198.51.100.1", seen: 3 },
    { hop: 4, ip: "198.51.100.5", seen: 3 },
    { hop: 5, ip: "203.0.113.1", seen: 3 },
  ]);
  assert.deepEqual(seen["4"], { "198.51.100.5": 3, "198.51.100.6": 2 });
});

test("what was seen less than three times is none", () => {
  assert.deepEqual(suggest(times(2, pathOf("192.168.1.1", "198.51.100.1"))).suggestions, []);
});

test("the home's own second router is none of the provider's, a private address of the provider is", () => {
  const { suggestions } = suggest(times(3, pathOf("192.168.1.1", "192.168.100.1", "198.51.100.1", "10.0.0.1")));
  assert.deepEqual(
    suggestions.map(({ ip }) => ip),
    ["198.51.100.1", "10.0.0.1"],
  );
  const six = suggest(times(3, pathOf("fe80::1", "fd00::1", "2001:db8::1")));
  assert.deepEqual(
    six.suggestions.map(({ ip }) => ip),
    ["2001:db8::1"],
  );
});

test("a router that stands at two places of paths is suggested once", () => {
  const paths = [
    ...times(3, pathOf("192.168.1.1", "198.51.100.1")),
    ...times(3, pathOf("192.168.1.1", undefined, "198.51.100.1")),
  ];
  assert.deepEqual(suggest(paths).suggestions, [{ hop: 2, ip: "198.51.100.1", seen: 3 }]);
});

const clock = { ...new FakeClock(), now: () => 0, monotonic: () => 0, after: () => () => {}, sleep: async () => {} };
const signal = new AbortController().signal;
const tracer = (hops: readonly Hop[]): Trace & { readonly hosts: string[] } => {
  const hosts: string[] = [];
  const trace: Trace = async ({ host }) => {
    hosts.push(host);
    return { ok: true, address: host, startedAt: 0, hops, reached: false, tool: "mtr", text: "" };
  };
  return Object.assign(trace, { hosts });
};

test("two targets are traced three times each, and never suggested themselves", async () => {
  const trace = tracer(pathOf("192.168.1.1", "198.51.100.1", "203.0.113.9"));
  const found = await discoverHops({ trace, clock, signal, hosts: ["203.0.113.9", "203.0.113.10"] });
  assert.deepEqual(
    trace.hosts,
    times(3, []).flatMap(() => ["203.0.113.9", "203.0.113.10"]),
  );
  assert.deepEqual(found.suggestions.slice(0, 1), [{ hop: 2, ip: "198.51.100.1", seen: 6 }]);
  assert.equal(found.suggestions[1]?.seen, 3);
});

test("the job tells in a sentence what was found, and why nothing", async () => {
  const tell = async (trace: Trace) => (await discoveryJob({ trace, clock, hosts: ["203.0.113.9"] }, signal)).text;
  assert.match(
    await tell(tracer(pathOf("192.168.1.1", "198.51.100.1"))),
    /198\.51\.100\.1 \(hop 2, in 3 of 3 traces\).*isp_targets/,
  );
  assert.match(await tell(tracer(pathOf("192.168.1.1"))), /No hop of the provider answered steadily in 3 traces/);
  const failing: Trace = async () => ({ ok: false, broken: true, reason: "mtr is not installed" });
  assert.equal(await tell(failing), "The provider's hops could not be looked for: mtr is not installed");
});

test("two targets of the configuration are traced, without any two public hosts", () => {
  const target = (host: string, more: object = {}) => ({
    name: host,
    host,
    tcp_port: 443,
    icmp: true,
    enabled: true,
    ...more,
  });
  const targets = [
    target("a", { enabled: false }),
    target("b", { icmp: false }),
    target("c"),
    target("d"),
    target("e"),
  ];
  assert.deepEqual(pathHosts({ targets }), ["c", "d"]);
  assert.deepEqual(pathHosts({ targets: [] }), ["1.1.1.1", "8.8.8.8"]);
});

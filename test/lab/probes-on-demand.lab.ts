import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, afterEach, before, suite, test } from "node:test";
import type { Check, CheckId, Observation, ProbeOutcome } from "../../src/model/types.ts";
import type { FaultName } from "./faults.ts";
import { createLab, type Lab } from "./network.ts";
import { until } from "./process.ts";
import { addresses, addresses6, hijackers } from "./topology.ts";

type Seen = Extract<Observation, { type: "probe" }>;

const label = { role: "target", slug: "x", name: "x", onDemand: true } as const;
const [target] = addresses.targets;
const [target6] = addresses6.targets;
const dns = { ...label, kind: "dns", scope: "gateway" } as const;
const checks: readonly Check[] = [
  { ...label, id: "small", kind: "icmp", host: target },
  { ...label, id: "large", kind: "icmp", host: target, bytes: 1_472 },
  { ...label, id: "small6", kind: "icmp", host: target6 },
  { ...label, id: "large6", kind: "icmp", host: target6, bytes: 1_452 },
  { ...dns, id: "name", server: addresses.gateway, hostname: "example.com" },
  { ...dns, id: "public", server: target, hostname: "example.com" },
  { ...dns, id: "lie", server: addresses.gateway, hostname: "*.example.com" },
  { ...label, id: "page", kind: "http", url: "https://example.com/", expect: "page" },
];
const ids = checks.map(({ id }) => id);

suite("what is measured on demand", { timeout: 240_000, concurrency: 2 }, () => {
  for (const engine of ["fping", "ping"] as const) measured(engine);
});

function measured(engine: "fping" | "ping"): void {
  suite(`by ${engine}`, { concurrency: 1 }, () => {
    let lab: Lab;
    let child: ChildProcess;
    let seen: Seen[] = [];
    const links: Extract<Observation, { type: "link" }>[] = [];

    before(async () => {
      lab = await createLab({ prefix: engine === "fping" ? "nwd" : "nwe" });
      const script = join(import.meta.dirname, "probes-inside.ts");
      const argv = [process.execPath, script, ...(engine === "ping" ? ["--ping"] : [])];
      const env = { ...process.env, NODE_EXTRA_CA_CERTS: lab.caFile };
      child = lab.spawn("mon", [...argv, ...checks.map((check) => JSON.stringify(check))], { env });
      assert.ok(child.stdout !== null);
      createInterface(child.stdout).on("line", (line) => {
        const observation: Observation = JSON.parse(line);
        if (observation.type === "probe") seen.push(observation);
        if (observation.type === "link") links.push(observation);
      });
      await until("the link", 10_000, async () => (links.length > 0 ? true : undefined));
    });
    afterEach(async () => {
      await lab.heal();
      // What a router said about the path is remembered for ten minutes.
      for (const family of ["-4", "-6"]) await lab.run("mon", ["ip", family, "route", "flush", "cache"]);
      assert.deepEqual(await burst(), healthy);
    });
    after(() => lab?.close());

    /** What a burst says of each check: every kind of outcome once. */
    const burst = async () => {
      seen = [];
      child.stdin?.write("burst\n");
      // What fails is measured twice.
      const isDone = ({ id, kind }: Check) => {
        const [first, second] = of(id);
        return kind === "icmp" ? of(id).length >= 5 : first?.ok === true || second !== undefined;
      };
      await until("the burst's end", 15_000, async () => (checks.every(isDone) ? true : undefined));
      return Object.fromEntries(ids.map((id) => [id, [...new Set(of(id).map(kindOf))].join(" ")]));
    };
    const of = (id: CheckId) => seen.filter(({ check }) => check === id).map(({ outcome }) => outcome);
    const detailOf = (id: CheckId) => JSON.stringify(of(id));
    const under = async (fault: FaultName) => {
      await lab.cut(fault);
      return await burst();
    };
    const healthy = Object.fromEntries(ids.map((id) => [id, "ok"]));

    test("nothing is measured unless a burst asks for it; then all answer, also large and by IPv6", async () => {
      assert.deepEqual(seen, []);
      assert.deepEqual(await burst(), healthy);
      const [first] = of("name");
      assert.deepEqual(first?.ok === true ? first.answers : undefined, [addresses.sites[0]]);
      assert.equal(links.at(-1)?.facts.ipv6, true);
    });

    test("a black hole swallows large packets in silence, and a page stalls behind its connection", async () => {
      const said = await under("mtu_blackhole");
      assert.deepEqual(said, { ...healthy, large: "timeout", large6: "timeout", page: "timeout" });
      assert.match(
        detailOf("page"),
        /connected, but the TLS handshake stalled|answered 200, then stalled after \d+ bytes/,
      );
    });

    test("a narrow path that says so is no black hole", async () => {
      const said = await under("mtu_narrow");
      // By IPv6 fping shows nothing of what the router says; the kernel then refuses to send.
      const large6 = engine === "fping" ? "internal" : "mismatch";
      assert.deepEqual(said, { ...healthy, large: "mismatch", large6 });
      assert.match(detailOf("large"), new RegExp(addresses.hops[0]));
      // Asked again, the kernel knows by itself.
      assert.deepEqual(await burst(), { ...healthy, large: "internal", large6: "internal" });
    });

    test("an own interface that takes less can't measure it", async () => {
      const mtu = (bytes: number) => lab.run("mon", ["ip", "link", "set", "eth0", "mtu", String(bytes)]);
      await mtu(1_400);
      try {
        assert.deepEqual(await burst(), { ...healthy, large: "internal", large6: "internal" });
      } finally {
        await mtu(1_500);
      }
    });

    test("a forwarder that lives without an upstream is told from one that is dead", async () => {
      assert.equal((await under("dns_upstream_silent"))["name"], "upstream");
      await lab.heal();
      const { name, public: other } = await under("dns_forwarder_silent");
      assert.deepEqual([name, other], ["timeout", "ok"]);
      await lab.heal();
      assert.equal((await under("dns_upstream_servfail"))["name"], "rcode");
      assert.match(detailOf("name"), /SERVFAIL/);
    });

    test("a resolver that answers whatever it is asked is a liar, and its answers can be compared", async () => {
      const said = await under("dns_hijack_provider");
      assert.deepEqual([said["name"], said["lie"], said["public"]], ["ok", "mismatch", "ok"]);
      const answersOf = (id: CheckId) => of(id).flatMap((outcome) => (outcome.ok ? (outcome.answers ?? []) : []));
      await until("what the forwarder kept is forgotten", 10_000, async () => {
        await burst();
        return answersOf("name").includes(hijackers.tls) ? true : undefined;
      });
      assert.deepEqual(answersOf("public"), [addresses.sites[0]]);
    });

    test("IPv6 alone that is broken concerns IPv6 alone, and one that is gone here is told by the link", async () => {
      assert.deepEqual(await under("ipv6_silent"), { ...healthy, small6: "timeout", large6: "timeout" });
      await lab.heal();
      const route = (what: string) => lab.run("mon", ["ip", "-6", "route", what, "default", "via", addresses6.gateway]);
      await route("del");
      try {
        await until("the lost route", 5_000, async () => (links.at(-1)?.facts.ipv6 === false ? true : undefined));
        assert.equal(links.at(-1)?.facts.defaultRoute, true);
      } finally {
        await route("replace");
        await until("the route", 5_000, async () => (links.at(-1)?.facts.ipv6 === true ? true : undefined));
      }
    });
  });
}

function kindOf(outcome: ProbeOutcome): string {
  return outcome.ok ? "ok" : outcome.reason;
}

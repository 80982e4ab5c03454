import assert from "node:assert/strict";
import { test } from "node:test";
import type { Verdict } from "../../src/model/diagnosis/verdicts.ts";
import type { Check, LinkFacts, ProbeOutcome } from "../../src/model/types.ts";
import { link, Simulation, silence, start, worldWithout } from "./simulation.ts";

interface Fault {
  readonly fault: string;
  readonly broken: (check: Check) => ProbeOutcome | undefined;
  readonly verdict: Verdict;
  readonly within: number;
}

const refused: ProbeOutcome = { ok: false, reason: "refused", detail: "refused" };
const servfail: ProbeOutcome = { ok: false, reason: "rcode", detail: "SERVFAIL" };
const redirected: ProbeOutcome = { ok: false, reason: "redirect", detail: "sent to login.example" };
const expired: ProbeOutcome = { ok: false, reason: "tls", detail: "certificate expired" };
const isSite = (check: Check) => check.role === "site";
const isDns = (check: Check, scope: string) => check.kind === "dns" && check.scope === scope;
const namesFail = (check: Check) => (isSite(check) || check.role === "portal" ? servfail : undefined);

const faults: readonly Fault[] = [
  { fault: "the gateway is dead", broken: () => silence, verdict: "gateway_down", within: 5_000 },
  {
    fault: "the gateway answers ARP and nothing else",
    broken: () => ({ ok: false, reason: "unreachable", detail: "host unreachable" }),
    verdict: "gateway_down",
    within: 5_000,
  },
  {
    fault: "the provider's line is dead",
    broken: (check) => (check.role === "gateway" ? undefined : silence),
    verdict: "internet_down",
    within: 8_000,
  },
  {
    fault: "the line is dead and the router's name server says no at once",
    broken: (check) => (check.role === "gateway" ? undefined : isDns(check, "gateway") ? servfail : silence),
    verdict: "internet_down",
    within: 8_000,
  },
  {
    fault: "all targets drop pings",
    broken: (check) => (check.kind === "icmp" && check.role === "target" ? silence : undefined),
    verdict: "icmp_filtered",
    within: 12_000,
  },
  {
    fault: "the gateway ignores pings",
    broken: (check) => (check.id === "icmp:gateway" ? silence : undefined),
    verdict: "gateway_icmp_filtered",
    within: 12_000,
  },
  {
    fault: "one target is dead",
    broken: (check) => (check.slug === "google" ? silence : undefined),
    verdict: "target_down",
    within: 35_000,
  },
  {
    fault: "one of two sites is dead",
    broken: (check) => (check.slug === "example_com" ? silence : undefined),
    verdict: "target_down",
    within: 35_000,
  },
  {
    fault: "the router's name server is silent",
    broken: (check) => (isDns(check, "gateway") ? silence : namesFail(check)),
    verdict: "dns_router_down",
    within: 35_000,
  },
  {
    fault: "the router's name server is closed",
    broken: (check) => (isDns(check, "gateway") ? refused : namesFail(check)),
    verdict: "dns_router_down",
    within: 35_000,
  },
  {
    fault: "the provider's name servers fail behind the router's",
    broken: (check) => (isDns(check, "gateway") ? servfail : namesFail(check)),
    verdict: "dns_isp_down",
    within: 35_000,
  },
  {
    fault: "no name server answers",
    broken: (check) => (check.kind === "dns" ? silence : namesFail(check)),
    verdict: "dns_down",
    within: 35_000,
  },
  {
    fault: "the public resolver fails alone",
    broken: (check) => (isDns(check, "public") ? silence : undefined),
    verdict: "dns_slow",
    within: 35_000,
  },
  {
    fault: "all sites answer 503",
    broken: (check) => (isSite(check) ? { ok: false, reason: "status", detail: "answered 503" } : undefined),
    verdict: "app_layer_down",
    within: 35_000,
  },
  {
    fault: "all certificates are refused",
    broken: (check) => (isSite(check) || check.role === "ip_site" ? expired : undefined),
    verdict: "tls_error",
    within: 35_000,
  },
  {
    fault: "port 443 is filtered",
    broken: (check) =>
      isSite(check) || check.role === "ip_site" || (check.kind === "tcp" && check.role === "target")
        ? silence
        : undefined,
    verdict: "tcp_blocked",
    within: 35_000,
  },
  {
    fault: "a portal redirects",
    broken: (check) => (check.role === "portal" ? redirected : isSite(check) ? expired : undefined),
    verdict: "captive_portal",
    within: 35_000,
  },
  {
    fault: "a portal lets nothing else through",
    broken: (check) =>
      check.role === "portal" ? redirected : check.role === "gateway" || check.kind === "dns" ? undefined : silence,
    verdict: "captive_portal",
    within: 35_000,
  },
];

for (const { fault, broken, verdict, within } of faults) {
  test(`${fault}: ${verdict} within ${within / 1000} s, back-dated, and over when it heals`, () => {
    let world = worldWithout(() => undefined);
    const simulation = new Simulation(() => world);
    simulation.run(61_000);
    const cut = simulation.now + 330;
    world = worldWithout((check, at) => (at >= cut ? broken(check) : undefined));
    simulation.run(60_000);
    const seen = simulation.verdicts.filter(({ at }) => at > cut);
    assert.deepEqual(
      seen.map(({ view }) => view.verdict.verdict),
      [verdict],
      "one change, without a detour",
    );
    const found = seen[0];
    assert.ok(found !== undefined && found.at - cut <= within, `said after ${(found?.at ?? 0) - cut} ms`);
    const { severity, since = 0 } = simulation.view.verdict;
    if (severity !== "ok")
      assert.ok(since - start - cut >= 0 && since <= start + found.at, "begins with the first lost probe");
    assert.equal(simulation.view.internet, severity !== "outage");

    const healed = simulation.now + 330;
    world = worldWithout((check, at) => (at < healed ? broken(check) : undefined));
    simulation.run(60_000);
    assert.equal(simulation.view.verdict.verdict, "ok");
    assert.equal(
      simulation.events.filter(({ event_type }) => event_type === "outage_started").length,
      severity === "outage" ? 1 : 0,
    );
    if (severity !== "outage") return;
    const { started, ended = 0 } = simulation.view.lastOutage ?? { started: 0 };
    assert.equal(started, since);
    assert.ok(ended - start >= healed && ended - start <= healed + 21_000, "ends with the first good probe");
  });
}

const linkFaults: readonly { fault: string; facts: LinkFacts; verdict: Verdict }[] = [
  { fault: "the own cable is out", facts: { ...link, carrier: false }, verdict: "own_link_down" },
  {
    fault: "the own interface is down, and its route with it",
    facts: {
      interface: "eth0",
      carrier: false,
      addresses: [],
      defaultRoute: false,
      neighbour: "unknown",
      resolvers: link.resolvers,
    },
    verdict: "own_link_down",
  },
  {
    fault: "the address is gone, and its route with it",
    facts: {
      interface: "eth0",
      carrier: true,
      addresses: [],
      defaultRoute: false,
      neighbour: "unknown",
      resolvers: link.resolvers,
    },
    verdict: "no_address",
  },
  {
    fault: "the default route is gone",
    facts: {
      interface: "eth0",
      carrier: true,
      addresses: link.addresses,
      defaultRoute: false,
      neighbour: "unknown",
      resolvers: link.resolvers,
    },
    verdict: "no_route",
  },
];

for (const { fault, facts, verdict } of linkFaults) {
  test(`${fault}: ${verdict} within 3 s, and over when it is back`, () => {
    let broken = false;
    const simulation = new Simulation(() =>
      worldWithout(() => (broken ? { ok: false, reason: "unreachable", detail: "no" } : undefined)),
    );
    simulation.run(61_000);
    broken = true;
    simulation.link(facts);
    simulation.run(3_000);
    assert.equal(simulation.view.verdict.verdict, verdict);
    assert.equal(simulation.view.gateway, false);
    simulation.run(60_000);
    assert.equal(simulation.view.verdict.verdict, verdict, "it stays");
    broken = false;
    simulation.link(link);
    simulation.run(10_000);
    assert.equal(simulation.view.verdict.verdict, "ok");
    assert.deepEqual(
      simulation.events.map(({ event_type }) => event_type),
      ["outage_started", "outage_ended"],
    );
  });
}

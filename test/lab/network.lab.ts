import assert from "node:assert/strict";
import { after, afterEach, before, suite, test } from "node:test";
import { type Looks, looksFrom } from "./looks.ts";
import { createLab, type Lab } from "./network.ts";
import { until } from "./process.ts";
import { addresses, addresses6, hijackers } from "./topology.ts";

const { gateway, modem } = addresses;
const [target] = addresses.targets;
const [target6] = addresses6.targets;
const [hop] = addresses.hops;
const [site] = addresses.sites;

/** The lab itself: a fault that breaks nothing would make every verdict test worthless. */
suite("the lab", { timeout: 120_000 }, () => {
  let lab: Lab;
  let look: Looks;
  before(async () => {
    lab = await createLab({ prefix: "net" });
    look = looksFrom(lab);
  });
  afterEach(() => lab.heal());
  after(() => lab.close());

  test("is whole without a fault", async () => {
    const hosts = [gateway, modem, ...addresses.targets, ...addresses.hops, ...Object.values(addresses6).flat()];
    assert.deepEqual(
      await Promise.all(hosts.map(look.pings)),
      hosts.map(() => true),
    );
    assert.match(await look.page("https://example.com/"), /^200/);
    assert.match(await look.page("https://1.1.1.1/"), /^200/);
    assert.match(await look.page(`https://[${target6}]/`), /^200/);
    assert.equal(await look.page("http://connectivitycheck.gstatic.com/generate_204"), "204 0");
    assert.equal((await look.resolves(gateway)).answer, site);
    assert.equal((await look.resolves("9.9.9.9")).answer, site);
    assert.equal((await look.resolves(gateway, "AAAA")).answer, addresses6.sites[0]);
    assert.match(await look.version(gateway), /dnsmasq/);
    assert.deepEqual(await Promise.all([1, 2, 3].map((hops) => look.hop(target, hops))), [gateway, ...addresses.hops]);
  });

  /** Gateway, modem, first hop, a target, and gateway and target by IPv6, which has its link-local address still. */
  const places = [gateway, modem, hop, target, addresses6.gateway, target6];
  const pathFaults = [
    ["gateway_down", "......"],
    ["gateway_frozen", "......"],
    ["own_cable", "......"],
    ["own_interface", "......"],
    ["no_address", "....+."],
    ["no_route", "+...+."],
    ["wan_known", "+...+."],
    ["wan_silent", "++..+."],
    ["modem_down", "+...+."],
    ["line_down", "++..+."],
    ["session_down", "++..+."],
    ["core_known", "+++.+."],
    ["core_silent", "+++.+."],
    ["beyond_known", "+++.+."],
    ["beyond_silent", "+++.+."],
    ["ipv4_silent", "+++.++"],
    ["ipv4_known", "+++.++"],
    ["ipv6_silent", "+++++."],
    ["ipv6_known", "+++++."],
    ["targets_drop_icmp", "+++.+."],
    ["provider_drops_icmp", "+++.+."],
    ["gateway_ignores_ping", ".+++.+"],
    ["hops_silent", "++.+++"],
  ] as const;
  for (const [fault, expected] of pathFaults)
    test(`${fault} breaks the path where it says, and healing mends it`, async () => {
      const seen = async () => (await Promise.all(places.map(look.pings))).map((ok) => (ok ? "+" : ".")).join("");
      await lab.cut(fault);
      assert.equal(await seen(), expected);
      await lab.heal();
      // IPv6 finds its neighbours again a moment after a wire is back.
      await until("a whole path", 5_000, async () => ((await seen()) === "++++++" ? true : undefined));
    });

  test("a router that knows says net-unreachable, one that is silent does not", async () => {
    const said = async () => /Unreachable/.test((await lab.run("mon", ["ping", "-n", "-c1", "-W1", target])).stdout);
    for (const [fault, expected] of [
      ["session_down", true],
      ["ipv4_known", true],
      ["wan_silent", false],
      ["ipv4_silent", false],
    ] as const) {
      await lab.cut(fault);
      assert.equal(await said(), expected, fault);
      await lab.heal();
    }
  });

  test("hops that are silent hide themselves, not what lies behind", async () => {
    await lab.cut("hops_silent");
    assert.deepEqual(await Promise.all([1, 2, 3].map((hops) => look.hop(target, hops))), [gateway, "*", "*"]);
    assert.equal(await look.pings(target), true);
  });

  /** What the gateway answers, and what a public resolver does. */
  const nameFaults = [
    ["dns_upstream_silent", "ETIMEOUT", site],
    ["dns_upstream_servfail", "ESERVFAIL", site],
    ["dns_upstream_refused", "EREFUSED", site],
    ["dns_all_silent", "ETIMEOUT", "ETIMEOUT"],
    ["dns_servfail", "ESERVFAIL", "ESERVFAIL"],
    ["dns_refused", "EREFUSED", "EREFUSED"],
    ["dns_nxdomain", "ENOTFOUND", "ENOTFOUND"],
    ["dns_empty", "ENODATA", "ENODATA"],
    ["dns_hijack", hijackers.dead, hijackers.dead],
    ["dns_hijack_http", hijackers.http, hijackers.http],
    ["dns_hijack_tls", hijackers.tls, hijackers.tls],
    ["dns_hijack_provider", hijackers.tls, site],
    ["dns_forwarder_refused", "ECONNREFUSED", site],
    ["dns_forwarder_silent", "ETIMEOUT", site],
  ] as const;
  for (const [fault, ofGateway, ofPublic] of nameFaults)
    test(`${fault} breaks names where it says`, async () => {
      await lab.cut(fault);
      const answers = await Promise.all([look.resolves(gateway), look.resolves(target)]);
      assert.deepEqual(
        answers.map(({ answer }) => answer),
        [ofGateway, ofPublic],
      );
    });

  test("a forwarder whose upstream is silent still speaks for itself, a dead one does not", async () => {
    await lab.cut("dns_upstream_silent");
    assert.match(await look.version(gateway), /dnsmasq/);
    await lab.heal();
    await lab.cut("dns_forwarder_silent");
    assert.equal(await look.version(gateway), "");
  });

  test("slow names come, late; the forwarder goes on with its other upstream", async () => {
    await lab.cut("dns_slow");
    const { answer, tookMs } = await look.resolves(gateway);
    assert.equal(answer, site);
    assert.ok(tookMs >= 1_400 && tookMs < 2_000, `${tookMs} ms`);
    await lab.heal();
    await lab.cut("dns_upstream_one");
    await look.looksUp("example.com");
    const other = (await look.looksUp("www.example.com")).answer;
    assert.ok(
      [addresses.sites[1], addresses6.sites[1]].some((each) => each === other),
      other,
    );
  });

  test("with the first of two resolvers dead a name takes long, with the second it does not, with the only one none comes", async () => {
    await lab.cut("dns_first_dead");
    const late = await look.looksUp("example.com");
    assert.ok(late.tookMs > 2_000, `${late.tookMs} ms`);
    await lab.heal();
    await lab.cut("dns_second_dead");
    const soon = await look.looksUp("example.com");
    assert.ok(soon.tookMs < 1_000, `${soon.tookMs} ms`);
    await lab.heal();
    for (const { answer } of [late, soon])
      assert.ok(
        [site, addresses6.sites[0]].some((each) => each === answer),
        answer,
      );
    await lab.cut("dns_own_config");
    assert.match((await look.looksUp("example.com")).answer, /EAI_AGAIN/);
  });

  /** A page by HTTPS, one by HTTP, and the one that must be empty. */
  const pages = ["https://example.com/", "http://example.com/", "http://connectivitycheck.gstatic.com/generate_204"];
  const pageFaults = [
    ["servers_refuse", ["ECONNREFUSED", "ECONNREFUSED", "ECONNREFUSED"]],
    ["servers_hang", ["TimeoutError", "TimeoutError", "TimeoutError"]],
    ["servers_503", ["503", "503", "503"]],
    ["servers_slow", ["200", "200", "204"]],
    ["certificate_expired", ["CERT_HAS_EXPIRED", "200", "204"]],
    ["certificate_wrong_ca", ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "200", "204"]],
    ["certificate_wrong_name", ["ERR_TLS_CERT_ALTNAME_INVALID", "200", "204"]],
    ["dns_hijack_http", ["ECONNREFUSED", "200", "200"]],
    ["dns_hijack_tls", ["ERR_TLS_CERT_ALTNAME_INVALID", "200", "200"]],
    ["dns_hijack", ["TimeoutError", "TimeoutError", "TimeoutError"]],
    ["port_443_filtered", ["TimeoutError", "200", "204"]],
    ["portal_redirect", ["ECONNREFUSED", "302", "302"]],
    ["portal_http_only", ["200", "302", "302"]],
    ["portal_strict", ["TimeoutError", "302", "302"]],
  ] as const;
  for (const [fault, expected] of pageFaults)
    test(`${fault} makes pages ${expected.join(", ")}, and healing brings them back`, async () => {
      const seen = async () => (await Promise.all(pages.map(look.page))).map((text) => text.split(" ")[0]);
      await lab.cut(fault);
      assert.deepEqual(await seen(), expected);
      await lab.heal();
      assert.deepEqual(await seen(), ["200", "200", "204"]);
    });

  const oneDead = [
    ["target_down", addresses.targets[1], target],
    ["target_of_names_down", target, addresses.targets[1]],
    ["site_down", site, addresses.sites[1]],
  ] as const;
  for (const [fault, dead, alive] of oneDead)
    test(`${fault} takes away one host and no other`, async () => {
      await lab.cut(fault);
      assert.deepEqual(await Promise.all([dead, alive].map(look.pings)), [false, true]);
    });

  test("exactly one packet is lost when one is to be lost", async () => {
    const lost = await lab.loseOnePacket("1.1.1.1");
    const { stderr } = await lab.run("mon", ["fping", "-q", "-c5", "-p50", "1.1.1.1"]);
    assert.match(stderr, /= 5\/4\/20%/);
    assert.equal(await lost(), 1);
  });
});

import assert from "node:assert/strict";
import { after, afterEach, before, suite, test } from "node:test";
import { createLab, type Lab } from "./network.ts";

/** The lab itself: a fault that breaks nothing would make every verdict test worthless. */
suite("the lab", { timeout: 60_000 }, () => {
  let lab: Lab;
  before(async () => {
    lab = await createLab({ prefix: "net" });
  });
  afterEach(() => lab.heal());
  after(() => lab.close());

  const pings = async (host: string) => (await lab.run("mon", ["fping", "-q", "-r1", "-t300", host])).code === 0;
  const page = async (url: string) => {
    const script = `fetch("${url}", { redirect: "manual", signal: AbortSignal.timeout(3000) })
      .then((response) => console.log(response.status), (error) => console.log(error.name));`;
    const trusting = ["env", `NODE_EXTRA_CA_CERTS=${lab.caFile}`, process.execPath, "-e", script];
    return (await lab.run("mon", trusting)).stdout.trim();
  };
  const resolves = async (server: string) => {
    const script = `const r = new (require("node:dns").Resolver)({ timeout: 1000, tries: 1 });
      r.setServers(["${server}"]); r.resolve4("example.com", (e, a) => console.log(e ? e.code : a[0]));`;
    return (await lab.run("mon", [process.execPath, "-e", script])).stdout.trim();
  };

  test("is whole without a fault", async () => {
    const hosts = [lab.gatewayAddress, ...lab.targets, ...lab.hops];
    assert.deepEqual(
      await Promise.all(hosts.map(pings)),
      hosts.map(() => true),
    );
    assert.equal(await page("https://example.com/"), "200");
    assert.equal(await page("https://1.1.1.1/"), "200");
    assert.equal(await page("http://connectivitycheck.gstatic.com/generate_204"), "204");
    assert.equal(await resolves("192.168.77.1"), "203.0.113.80");
    assert.equal(await resolves("9.9.9.9"), "203.0.113.80");
  });

  const pathFaults = [
    ["gateway_down", [false, false, false]],
    ["gateway_frozen", [false, false, false]],
    ["own_cable", [false, false, false]],
    ["own_interface", [false, false, false]],
    ["no_address", [false, false, false]],
    ["no_route", [true, false, false]],
    ["wan_known", [true, false, false]],
    ["wan_silent", [true, false, false]],
    ["core_known", [true, true, false]],
    ["core_silent", [true, true, false]],
    ["beyond_known", [true, true, false]],
    ["beyond_silent", [true, true, false]],
    ["targets_drop_icmp", [true, true, false]],
    ["provider_drops_icmp", [true, true, false]],
    ["gateway_ignores_ping", [false, true, true]],
  ] as const;
  for (const [fault, expected] of pathFaults)
    test(`${fault} breaks the path where it says, and healing mends it`, async () => {
      const seen = () => Promise.all([lab.gatewayAddress, "198.51.100.1", "1.1.1.1"].map(pings));
      await lab.cut(fault);
      assert.deepEqual(await seen(), expected);
      await lab.heal();
      assert.deepEqual(await seen(), [true, true, true]);
    });

  const nameFaults = [
    ["dns_upstream_silent", ["ETIMEOUT", "203.0.113.80"]],
    ["dns_all_silent", ["ETIMEOUT", "ETIMEOUT"]],
    ["dns_servfail", ["ESERVFAIL", "ESERVFAIL"]],
    ["dns_refused", ["EREFUSED", "EREFUSED"]],
    ["dns_nxdomain", ["ENOTFOUND", "ENOTFOUND"]],
    ["dns_empty", ["ENODATA", "ENODATA"]],
    ["dns_hijack", ["203.0.113.66", "203.0.113.66"]],
    ["dns_forwarder_refused", ["ECONNREFUSED", "203.0.113.80"]],
    ["dns_forwarder_silent", ["ETIMEOUT", "203.0.113.80"]],
  ] as const;
  for (const [fault, expected] of nameFaults)
    test(`${fault} breaks names where it says`, async () => {
      await lab.cut(fault);
      assert.deepEqual(await Promise.all([resolves("192.168.77.1"), resolves("1.1.1.1")]), expected);
      await lab.heal();
    });

  test("a portal answers in place of every page and healing takes it away", async () => {
    await lab.cut("portal_redirect");
    assert.equal(await page("http://connectivitycheck.gstatic.com/generate_204"), "302");
    await lab.heal();
    assert.equal(await page("http://connectivitycheck.gstatic.com/generate_204"), "204");
  });

  test("exactly one packet is lost when one is to be lost", async () => {
    const lost = await lab.loseOnePacket("1.1.1.1");
    const { stderr } = await lab.run("mon", ["fping", "-q", "-c5", "-p50", "1.1.1.1"]);
    assert.match(stderr, /= 5\/4\/20%/);
    assert.equal(await lost(), 1);
  });
});

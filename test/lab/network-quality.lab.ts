import assert from "node:assert/strict";
import { after, afterEach, before, suite, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { FaultName } from "./faults.ts";
import { type Looks, looksFrom } from "./looks.ts";
import { createLab, type Lab } from "./network.ts";
import { addresses, addresses6 } from "./topology.ts";

const [target] = addresses.targets;
const [target6] = addresses6.targets;
const { gateway } = addresses;
const site = "https://example.com/";

/** What the lab's subtler faults do, seen with ordinary tools; each is mended wholly. */
suite("a lab that is not simply cut", { timeout: 120_000 }, () => {
  let lab: Lab;
  let look: Looks;
  before(async () => {
    lab = await createLab({ prefix: "netq" });
    look = looksFrom(lab);
  });
  afterEach(async () => {
    await lab.heal();
    const hosts = [gateway, addresses6.gateway, target, target6, addresses.modem];
    assert.deepEqual(await Promise.all(hosts.map(look.pings)), [true, true, true, true, true]);
    assert.match(await look.page(site), /^200 1\d{4}$/);
  });
  after(() => lab.close());

  const delays = [
    ["latency_500", gateway, target],
    ["latency_own_500", undefined, gateway],
  ] as const;
  for (const [fault, near, far] of delays)
    test(`${fault} adds half a second from where it says, loses nothing, and pages still come whole`, async () => {
      await lab.cut(fault);
      // The first packet may have had to ask for the neighbour.
      const { lost, rttsMs } = await look.quality(far, 20);
      assert.equal(lost, 0);
      const late = rttsMs.slice(4).filter((ms) => ms < 495 || ms > 700);
      assert.deepEqual(late, []);
      if (near !== undefined) assert.ok(Math.max(...(await look.quality(near, 5)).rttsMs) < 100);
      assert.equal(await look.page("http://1.1.1.1/"), await healthyPage());
      await lab.heal();
      assert.ok(Math.min(...(await look.quality(far, 5)).rttsMs) < 50);
    });

  test("jitter spreads the times widely, loses nothing and keeps the order", async () => {
    await lab.cut("jitter");
    const { lost, rttsMs } = await look.quality(target, 60);
    assert.equal(lost, 0);
    assert.ok(Math.max(...rttsMs) - Math.min(...rttsMs) > 60, rttsMs.join(" "));
    assert.match(await look.page(site), /^200/);
  });

  const losses = [
    ["loss_own_5", gateway, 1, 45],
    ["loss_own_30", gateway, 30, 90],
    ["loss_10", target, 4, 45],
    ["loss_30", target, 30, 90],
  ] as const;
  for (const [fault, host, fewest, most] of losses)
    test(`${fault} loses about so many packets, from where it says`, async () => {
      await lab.cut(fault);
      const { lost } = await look.quality(host, 200);
      assert.ok(lost >= fewest && lost <= most, `${lost} of 200`);
      if (host === target) assert.equal((await look.quality(gateway, 50)).lost, 0);
    });

  const sizes: readonly (readonly [FaultName, boolean, string])[] = [
    ["mtu_blackhole", false, "TimeoutError"],
    ["mtu_handshake", false, "TimeoutError"],
    ["mtu_narrow", false, "200"],
  ];
  for (const [fault, whole, page] of sizes)
    test(`${fault}: small packets pass, whole large ones do not, and a page is ${page}`, async () => {
      assert.equal(await look.pingsWhole(target, 1_472), true);
      await lab.cut(fault);
      assert.equal(await look.pings(target), true);
      assert.equal(await look.pingsWhole(target, 1_472), whole);
      assert.equal((await look.page(site)).split(" ")[0], page);
      const head = await look.page("http://connectivitycheck.gstatic.com/generate_204");
      assert.equal(head, "204 0");
    });

  test("a path that drops large packets says nothing, a narrow one says so", async () => {
    const said = async () => {
      const argv = ["ping", "-n", "-c1", "-W1", "-M", "do", "-s", "1472", target];
      const { stdout, stderr } = await lab.run("mon", argv);
      return /too long|Frag needed/i.test(stdout + stderr);
    };
    await lab.cut("mtu_blackhole");
    assert.equal(await said(), false);
    await lab.heal();
    await lab.cut("mtu_narrow");
    assert.equal(await said(), true);
  });

  test("flapping comes and goes every five seconds, and healing ends it", async () => {
    await lab.cut("flapping");
    assert.equal(await look.pings(target), false);
    await sleep(5_500);
    assert.equal(await look.pings(target), true);
    await sleep(5_000);
    assert.equal(await look.pings(target), false);
    await lab.heal();
    await sleep(5_500);
    assert.equal(await look.pings(target), true);
  });

  function healthyPage(): Promise<string> {
    return look.page("http://8.8.8.8/");
  }
});

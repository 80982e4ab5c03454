import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, afterEach, before, suite, test } from "node:test";
import type { Observation } from "../../src/model/types.ts";
import { createLab, type Lab } from "./network.ts";
import { until } from "./process.ts";

type Seen = Observation & { readonly seenAt: number };
type SeenProbe = Extract<Seen, { type: "probe" }>;

suite("the probes in a network that breaks", { timeout: 120_000 }, () => {
  let lab: Lab;
  let child: ChildProcess;
  let seen: Seen[] = [];
  const [target = ""] = ["1.1.1.1"];
  const script = join(import.meta.dirname, "probes-inside.ts");

  const run = () => {
    const started = lab.spawn("mon", [process.execPath, script, lab.gatewayAddress, target]);
    const output = started.stdout;
    assert.ok(output !== null);
    createInterface(output).on("line", (line) => seen.push(JSON.parse(line)));
    return started;
  };
  const say = (what: string) => child.stdin?.write(`${what}\n`);
  const probesOf = (host: string) =>
    seen.filter((each): each is SeenProbe => each.type === "probe" && each.check === `icmp:${host}`);
  const reasonsOf = (host: string) => probesOf(host).map(({ outcome }) => (outcome.ok ? "ok" : outcome.reason));
  const lastLink = () => seen.findLast((each) => each.type === "link");
  const eventually = (what: string, isSo: () => boolean) =>
    until(what, 15_000, async () => (isSo() ? true : undefined));
  const healthy = () =>
    eventually("all answer", () => [lab.gatewayAddress, target].every((host) => reasonsOf(host).at(-1) === "ok"));
  const fpings = async () => {
    const pids = (await lab.run("mon", ["ip", "netns", "identify"])).stdout.trim();
    const found = (await lab.run("mon", ["ip", "netns", "pids", pids])).stdout.trim().split("\n");
    return found.filter((pid) => nameOf(pid) === "fping").length;
  };

  before(async () => {
    lab = await createLab({ prefix: "nwp" });
    child = run();
    await healthy();
  });
  afterEach(async () => {
    await lab.heal();
    seen = [];
    await healthy();
  });
  after(() => lab.close());

  test("a healthy link and healthy hosts are seen as such, a probe a second each", async () => {
    await eventually("ten probes", () => probesOf(target).length >= 5 && lastLink() !== undefined);
    const link = lastLink();
    assert.ok(link?.type === "link");
    const { interface: name, carrier, gateway, addresses, neighbour } = link.facts;
    assert.deepEqual(
      { name, carrier, gateway, neighbour },
      { name: "eth0", carrier: true, gateway: lab.gatewayAddress, neighbour: "reachable" },
    );
    assert.ok(addresses.includes(lab.monitorAddress));
    assert.deepEqual(new Set(reasonsOf(target)), new Set(["ok"]));
  });

  test("a frozen gateway is noticed within two seconds, and the burst ends 2.4 s after it was asked for", async () => {
    const cut = await lab.cut("gateway_frozen");
    await eventually("a loss", () => reasonsOf(lab.gatewayAddress).includes("timeout"));
    const first = probesOf(lab.gatewayAddress).find(({ outcome }) => !outcome.ok);
    assert.ok(first !== undefined && first.seenAt - cut.after <= 2_000, `after ${(first?.seenAt ?? 0) - cut.after} ms`);
    assert.ok(first.at >= cut.before - 50 && first.at <= cut.after + 1_050, "dated by its sending");
    const before = probesOf(lab.gatewayAddress).length;
    const askedAt = Date.now();
    say("burst");
    const burst = () =>
      probesOf(lab.gatewayAddress)
        .slice(before)
        .filter(({ at }) => at >= askedAt - 20);
    await eventually("five packets and the heartbeat's", () => burst().length >= 6);
    const took =
      Math.max(
        ...burst()
          .slice(0, 6)
          .map(({ seenAt }) => seenAt),
      ) - askedAt;
    assert.ok(took <= 2_600, `took ${took} ms`);
    assert.ok(burst().every(({ outcome }) => !outcome.ok));
  });

  test("a router that knows of the break makes the targets unreachable, not the gateway", async () => {
    await lab.cut("wan_known");
    await eventually("an explained loss", () => reasonsOf(target).includes("unreachable"));
    assert.ok(!reasonsOf(lab.gatewayAddress).includes("unreachable"));
  });

  test("without a route what can't be sent is unreachable, and the link keeps its interface", async () => {
    await lab.cut("no_route");
    await eventually(
      "unsent packets",
      () => reasonsOf(target).filter((reason) => reason === "unreachable").length >= 2,
    );
    await eventually("the lost route", () => {
      const link = lastLink();
      return link?.type === "link" && link.facts.gateway === undefined && link.facts.interface === "eth0";
    });
    assert.equal(reasonsOf(lab.gatewayAddress).at(-1), "ok");
  });

  test("a pulled cable is a lost carrier", async () => {
    await lab.cut("own_cable");
    await eventually("no carrier", () => {
      const link = lastLink();
      return link?.type === "link" && !link.facts.carrier && link.facts.interface === "eth0";
    });
  });

  test("a pause of the monitoring ends the children, and so does a kill that can't be caught", async () => {
    assert.equal(await fpings(), 1);
    say("pause");
    await until("no fping", 5_000, async () => ((await fpings()) === 0 ? true : undefined));
    child.kill("SIGKILL");
    seen = [];
    child = run();
    await healthy();
    assert.equal(await fpings(), 1);
    child.kill("SIGKILL");
    await until("no orphan", 5_000, async () => ((await fpings()) === 0 ? true : undefined));
    seen = [];
    child = run();
  });
});

function nameOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").trim();
  } catch {
    return "";
  }
}

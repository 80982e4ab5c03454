import assert from "node:assert/strict";
import { test } from "node:test";
import type { Verdict } from "../../src/model/diagnosis/verdicts.ts";
import { memoryOf, remember } from "../../src/model/memory.ts";
import { createModel } from "../../src/model/model.ts";
import type { Check, Hop } from "../../src/model/types.ts";
import { answer, Simulation, settings, silence, start, type World } from "./simulation.ts";

const gateway = "192.168.77.1";
const access = "198.51.100.1";
const core = "198.51.100.5";

/** Breaks behind this address: nothing farther away answers. */
const behind =
  (last: string): World =>
  (check) =>
    isWithin(check, last) ? answer : silence;

function isWithin(check: Check, last: string): boolean {
  if (check.role === "gateway") return true;
  const order = [gateway, access, core];
  return check.kind === "icmp" && order.includes(check.host) && order.indexOf(check.host) <= order.indexOf(last);
}

const hop = (ttl: number, address: string | undefined): Hop => ({
  ttl,
  sent: 5,
  answered: address === undefined ? 0 : 5,
  ...(address === undefined ? {} : { address }),
});

/** The paths to the three targets, all by the same two routers of the provider. */
function trace(simulation: Simulation, way: readonly (string | undefined)[] = [gateway, access, core]): void {
  for (const { slug, host } of settings.targets) {
    const hops = [...way, host].map((address, index) => hop(index + 1, address));
    const at = start + simulation.now;
    simulation.emit({
      type: "path",
      at,
      startedAt: at,
      target: { slug, host },
      mode: "baseline",
      hops,
      reached: true,
      tool: "mtr",
      text: "",
    });
  }
}

function verdictAfter(world: World, way?: readonly (string | undefined)[]) {
  let now: World = () => answer;
  const simulation = new Simulation(() => now);
  simulation.run(10_000);
  trace(simulation, way);
  simulation.run(60_000);
  assert.equal(simulation.view.verdict.verdict, "ok");
  now = world;
  const broken = simulation.now;
  simulation.run(20_000);
  return { simulation, broken, verdict: simulation.view.verdict.verdict };
}

const table: readonly (readonly [string, string, Verdict])[] = [
  ["right behind the gateway", gateway, "isp_access_down"],
  ["behind the provider's first router", access, "isp_core_down"],
  ["behind the provider's last router", core, "transit_down"],
];

for (const [where, last, right] of table) {
  test(`a break ${where} is ${right}, at once and without a detour, within 8 s`, () => {
    const { simulation, broken } = verdictAfter(behind(last));
    const changes = simulation.verdicts.filter(({ at }) => at > broken);
    assert.deepEqual(
      changes.map(({ view }) => view.verdict.verdict),
      [right],
    );
    assert.ok((changes[0]?.at ?? 0) - broken < 8_000, String((changes[0]?.at ?? 0) - broken));
  });
}

test("routers on the way that never answer say nothing of where the break is", () => {
  assert.equal(verdictAfter(behind(gateway), [gateway, undefined, undefined]).verdict, "internet_down");
});

test("a provider's router that answers traces but no ping is no evidence", () => {
  const deaf: World = (check) => (check.role === "path" ? silence : answer);
  let now = deaf;
  const simulation = new Simulation(() => now);
  simulation.run(10_000);
  trace(simulation);
  simulation.run(60_000);
  now = behind(gateway);
  simulation.run(20_000);
  assert.equal(simulation.view.verdict.verdict, "internet_down");
});

test("only what the paths have in common is the provider's", () => {
  const simulation = new Simulation(() => () => answer);
  simulation.run(5_000);
  const at = start + simulation.now;
  for (const [index, { slug, host }] of settings.targets.entries()) {
    const hops = [gateway, access, `203.0.113.${index}`, host].map((address, ttl) => hop(ttl + 1, address));
    const target = { slug, host };
    simulation.emit({
      type: "path",
      at,
      startedAt: at,
      target,
      mode: "baseline",
      hops,
      reached: true,
      tool: "mtr",
      text: "",
    });
  }
  simulation.run(1_000);
  const asked = simulation.view.plan.checks.flatMap((check) =>
    check.role === "path" && check.kind === "icmp" ? [check.host] : [],
  );
  assert.deepEqual(asked, [access]);
});

test("a modem that answered and is silent now is to blame", () => {
  let now: World = () => answer;
  const simulation = new Simulation(() => now);
  simulation.hasModem = true;
  simulation.run(60_000);
  now = (check) => (check.role === "gateway" ? answer : silence);
  simulation.run(20_000);
  assert.equal(simulation.view.verdict.verdict, "modem_down");
});

test("what is asked in need alone costs next to nothing in calm", () => {
  let asked = 0;
  const simulation = new Simulation(() => (check) => {
    if (check.onDemand === true) asked += 1;
    return answer;
  });
  simulation.run(10_000);
  trace(simulation);
  simulation.run(3_600_000);
  assert.ok(asked > 0 && asked < 200, String(asked));
});

test("a router that is read and says that its way out is down is believed, and one that has just started was restarted", () => {
  const hex = { id: "hex", name: "Hex", kind: "routeros", host: gateway, isRouter: true, intervalMs: 1_000 } as const;
  let now: World = () => answer;
  const simulation = new Simulation(() => now, { ...settings, sources: [hex] });
  const read = (up: boolean, uptimeS: number) => {
    const router = { wan: { up, interface: "ether1" }, uptimeS };
    const at = start + simulation.now;
    simulation.emit({ type: "reading", source: "hex", at, reading: { clients: [], coverage: "full", router } });
  };
  const run = (seconds: number, up: boolean, uptimeS: number) => {
    for (let second = 0; second < seconds; second += 1) {
      read(up, uptimeS + second);
      simulation.run(1_000);
    }
  };
  run(20, true, 5_000);
  now = behind(gateway);
  run(20, false, 5_020);
  assert.equal(simulation.view.verdict.verdict, "wan_session_down");
  assert.match(JSON.stringify(simulation.view.verdict.evidence), /Hex says that its ether1 is down/);
  now = () => answer;
  run(20, true, 5_040);
  now = () => silence;
  simulation.run(60_000);
  assert.equal(simulation.view.verdict.verdict, "gateway_down");
  now = () => answer;
  simulation.run(10_000);
  run(5, true, 30);
  assert.equal(simulation.view.lastOutage?.verdict, "gateway_reboot");
});

test("what a target lost while it was dead is no loss of the line when it is back", () => {
  let now: World = () => answer;
  const simulation = new Simulation(() => now);
  simulation.run(61_000);
  now = (check) => (check.slug === "google" ? silence : answer);
  simulation.run(40_000);
  assert.equal(simulation.view.verdict.verdict, "target_down");
  now = () => answer;
  simulation.run(60_000);
  assert.deepEqual(
    simulation.verdicts.map(({ view }) => view.verdict.verdict),
    ["ok", "target_down", "ok"],
  );
});

test("when other routers at home are silent with the gateway, it is the home network and not the gateway alone", () => {
  const attic = {
    id: "attic",
    name: "Attic",
    kind: "ddwrt",
    host: "192.168.77.2",
    isRouter: true,
    intervalMs: 1_000,
  } as const;
  let now: World = () => answer;
  const simulation = new Simulation(() => now, { ...settings, sources: [attic] });
  const at = () => start + simulation.now;
  const reading = { clients: [], coverage: "full" } as const;
  for (let second = 0; second < 30; second += 1) {
    simulation.emit({ type: "reading", source: "attic", at: at(), reading });
    simulation.run(1_000);
  }
  now = () => silence;
  simulation.run(8_000);
  assert.equal(simulation.view.verdict.verdict, "gateway_down");
  simulation.emit({ type: "source-failed", source: "attic", at: at(), code: "timeout", message: "no answer" });
  simulation.run(4_000);
  assert.equal(simulation.view.verdict.verdict, "lan_segment_down");
});

test("a router that is busy while answers are late is to blame", () => {
  const hex = { id: "hex", name: "Hex", kind: "routeros", host: gateway, isRouter: true, intervalMs: 1_000 } as const;
  let rttMs = 10;
  const simulation = new Simulation(() => () => ({ ok: true, rttMs }), { ...settings, sources: [hex] });
  const run = (seconds: number, cpuPercent: number) => {
    for (let second = 0; second < seconds; second += 1) {
      const at = start + simulation.now;
      const reading = { clients: [], coverage: "full", router: { cpuPercent } } as const;
      simulation.emit({ type: "reading", source: "hex", at, reading });
      simulation.run(1_000);
    }
  };
  run(200, 20);
  rttMs = 300;
  run(60, 97);
  assert.equal(simulation.view.verdict.verdict, "gateway_overloaded");
});

test("several of the targets dead while others answer is a part of the Internet", () => {
  let now: World = () => answer;
  const simulation = new Simulation(() => now);
  simulation.run(61_000);
  now = (check) => (check.slug === "google" || check.slug === "quad9" ? silence : answer);
  simulation.run(40_000);
  assert.equal(simulation.view.verdict.verdict, "transit_partial");
});

test("when this machine was restarted since the last run, nothing is known until it is measured", () => {
  const simulation = new Simulation(() => () => answer);
  simulation.run(30_000);
  const memory = memoryOf(simulation.model);
  const at = memory.at + 60_000;
  const started = (bootAt: number) =>
    remember(createModel(settings, at), { memory, devices: [], day: "2026-11-21", bootAt }).episode.verdict;
  assert.equal(started(memory.at + 30_000), "host_restarted");
  assert.equal(started(memory.at - 30_000), undefined);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { meanOpinionScore } from "../../src/model/diagnosis/quality.ts";
import type { ProbeOutcome } from "../../src/model/types.ts";
import { answer, link, Simulation, settings, silence, start, worldWithout } from "./simulation.ts";

test("one lost packet in a thousand cycles raises nothing", () => {
  let sent = 0;
  const world = worldWithout((check) => {
    if (check.kind !== "icmp") return undefined;
    sent += 1;
    return sent % 4_000 === 0 ? silence : undefined;
  });
  const simulation = new Simulation(() => world, { ...settings, intervalMs: 2_000 });
  simulation.run(2_000_000);
  assert.ok(sent > 8_000);
  assert.deepEqual(
    simulation.verdicts.map(({ view }) => view.verdict.verdict),
    ["ok"],
  );
  assert.deepEqual(simulation.events, []);
  assert.ok(simulation.bursts >= 2, "but each was followed by a burst");
});

test("a tenth of all packets lost is not an outage, though never quiet", () => {
  let random = 7;
  const world = worldWithout((check) => {
    random = (random * 16_807) % 2_147_483_647;
    return check.kind === "icmp" && random % 10 === 0 ? silence : undefined;
  });
  const simulation = new Simulation(() => world);
  simulation.run(3_600_000);
  assert.deepEqual(
    simulation.events.filter(({ event_type }) => event_type === "outage_started"),
    [],
  );
});

test("a first failed probe makes it suspect, and a burst is asked for at once", () => {
  let broken = false;
  const simulation = new Simulation(() => worldWithout(() => (broken ? silence : undefined)));
  simulation.run(61_000);
  const before = simulation.bursts;
  broken = true;
  simulation.run(2_000);
  assert.equal(simulation.view.episode.state, "suspect");
  assert.equal(simulation.bursts - before, 1);
  assert.equal(simulation.view.verdict.verdict, "ok", "nothing is claimed yet");
});

test("targets behind a break are unknown, not unreachable", () => {
  let broken = false;
  const simulation = new Simulation(() =>
    worldWithout((check) => (broken && check.role !== "gateway" ? silence : undefined)),
  );
  simulation.run(61_000);
  broken = true;
  const seen = new Set<boolean | undefined>();
  for (let step = 0; step < 200; step += 1) {
    simulation.run(50);
    for (const { reachable } of simulation.view.targets) seen.add(reachable);
  }
  assert.deepEqual([...seen], [true, undefined]);
  assert.equal(simulation.view.internet, false);
  assert.equal(simulation.view.gateway, true);
});

test("without a network from the start the outage is found, and ends when the network comes", () => {
  let broken = true;
  const simulation = new Simulation(() =>
    worldWithout((check) => (broken && check.role !== "gateway" ? silence : undefined)),
  );
  simulation.run(30_000);
  assert.equal(simulation.view.verdict.verdict, "internet_down");
  broken = false;
  simulation.run(20_000);
  assert.equal(simulation.view.verdict.verdict, "ok");
});

test("without ICMP, and without a heartbeat, the other probes tell as well", () => {
  let broken = false;
  const cannot: ProbeOutcome = { ok: false, reason: "internal", detail: "no permission" };
  const world = worldWithout((check) =>
    check.kind === "icmp" ? cannot : broken && check.role !== "gateway" ? silence : undefined,
  );
  const simulation = new Simulation(() => world, { ...settings, heartbeatMs: 0 });
  simulation.run(61_000);
  assert.equal(simulation.view.verdict.verdict, "ok");
  assert.ok(
    simulation.view.verdict.evidence.some(({ layer, result }) => layer === "targets_icmp" && result === "no_data"),
  );
  broken = true;
  simulation.run(40_000);
  assert.equal(simulation.view.verdict.verdict, "internet_down");
});

test("a probe that can't measure never makes anything down", () => {
  let broken = false;
  const cannot: ProbeOutcome = { ok: false, reason: "internal", detail: "too many open files" };
  const simulation = new Simulation(() => worldWithout(() => (broken ? cannot : undefined)));
  simulation.run(61_000);
  broken = true;
  simulation.run(300_000);
  assert.deepEqual(simulation.events, []);
  assert.ok(simulation.view.targets.every(({ reachable }) => reachable === undefined));
});

test("a sleep of the monitor is a gap without data, not an outage", () => {
  const simulation = new Simulation(() => worldWithout(() => undefined));
  simulation.run(61_000);
  simulation.sleep(3_600_000);
  simulation.run(50);
  assert.equal(simulation.view.verdict.verdict, "monitor_gap");
  assert.equal(simulation.view.internet, undefined);
  simulation.run(10_000);
  assert.equal(simulation.view.verdict.verdict, "ok");
  assert.deepEqual(simulation.events, []);
  const { noDataMs, downMs } = simulation.view.today;
  assert.equal(downMs, 0);
  assert.ok(noDataMs > 3_590_000 && noDataMs < 3_605_000);
});

test("an outage that goes on over a sleep is one outage; one that is over then ended when the sleep began, at least", () => {
  for (const healed of [false, true]) {
    let broken = false;
    const simulation = new Simulation(() => worldWithout(() => (broken ? silence : undefined)));
    simulation.run(61_000);
    broken = true;
    simulation.run(30_000);
    const slept = simulation.now;
    if (healed) broken = false;
    simulation.sleep(600_000);
    simulation.run(60_000);
    broken = false;
    simulation.run(30_000);
    assert.deepEqual(
      simulation.events.map(({ event_type }) => event_type),
      ["outage_started", "outage_ended"],
    );
    const ended = (simulation.view.lastOutage?.ended ?? 0) - start;
    if (healed) assert.ok(Math.abs(ended - slept) < 2_000, `ended at ${ended}, slept at ${slept}`);
    else assert.ok(ended > slept + 600_000);
  }
});

test("switched off, nothing is measured and nothing is claimed", () => {
  let probes = 0;
  const simulation = new Simulation(() => () => {
    probes += 1;
    return answer;
  });
  simulation.run(30_000);
  simulation.emit({ type: "command", at: start + simulation.now, command: { name: "monitoring", on: false } });
  simulation.run(1_000);
  const before = probes;
  simulation.run(60_000);
  assert.equal(probes, before);
  assert.equal(simulation.view.internet, undefined);
  assert.equal(simulation.view.monitoring, false);
  assert.ok(simulation.view.today.noDataMs > 55_000);
});

test("time is counted as down from the first lost probe, and as up from the first good one", () => {
  let broken = false;
  const simulation = new Simulation(() => worldWithout(() => (broken ? silence : undefined)));
  simulation.run(100_000);
  broken = true;
  simulation.run(100_000);
  broken = false;
  simulation.run(100_000);
  const { upMs, downMs, outages } = simulation.view.today;
  assert.equal(outages, 1);
  assert.ok(Math.abs(downMs - 100_000) < 2_500, `down for ${downMs} ms`);
  assert.ok(Math.abs(upMs - 200_000) < 3_500, `up for ${upMs} ms`);
});

test("the opinion score is 4.4 on a good line and never below 1", () => {
  assert.equal(meanOpinionScore({ rttMs: 0, jitterMs: 0, lossPercent: 0 }).toFixed(2), "4.40");
  assert.equal(meanOpinionScore({ rttMs: 150, jitterMs: 20, lossPercent: 1 }).toFixed(2), "4.12");
  assert.equal(meanOpinionScore({ rttMs: 2_000, jitterMs: 500, lossPercent: 60 }), 1);
});

test("a point-to-point line has a default route without a gateway: that is no fault", () => {
  const simulation = new Simulation(() => worldWithout(() => undefined));
  const { gateway: _, ...pointToPoint } = link;
  simulation.link({ ...pointToPoint, interface: "ppp0" });
  simulation.run(30_000);
  assert.equal(simulation.view.verdict.verdict, "ok");
  assert.deepEqual(simulation.events, []);
});

test("a test of the gateway alone ends with an event, and is no cycle of the day", () => {
  const simulation = new Simulation(() => worldWithout(() => undefined));
  simulation.run(10_000);
  const { cycles } = simulation.view.today;
  const at = start + simulation.now;
  simulation.emit({ type: "cycle", at, startedAt: at, requested: true, partial: true });
  simulation.run(100);
  assert.equal(simulation.view.today.cycles, cycles);
  assert.deepEqual(
    simulation.events.map(({ event_type }) => event_type),
    ["test_finished"],
  );
});

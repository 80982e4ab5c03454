import assert from "node:assert/strict";
import { test } from "node:test";
import type { Check, ProbeOutcome } from "../../src/model/types.ts";
import { Simulation, settings, silence, worldWithout } from "./simulation.ts";

test("what failed during an outage is not held against anybody once the path is back", () => {
  const from = 30_000;
  for (let lastedMs = 6_000; lastedMs <= 20_000; lastedMs += 500) {
    const world = worldWithout((check, at) => {
      if (at >= from && at < from + lastedMs && check.role !== "gateway") return silence;
      // Pages so slow that the path is judged before them.
      return check.role === "site" ? { ok: true, rttMs: 4_500 } : undefined;
    });
    const simulation = new Simulation(() => world, { ...settings, intervalMs: 5_000 });
    simulation.run(from + lastedMs + 30_000);
    assert.deepEqual(
      simulation.verdicts.map(({ view }) => view.verdict.verdict),
      ["ok", "internet_down", "ok"],
      `after ${lastedMs} ms`,
    );
  }
});

test("when names come back before pages do, the outage keeps its cause and ends once", () => {
  let broken = (_: Check): ProbeOutcome | undefined => undefined;
  const simulation = new Simulation(() => worldWithout((check) => broken(check)));
  simulation.run(61_000);
  const unresolved: ProbeOutcome = { ok: false, reason: "rcode", detail: "name not resolved" };
  broken = (check) => (check.kind === "dns" ? silence : check.role === "site" ? unresolved : undefined);
  simulation.run(60_000);
  assert.equal(simulation.view.verdict.verdict, "dns_down");
  const back = simulation.now;
  broken = (check) => (check.role === "site" && simulation.now < back + 4_000 ? unresolved : undefined);
  simulation.run(60_000);
  assert.equal(simulation.view.verdict.verdict, "ok");
  assert.equal(simulation.view.lastOutage?.verdict, "dns_down");
  assert.deepEqual(
    simulation.events.map(({ event_type }) => event_type),
    ["outage_started", "outage_ended"],
  );
});

test("what an outage turns into while it mends is not its cause; what it turns into for long is", () => {
  for (const [lateMs, cause] of [
    [12_000, "dns_down"],
    [60_000, "app_layer_down"],
  ] as const) {
    let broken = (_: Check): ProbeOutcome | undefined => undefined;
    const simulation = new Simulation(() => worldWithout((check) => broken(check)), { ...settings, intervalMs: 4_000 });
    simulation.run(61_000);
    broken = (check) => (check.kind === "dns" || check.role === "site" ? silence : undefined);
    simulation.run(60_000);
    assert.equal(simulation.view.verdict.verdict, "dns_down");
    const back = simulation.now;
    broken = (check) => (check.role === "site" && simulation.now < back + lateMs ? silence : undefined);
    simulation.run(90_000);
    assert.ok(simulation.verdicts.some(({ view }) => view.verdict.verdict === "app_layer_down"));
    assert.equal(simulation.view.lastOutage?.verdict, cause);
    assert.equal(simulation.events.at(-1)?.fields["verdict"], cause);
  }
});

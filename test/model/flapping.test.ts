import assert from "node:assert/strict";
import { test } from "node:test";
import { answer, Simulation, silence, type World } from "./simulation.ts";

const cut: World = (check) => (check.role === "gateway" ? answer : silence);

function flapping(everyMs: number, lastingMs: number): Simulation {
  let now: World = () => answer;
  const simulation = new Simulation(() => now);
  simulation.run(60_000);
  for (let passed = 0; passed < lastingMs; passed += 2 * everyMs) {
    now = cut;
    simulation.run(everyMs);
    now = () => answer;
    simulation.run(everyMs);
  }
  return simulation;
}

test("a line that comes and goes every five seconds is one state, told as flapping, and not told each time", () => {
  const simulation = flapping(5_000, 300_000);
  assert.equal(simulation.view.flapping, true);
  assert.ok(simulation.verdicts.length <= 10, `${simulation.verdicts.length} verdicts`);
  assert.ok(simulation.events.length <= 10, `${simulation.events.length} events`);
  simulation.run(400_000);
  assert.equal(simulation.view.flapping, false);
  assert.equal(simulation.view.verdict.verdict, "ok");
});

test("two short outages within ten minutes are two outages", () => {
  const simulation = flapping(20_000, 80_000);
  assert.equal(simulation.view.flapping, false);
  assert.deepEqual(
    simulation.events.map(({ event_type: type }) => type),
    ["outage_started", "outage_ended", "outage_started", "outage_ended"],
  );
});

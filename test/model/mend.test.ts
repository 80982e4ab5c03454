import assert from "node:assert/strict";
import { test } from "node:test";
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

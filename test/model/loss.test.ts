import assert from "node:assert/strict";
import { test } from "node:test";
import { answer, Simulation, silence, type World } from "./simulation.ts";

const hourMs = 3_600_000;

/** The same numbers in each run (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Packets get lost at random beyond the gateway; TCP and what runs over it sends again, which takes its time. */
function lossy(share: number, seed: number): World {
  const next = numbers(seed);
  return (check) => {
    if (check.role === "gateway") return answer;
    if (check.kind === "icmp") return next() < share ? silence : answer;
    let sent = 1;
    while (next() < share) {
      sent += 1;
      if (sent > 4) return silence;
    }
    return { ok: true, rttMs: 12 + (sent - 1) * 1_000 };
  };
}

function verdictsIn(share: number, seed: number) {
  const world = lossy(share, seed);
  const simulation = new Simulation(() => world);
  for (let minute = 0; minute < 60; minute += 1) simulation.run(hourMs / 60);
  return simulation;
}

test("one packet in a hundred lost at random is no outage and nothing to tell", () => {
  assert.deepEqual(
    verdictsIn(0.01, 1).verdicts.map(({ view }) => view.verdict.verdict),
    ["ok"],
  );
});

for (const share of [0.05, 0.2]) {
  test(`${share * 100} % of the packets lost at random is named as loss, and never an outage`, () => {
    const simulation = verdictsIn(share, 7);
    const seen = new Set(simulation.verdicts.map(({ view }) => view.verdict.verdict));
    assert.ok(seen.has("packet_loss"));
    // Names may come late now and then, with so many packets sent again.
    for (const verdict of seen) assert.ok(["ok", "packet_loss", "dns_slow"].includes(verdict ?? ""), verdict);
    assert.equal(simulation.view.today.downMs, 0);
  });
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleWidth } from "../../src/history/protocol.ts";
import { createQueue } from "../../src/history/queue.ts";
import { outageRow } from "./plain.ts";

const sample = (at: number, check = "icmp:a") => ({ at, check, ok: true, rttMs: 1 });

test("six hours of 1,000 checks a second never make it longer than a second's samples", () => {
  const queue = createQueue(100_000);
  const names = Array.from({ length: 1_000 }, (_, index) => `icmp:${index}`);
  let longest = 0;
  let taken = 0;
  for (let second = 0; second < 6 * 3_600; second += 1) {
    for (const check of names) queue.addSample({ at: second * 1_000, check, ok: false });
    longest = Math.max(longest, queue.rows);
    const batch = queue.take();
    if (batch === undefined) throw new Error("nothing to take");
    taken += batch.samples.reduce((sum, { length }) => sum + length / sampleWidth, 0);
    queue.settle(batch);
    if (second > 0) assert.equal(batch.checks.length, 0);
  }
  assert.deepEqual([longest, taken, queue.rows, queue.dropped], [1_000, 21_600_000, 0, 0]);
});

test("while nothing is taken it keeps the newest samples within its bound and counts what it lost", () => {
  const queue = createQueue(5_000);
  for (let at = 0; at < 100_000; at += 1) queue.addSample(sample(at));
  assert.ok(queue.rows <= 5_000 && queue.rows > 4_000 - 1, String(queue.rows));
  assert.equal(queue.rows + queue.dropped, 100_000);
  const batch = queue.take();
  assert.equal(batch?.samples.at(-1)?.at(-sampleWidth), 99_999);
});

test("the memory goes with the last of the samples that came before it, never ahead of them", () => {
  const queue = createQueue(100_000);
  for (let at = 0; at < 10_500; at += 1) queue.addSample(sample(at));
  queue.setMemory({ n: 10_500 });
  assert.equal(queue.take()?.memory, undefined);
  assert.equal(queue.take()?.memory, '{"n":10500}');
  assert.equal(queue.take(), undefined);
});

test("of a device only the newest state is taken, once, and with the memory", () => {
  const queue = createQueue(100_000);
  for (let at = 0; at < 10_500; at += 1) queue.addSample(sample(at));
  queue.setDevice("a", { n: 1 });
  queue.setDevice("b", { n: 1 });
  queue.setDevice("a", { n: 2 });
  queue.setDevice("b", undefined);
  queue.setActivity({ id: "a", day: "2026-01-15", cells: [1] });
  queue.setActivity({ id: "a", day: "2026-01-15", cells: [3] });
  queue.setActivity({ id: "a", day: "2026-01-16", cells: [1] });
  assert.deepEqual(queue.take()?.devices, []);
  const batch = queue.take();
  assert.deepEqual(batch?.devices, [
    { id: "a", state: '{"n":2}' },
    { id: "b", state: null },
  ]);
  assert.deepEqual(
    batch?.activity.map(({ day, cells }) => [day, cells]),
    [
      ["2026-01-15", [3]],
      ["2026-01-16", [1]],
    ],
  );
  assert.equal(queue.empty, true);
});

test("an outage that changes before it is committed is committed once, as it is then", () => {
  const queue = createQueue(1_000);
  queue.addOutage(outageRow(1, null));
  queue.addOutage(outageRow(1, 2));
  assert.deepEqual(queue.take()?.outages, [outageRow(1, 2)]);
});

test("a check is named until a batch that names it is settled, and again to a new worker", () => {
  const queue = createQueue(1_000);
  queue.addSample(sample(1));
  const first = queue.take();
  queue.addSample(sample(2));
  const second = queue.take();
  assert.deepEqual([first?.checks, second?.checks], [[[0, "icmp:a"]], [[0, "icmp:a"]]]);
  if (second !== undefined) queue.settle(second);
  queue.addSample(sample(3));
  assert.deepEqual(queue.take()?.checks, []);
  queue.forgetChecks();
  queue.addSample(sample(4));
  assert.deepEqual(queue.take()?.checks, [[0, "icmp:a"]]);
});

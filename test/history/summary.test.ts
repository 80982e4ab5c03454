import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createTally, mergeSummaries, type SampleSummary } from "../../src/history/summary.ts";

const rtt = fc.double({ min: 0, max: 5_000, noNaN: true });
const samples = fc.array(fc.option(rtt, { nil: undefined }), { maxLength: 200 });

function tallied(times: readonly (number | undefined)[]): SampleSummary {
  const tally = createTally();
  for (const time of times) tally.add(time !== undefined, time);
  return tally.summary();
}

const near = (a: number | undefined, b: number) =>
  a !== undefined && Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(b));

test("a tally counts, and its figures are those of a plain computation", () => {
  fc.assert(
    fc.property(samples, (times) => {
      const summary = tallied(times);
      const answered = times.filter((time) => time !== undefined);
      assert.equal(summary.count, times.length);
      assert.equal(summary.ok, answered.length);
      if (answered.length === 0) return assert.deepEqual(Object.keys(summary), ["count", "ok"]);
      assert.equal(summary.minMs, Math.min(...answered));
      assert.equal(summary.maxMs, Math.max(...answered));
      assert.ok(near(summary.meanMs, answered.reduce((a, b) => a + b, 0) / answered.length));
      const p95 = summary.p95Ms ?? Number.NaN;
      const notAbove = answered.filter((time) => time <= p95).length;
      const below = answered.filter((time) => time < p95).length;
      assert.ok(answered.includes(p95) && notAbove >= 0.95 * answered.length && below < 0.95 * answered.length);
      const steps = answered.slice(1).map((time, index) => Math.abs(time - (answered[index] ?? 0)));
      if (steps.length === 0) assert.equal(summary.jitterMs, undefined);
      else assert.ok(near(summary.jitterMs, steps.reduce((a, b) => a + b, 0) / steps.length));
    }),
  );
});

test("merged parts have the count, minimum, mean and maximum of the whole, and a p95 among those of the parts", () => {
  fc.assert(
    fc.property(fc.array(samples, { minLength: 1, maxLength: 12 }), (parts) => {
      const merged = mergeSummaries(parts.map(tallied));
      const whole = tallied(parts.flat());
      assert.deepEqual([merged.count, merged.ok], [whole.count, whole.ok]);
      assert.deepEqual([merged.minMs, merged.maxMs], [whole.minMs, whole.maxMs]);
      if (whole.meanMs === undefined) return assert.deepEqual(Object.keys(merged), ["count", "ok"]);
      assert.ok(near(merged.meanMs, whole.meanMs));
      const p95s = parts.map((part) => tallied(part).p95Ms).filter((p95) => p95 !== undefined);
      const p95 = merged.p95Ms ?? Number.NaN;
      assert.ok(p95 >= Math.min(...p95s) - 1e-9 && p95 <= Math.max(...p95s) + 1e-9, `${p95} of ${p95s}`);
    }),
  );
});

test("one bad twelfth of an hour shows in the hour's p95", () => {
  const good = tallied(Array.from({ length: 300 }, (_, index) => 10 + (index % 5)));
  const bad = tallied(Array.from({ length: 300 }, (_, index) => 480 + (index % 40)));
  const hour = mergeSummaries([...Array.from({ length: 11 }, () => good), bad]);
  assert.ok((hour.p95Ms ?? 0) > 400, String(hour.p95Ms));
});

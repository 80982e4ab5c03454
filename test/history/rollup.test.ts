import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createRollup, toSummary } from "../../src/history/rollup.ts";
import { createTally } from "../../src/history/summary.ts";
import { batchOf, exhaust, memoryDatabase, numberOf, type PlainSample } from "./plain.ts";

const start = Date.UTC(2026, 0, 15, 12);
const fiveMinutes = 300_000;
const hour = 3_600_000;

const sample = fc.record({
  at: fc.integer({ min: start, max: start + 3 * hour }),
  check: fc.integer({ min: 0, max: 3 }),
  ok: fc.boolean(),
  rttMs: fc.double({ min: 0, max: 1_000, noNaN: true }),
});
const history = fc.uniqueArray(sample, { maxLength: 400, selector: ({ at, check }) => `${at} ${check}` });

function plainly(samples: readonly PlainSample[], from: number, check: number) {
  const tally = createTally();
  const chosen = samples.filter((each) => each.check === check && each.at >= from && each.at < from + fiveMinutes);
  for (const { ok, rttMs } of chosen.toSorted((a, b) => a.at - b.at)) tally.add(ok, ok ? rttMs : undefined);
  return tally.summary();
}

test("figures of five minutes are those of a plain computation, whatever the size of the slices", () => {
  fc.assert(
    fc.property(history, fc.integer({ min: 1, max: 50 }), (samples, sliceRows) => {
      const { db, append } = memoryDatabase();
      append(batchOf(samples));
      const rollup = createRollup(db, sliceRows);
      exhaust(() => rollup(start + 4 * hour));
      const rows = db
        .prepare("select rollup5.*, name from rollup5 join checks on id = chk")
        .all()
        .map((row) => ({ key: `${row["at"]} ${row["name"]}`, at: Number(row["at"]), row }));
      const expected = new Set(samples.map(({ at, check }) => `${at - (at % fiveMinutes)} icmp:${check}`));
      assert.deepEqual(new Set(rows.map(({ key }) => key)), expected);
      for (const { at, row } of rows)
        assert.deepEqual(toSummary(row), plainly(samples, at, Number(String(row["name"]).slice(5))));
      db.close();
    }),
    { numRuns: 60 },
  );
});

test("an hour counts what its samples count", () => {
  fc.assert(
    fc.property(history, (samples) => {
      const { db, append } = memoryDatabase();
      append(batchOf(samples));
      const rollup = createRollup(db, 50);
      exhaust(() => rollup(start + 4 * hour));
      for (const row of db.prepare("select rollup60.*, name from rollup60 join checks on id = chk").all()) {
        const at = Number(row["at"]);
        const own = samples.filter(
          (each) => `icmp:${each.check}` === row["name"] && each.at >= at && each.at < at + hour,
        );
        assert.deepEqual([row["count"], row["ok"]], [own.length, own.filter(({ ok }) => ok).length]);
      }
      assert.equal(numberOf(db, "select coalesce(sum(count), 0) from rollup60"), samples.length);
      db.close();
    }),
    { numRuns: 60 },
  );
});

test("a sample in the last millisecond of an hour counts in that hour alone", () => {
  const { db, append } = memoryDatabase();
  append(batchOf([hour - 1, hour].map((part) => ({ at: start + part, check: 0, ok: true, rttMs: 5 }))));
  const rollup = createRollup(db, 50);
  exhaust(() => rollup(start + 4 * hour));
  assert.deepEqual(
    db
      .prepare("select at, count from rollup60 order by at")
      .all()
      .map((row) => [row["at"], row["count"]]),
    [
      [start, 1],
      [start + hour, 1],
    ],
  );
  db.close();
});

test("an interval that has not ended is not summed up, nor its hour", () => {
  const { db, append } = memoryDatabase();
  append(batchOf([0, 1, 2, 11].map((part) => ({ at: start + part * fiveMinutes + 7, check: 0, ok: true, rttMs: 5 }))));
  const rollup = createRollup(db, 100);
  exhaust(() => rollup(start + hour - 1));
  assert.equal(numberOf(db, "select count(*) from rollup5"), 3);
  assert.equal(numberOf(db, "select count(*) from rollup60"), 0);
  exhaust(() => rollup(start + hour));
  assert.equal(numberOf(db, "select count(*) from rollup5"), 4);
  assert.equal(numberOf(db, "select count from rollup60"), 4);
  db.close();
});

test("a month without the monitor is passed over at once", () => {
  const { db, append } = memoryDatabase();
  append(batchOf([0, 30 * 24 * hour].map((later) => ({ at: start + later, check: 0, ok: true, rttMs: 5 }))));
  const rollup = createRollup(db, 100);
  assert.ok(exhaust(() => rollup(start + 31 * 24 * hour)) <= 4);
  assert.equal(numberOf(db, "select count(*) from rollup60"), 2);
  db.close();
});

test("when a clock that was years ahead is put right, what comes then is summed up", () => {
  const { db, append } = memoryDatabase();
  const ahead = start + 4 * 365 * 24 * hour;
  append(batchOf([{ at: ahead, check: 0, ok: true, rttMs: 5 }]));
  const rollup = createRollup(db, 100);
  exhaust(() => rollup(ahead + 2 * hour));
  exhaust(() => rollup(start));
  append(batchOf([{ at: start + 10, check: 0, ok: true, rttMs: 5 }]));
  exhaust(() => rollup(start + 2 * hour));
  assert.equal(numberOf(db, `select count(*) from rollup5 where at = ${start}`), 1);
  assert.equal(numberOf(db, `select count(*) from rollup60 where at = ${start}`), 1);
  db.close();
});

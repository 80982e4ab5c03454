import assert from "node:assert/strict";
import { test } from "node:test";
import { createRetention } from "../../src/history/retention.ts";
import { createRollup } from "../../src/history/rollup.ts";
import { batchOf, exhaust, limits, memoryDatabase, numberOf, outageRow, type PlainSample } from "./plain.ts";

const start = Date.UTC(2024, 0, 1);
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

function steady(from: number, to: number, everyMs: number): readonly PlainSample[] {
  const count = Math.ceil((to - from) / everyMs);
  return Array.from({ length: count }, (_, index) => ({ at: from + index * everyMs, check: 0, ok: true, rttMs: 10 }));
}

/** A database that is given samples and kept house of, as the worker does it. */
function household(overrides: Partial<typeof limits> = {}) {
  const { db, append } = memoryDatabase();
  const bounds = { ...limits, ...overrides };
  const rollup = createRollup(db, bounds.sliceRows);
  const retention = createRetention(db, bounds);
  return {
    db,
    append: (samples: readonly PlainSample[], rest: Parameters<typeof batchOf>[1] = {}) =>
      retention.added(append(batchOf(samples, rest))),
    keepHouse: (now: number) => exhaust(() => rollup(now - minute) || retention.slice(now)),
  };
}

test("over three years raw samples stay 7 days, figures of 5 minutes 90 days, those of an hour, outages and events 400 days", () => {
  const { db, append, keepHouse } = household();
  const days = 3 * 365;
  for (let n = 0; n < days; n += 1) {
    const today = start + n * day;
    const outages = n % 30 === 0 ? [outageRow(today + 6 * hour, today + 7 * hour)] : [];
    append(steady(today, today + day, hour), {
      outages,
      events: [{ at: today, type: "outage_started", text: `${n}`, fields: "{}", mac: null }],
    });
    keepHouse(today + day);
  }
  const now = start + days * day;
  const oldest = (table: string, column = "at") => (now - numberOf(db, `select min(${column}) from ${table}`)) / day;
  const within = (value: number, least: number, most: number) =>
    assert.ok(value > least && value <= most, `${value} is not within ${least} and ${most} days`);
  within(oldest("rollup5"), 89.9, 90);
  within(oldest("rollup60"), 399.9, 400.1);
  within(oldest("event"), 399, 400);
  within(oldest("outage", "ended"), 369, 400);
  assert.equal(numberOf(db, `select count(*) from sample where at >= ${now - 7 * day}`), 7 * 24);
  const old = db.prepare("select at from sample where at < ? order by at").all(now - 7 * day);
  const edges = db.prepare("select started as at from outage union select ended from outage").all();
  const near = (at: unknown) => edges.some((edge) => Math.abs(Number(edge["at"]) - Number(at)) <= limits.protectMs);
  assert.ok(old.every((row) => near(row["at"])));
  // At an hour apart each edge has one sample.
  assert.equal(old.length, numberOf(db, `select count(*) * 2 from outage where ended < ${now - 7 * day}`));
  db.close();
});

test("samples ten minutes around an outage's start and end stay as long as the outage, and go with it", () => {
  const { db, append, keepHouse } = household();
  const outage = outageRow(start + 3 * hour, start + 5 * hour);
  append(steady(start, start + 8 * hour, 10_000), { outages: [outage] });
  keepHouse(start + 30 * day);
  const kept = db
    .prepare("select at from sample order by at")
    .all()
    .map((row) => Number(row["at"]));
  const expected = steady(start, start + 8 * hour, 10_000)
    .map(({ at }) => at)
    .filter((at) =>
      [3, 5].some((n) => at >= start + n * hour - limits.protectMs && at < start + n * hour + limits.protectMs),
    );
  assert.deepEqual(kept, expected);
  keepHouse(start + 402 * day);
  assert.equal(numberOf(db, "select count(*) from sample"), 0);
  assert.equal(numberOf(db, "select count(*) from outage"), 0);
  db.close();
});

test("an outage that goes on is never forgotten", () => {
  const { db, append, keepHouse } = household();
  append([], { outages: [outageRow(start, null)] });
  keepHouse(start + 1_000 * day);
  assert.equal(numberOf(db, "select count(*) from outage"), 1);
  db.close();
});

test("more samples than the bound: the oldest go, those around outages last", () => {
  const { db, append, keepHouse } = household({ rawRows: 1_000 });
  append(steady(start, start + 3 * hour, 1_000), { outages: [outageRow(start + hour, start + hour + minute)] });
  keepHouse(start + 4 * hour);
  assert.equal(numberOf(db, "select count(*) from sample"), 1_260);
  assert.equal(numberOf(db, `select count(*) from sample where at < ${start + 50 * minute}`), 0);
  assert.equal(numberOf(db, `select count(*) from sample where at < ${start + 71 * minute}`), 21 * 60);
  db.close();
});

test("when almost all is around outages the bound still holds twice over", () => {
  const { db, append, keepHouse } = household({ rawRows: 1_000 });
  const outages = Array.from({ length: 36 }, (_, n) =>
    outageRow(start + n * 5 * minute, start + n * 5 * minute + 1_000),
  );
  append(steady(start, start + 3 * hour, 1_000), { outages });
  keepHouse(start + 4 * hour);
  assert.equal(numberOf(db, "select count(*) from sample"), 2_000);
  db.close();
});

test("what is not summed up yet is not deleted, however old", () => {
  const { db, append } = memoryDatabase();
  append(batchOf(steady(start, start + hour, minute)));
  const retention = createRetention(db, limits);
  exhaust(() => retention.slice(start + 30 * day));
  assert.equal(numberOf(db, "select count(*) from sample"), 60);
  db.close();
});

test("one slice deletes no more than its share", () => {
  const { db, append } = memoryDatabase();
  append(batchOf(steady(start, start + hour, 1_000)));
  const rollup = createRollup(db, 1_000);
  exhaust(() => rollup(start + 2 * hour));
  const retention = createRetention(db, limits);
  retention.slice(start + 30 * day);
  assert.equal(numberOf(db, "select count(*) from sample"), 3_600 - limits.sliceRows);
  db.close();
});

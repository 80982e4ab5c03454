import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { HistoryPoint } from "../../src/history/protocol.ts";
import { answerQuery, mostPoints } from "../../src/history/queries.ts";
import { createRetention } from "../../src/history/retention.ts";
import { createRollup } from "../../src/history/rollup.ts";
import { batchOf, exhaust, limits, memoryDatabase, outageRow } from "./plain.ts";

const start = Date.UTC(2026, 0, 1);
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** 120 days of one sample a minute; an outage on the tenth day. The sample of minute n took n % 7 ms. */
function longHistory() {
  const { db, append } = memoryDatabase();
  const rollup = createRollup(db, 5_000);
  const retention = createRetention(db, { ...limits, sliceRows: 5_000 });
  const perDay = day / minute;
  for (let n = 0; n < 120; n += 1) {
    const samples = Array.from({ length: perDay }, (_, index) => ({
      at: start + n * day + index * minute,
      check: 0,
      ok: index % 10 !== 0,
      rttMs: index % 7,
    }));
    const outages = n === 10 ? [outageRow(start + 10 * day + hour, start + 10 * day + hour + minute)] : [];
    retention.added(append(batchOf(samples, { outages })));
    exhaust(() => rollup(start + (n + 1) * day - minute) || retention.slice(start + (n + 1) * day));
  }
  const now = start + 120 * day;
  const samples = (from: number, to: number) =>
    answerQuery(db, { kind: "samples", check: "icmp:0", from, to }, limits.protectMs) as readonly HistoryPoint[];
  return { db, now, samples };
}

const count = (points: readonly HistoryPoint[]) => points.reduce((sum, point) => sum + point.count, 0);

describe("of 120 days", () => {
  let history: ReturnType<typeof longHistory>;
  before(() => {
    history = longHistory();
  });
  after(() => history.db.close());

  test("whatever the span, all samples are counted once in at most 2,000 points in the order of time", () => {
    const { now, samples } = history;
    for (const span of [hour, 6 * hour, 7 * hour, day, 6 * day, 7 * day, 30 * day, 83 * day, 100 * day, 120 * day]) {
      const points = samples(now - span, now);
      assert.equal(count(points), span / minute, `${span / hour} hours`);
      assert.ok(points.length <= mostPoints && points.length >= Math.min(span / minute, 60));
      assert.ok(points.every((point, index) => index === 0 || point.at > (points[index - 1]?.at ?? 0)));
      assert.ok(points.every((point) => point.at >= now - span && point.at < now));
    }
  });

  test("up to six hours there is a point a sample, with its own time", () => {
    const { now, samples } = history;
    const points = samples(now - hour, now);
    assert.equal(points.length, 60);
    assert.deepEqual(points[1], { at: now - 59 * minute, count: 1, ok: 1, minMs: 2, meanMs: 2, p95Ms: 2, maxMs: 2 });
  });

  test("where raw samples are gone the coarser figures answer", () => {
    const { now, samples } = history;
    const weeksAgo = samples(now - 30 * day, now - 30 * day + 2 * hour);
    assert.equal(count(weeksAgo), 120);
    assert.equal(weeksAgo.length, 24);
    const monthsAgo = samples(now - 100 * day, now - 100 * day + 2 * hour);
    assert.equal(count(monthsAgo), 120);
    assert.equal(monthsAgo.length, 2);
  });

  test("around an outage of long ago the raw samples answer", () => {
    const { samples } = history;
    const at = start + 10 * day + hour;
    assert.equal(samples(at - 5 * minute, at + 5 * minute).length, 10);
  });
});

test("a check that never was has no points", () => {
  const { db, append } = memoryDatabase();
  append(batchOf([{ at: start, check: 0, ok: true, rttMs: 1 }]));
  const query = { kind: "samples", check: "icmp:9", from: 0, to: start + day } as const;
  assert.deepEqual(answerQuery(db, query, limits.protectMs), []);
  db.close();
});

test("outages that touch the time are found, an ongoing one too", () => {
  const { db, append } = memoryDatabase();
  const rows = [outageRow(1_000, 2_000), outageRow(3_000, 4_000), outageRow(5_000, null)];
  append(batchOf([], { outages: rows }));
  const started = (from: number, to: number) =>
    (answerQuery(db, { kind: "outages", from, to }, 0) as typeof rows).map((row) => row.started);
  assert.deepEqual(started(0, 10_000), [1_000, 3_000, 5_000]);
  assert.deepEqual(started(1_500, 3_001), [1_000, 3_000]);
  assert.deepEqual(started(2_001, 3_000), []);
  assert.deepEqual(started(90_000, 99_000), [5_000]);
  db.close();
});

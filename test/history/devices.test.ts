import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { parseDevice } from "../../src/history/devices.ts";
import { parseMemory } from "../../src/history/memory.ts";
import { answerQuery } from "../../src/history/queries.ts";
import { createRetention } from "../../src/history/retention.ts";
import { deviceState } from "./device-example.ts";
import { batchOf, exhaust, limits, memoryDatabase, numberOf } from "./plain.ts";

describe("a stored device", () => {
  test("comes back as it was", () => {
    const full = deviceState(1);
    assert.deepEqual(parseDevice(JSON.parse(JSON.stringify(full))), full);
    const { connected: _c, presence: _p, place: _pl, traffic: _t, ...bare } = full;
    assert.deepEqual(parseDevice(JSON.parse(JSON.stringify(bare))), bare);
  });

  for (const [what, change] of [
    ["an id that is not its MAC's", { id: "020000000002" }],
    ["a MAC of a group", { mac: "01:00:5e:00:00:01", macs: ["01:00:5e:00:00:01"], id: "01005e000001" }],
    ["no MAC", { macs: [] }],
    ["a MAC that is not its first", { macs: ["02:00:00:00:00:09", "02:00:00:00:00:01"] }],
    ["a day of 23 hours", { activity: { day: "2026-01-15", cells: Array(23).fill(0) } }],
    ["an eleventh slot", { activity: { day: "2026-01-15", cells: Array(24).fill(0x400) } }],
    ["a time that is text", { lastSeen: "yesterday" }],
    ["a sighting without its MAC", { sightings: { alien: { at: 1, connectedAt: 1, missed: 0, sighting: {} } } }],
  ] as const)
    test(`with ${what} is none`, () => {
      assert.equal(parseDevice({ ...deviceState(1), ...change }), undefined);
    });

  test("is a device or none, whatever is stored", () => {
    const key = fc.constantFrom(...Object.keys(deviceState(1)));
    fc.assert(
      fc.property(fc.dictionary(key, fc.jsonValue()), (change) => {
        const parsed = parseDevice({ ...deviceState(1), ...change });
        assert.ok(parsed === undefined || parsed.id === parsed.mac.replaceAll(":", ""));
      }),
    );
  });
});

describe("the memory", () => {
  const old = {
    version: 1,
    at: 1,
    monitoring: true,
    today: { day: "2026-01-15", cycles: 0, okCycles: 0, upMs: 0, downMs: 0, noDataMs: 0, outages: 0 },
    answered: {},
  };
  test("of a version without devices is read", () => {
    assert.deepEqual(parseMemory(old), old);
  });

  test("keeps what the user decided", () => {
    const decided = {
      ...old,
      externalIp: "203.0.113.7",
      decisions: {
        known: { "02:00:00:00:00:01": { name: "Anna" }, "02:00:00:00:00:02": {} },
        ignored: { "02:00:00:00:00:03": "TV" },
        joins: [{ macs: ["02:00:00:00:00:01", "02:00:00:00:00:04"], name: "Anna" }, { macs: ["02:00:00:00:00:05"] }],
      },
    };
    assert.deepEqual(parseMemory(decided), decided);
  });
});

describe("in the database", () => {
  const cells = (...hours: readonly (readonly [number, number])[]) => {
    const found = Array<number>(24).fill(0);
    for (const [hour, mask] of hours) found[hour] = mask;
    return found;
  };

  test("slots of activity are never taken back within a day", () => {
    const { db, append } = memoryDatabase();
    const day = "2026-01-15";
    append(batchOf([], { activity: [{ id: "a", day, cells: cells([0, 1], [23, 0x3ff]) }] }));
    append(batchOf([], { activity: [{ id: "a", day, cells: cells([0, 6]) }] }));
    append(batchOf([], { activity: [{ id: "b", day: "2026-01-16", cells: cells([5, 2]) }] }));
    const ask = (more: object) =>
      answerQuery(db, { kind: "activity", fromDay: "2026-01-15", toDay: "2026-01-16", ...more }, 0);
    assert.deepEqual(ask({}), [
      { id: "a", day, cells: cells([0, 7], [23, 0x3ff]) },
      { id: "b", day: "2026-01-16", cells: cells([5, 2]) },
    ]);
    assert.deepEqual(ask({ id: "b" }), [{ id: "b", day: "2026-01-16", cells: cells([5, 2]) }]);
    assert.deepEqual(ask({ toDay: day, id: "b" }), []);
    db.close();
  });

  test("a device's state is replaced, and gone when it is removed, while its activity stays", () => {
    const { db, append } = memoryDatabase();
    append(
      batchOf([], {
        devices: [
          { id: "a", state: "1" },
          { id: "b", state: "2" },
        ],
      }),
    );
    append(
      batchOf([], {
        devices: [
          { id: "a", state: "3" },
          { id: "b", state: null },
        ],
        activity: [{ id: "b", day: "2026-01-15", cells: cells([1, 1]) }],
      }),
    );
    assert.deepEqual(answerQuery(db, { kind: "devices" }, 0), ["3"]);
    assert.equal(numberOf(db, "select count(*) from activity"), 1);
    db.close();
  });

  test("events are found by any MAC of the device, the newest of them in order", () => {
    const { db, append } = memoryDatabase();
    const event = (at: number, mac: string | null) => ({ at, type: "device_joined", text: `${at}`, fields: "{}", mac });
    append(batchOf([], { events: [event(1, "m1"), event(2, "m2"), event(3, null), event(4, "m3"), event(5, "m1")] }));
    const ask = (limit: number) => {
      const found = answerQuery(db, { kind: "events", macs: ["m1", "m2"], limit }, 0);
      return (found as readonly { at: number }[]).map(({ at }) => at);
    };
    assert.deepEqual(ask(10), [1, 2, 5]);
    assert.deepEqual(ask(2), [2, 5]);
    db.close();
  });

  test("activity goes after the days of retention, a slice at a time", () => {
    const { db, append } = memoryDatabase();
    const now = Date.UTC(2026, 5, 1);
    const day = (n: number) => new Date(now - n * 86_400_000).toISOString().slice(0, 10);
    const activity = Array.from({ length: 500 }, (_, n) => ({ id: "a", day: day(n), cells: cells([1, 1]) }));
    append(batchOf([], { activity }));
    const retention = createRetention(db, { ...limits, sliceRows: 30 });
    retention.slice(now);
    assert.equal(numberOf(db, "select count(*) from activity"), 470);
    exhaust(() => retention.slice(now));
    assert.equal(numberOf(db, "select count(*) from activity"), 401);
    db.close();
  });
});

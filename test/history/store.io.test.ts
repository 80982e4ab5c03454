import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { StoreError } from "../../src/history/errors.ts";
import { openStore } from "../../src/history/store.ts";
import { systemClock } from "../../src/lib/clock.ts";
import type { Outage } from "../../src/model/view.ts";
import { FakeClock } from "../fakes/fake-clock.ts";
import { eventually } from "../ha/eventually.ts";
import { keptLog, openedStore, readNumber, smallDisk, temporaryDirectory } from "./place.ts";

const outage: Outage = {
  started: 1_000,
  verdict: "dns_down",
  severity: "outage",
  blame: "dns",
  place: "all resolvers",
  confidence: 87.5,
  advice: "Try another resolver.",
  evidence: [{ layer: "dns", result: "bad", detail: "no answer; 'quoted' \"text\"" }],
};

const options = (file: string, log = keptLog()) => ({ file, clock: systemClock, log, retentionDays: 400 });

/** Resolves with the error that opening gives. */
async function refusal(file: string): Promise<StoreError> {
  const opened = await openStore(options(file)).catch((error: unknown) => error);
  if (opened instanceof StoreError) return opened;
  throw new Error("it was opened", { cause: opened });
}

test("what was given to a store that was closed is there when it is opened again", async (t) => {
  const file = join(temporaryDirectory(t), "deep", "netwarden.db");
  const first = await openedStore(t, file);
  assert.equal(await first.loadMemory(), undefined);
  first.appendSamples([
    { at: 5_000, check: "icmp:a", ok: true, rttMs: 12.5 },
    { at: 5_000.4, check: "icmp:b", ok: true, rttMs: 1 },
    { at: 6_000, check: "icmp:a", ok: false },
  ]);
  first.recordOutage(outage);
  first.recordOutage({ ...outage, ended: 9_000 });
  first.recordEvent({ event_type: "outage_ended", at: 9_000, text: "It is back.", fields: { duration: 8 } });
  first.saveMemory({ version: 1, deep: [1, { two: null }] });
  await first.close();
  assert.deepEqual(readdirSync(join(file, "..")), ["netwarden.db"]);

  const second = await openedStore(t, file);
  assert.deepEqual(await second.loadMemory(), { version: 1, deep: [1, { two: null }] });
  assert.deepEqual(await second.outages({ from: 0, to: 10_000 }), [{ ...outage, ended: 9_000 }]);
  assert.deepEqual(await second.samples({ check: "icmp:a", from: 0, to: 10_000 }), [
    { at: 5_000, count: 1, ok: 1, minMs: 12.5, meanMs: 12.5, p95Ms: 12.5, maxMs: 12.5 },
    { at: 6_000, count: 1, ok: 0 },
  ]);
  await second.close();
  assert.equal(readNumber(file, "select count(*) from event where type = 'outage_ended'"), 1);
});

test("what is given is committed within about a second, without closing", async (t) => {
  const file = join(temporaryDirectory(t), "netwarden.db");
  const store = await openedStore(t, file);
  store.appendSamples([{ at: 1, check: "icmp:a", ok: false }]);
  await eventually("the sample is committed", () => readNumber(file, "select count(*) from sample") === 1, 3_000);
  assert.deepEqual(store.status(), { waiting: 0, lost: 0, failing: false });
});

test("questions are answered, whole batches at a time, while a thousand rows a commit are written", async (t) => {
  const store = await openedStore(t, join(temporaryDirectory(t), "netwarden.db"));
  const now = 1_700_000_000_000;
  for (let round = 0; round < 60; round += 1) {
    store.appendSamples(
      Array.from({ length: 1_000 }, (_, index) => ({ at: now + round, check: `icmp:${index}`, ok: true, rttMs: 1 })),
    );
    const [all, memory] = await Promise.all([
      store.samples({ check: "icmp:0", from: now, to: now + 1_000 }),
      store.loadMemory(),
    ]);
    const last = await store.samples({ check: "icmp:999", from: now, to: now + 1_000 });
    assert.equal(memory, undefined);
    const count = (points: typeof all) => points.reduce((sum, point) => sum + point.count, 0);
    assert.ok(count(last) >= count(all), "the last row of a batch is there when its first is");
  }
  await eventually("all is committed", async () => {
    const points = await store.samples({ check: "icmp:7", from: now, to: now + 1_000 });
    return points.length === 60;
  });
});

test("housekeeping runs by the clock and sums up what is two minutes old", async (t) => {
  const file = join(temporaryDirectory(t), "netwarden.db");
  const clock = new FakeClock();
  const store = await openedStore(t, file, { clock });
  const from = clock.now() - (clock.now() % 300_000) - 300_000;
  store.appendSamples([{ at: from, check: "icmp:a", ok: true, rttMs: 3 }]);
  await clock.advance(1_000);
  await eventually("it is committed", () => store.status().waiting === 0);
  await clock.advance(60_000);
  await eventually("it is summed up", async () => {
    await clock.advance(100);
    return readNumber(file, "select count(*) from rollup5") === 1;
  });
  await store.close();
});

test("a damaged file is kept aside whole, the error says where, and a new history begins", async (t) => {
  const dir = temporaryDirectory(t);
  const file = join(dir, "netwarden.db");
  writeFileSync(file, "not a database at all, ".repeat(500));
  const log = keptLog();
  const store = await openedStore(t, file, { log });
  store.saveMemory({ n: 1 });
  await store.close();
  const kept = readdirSync(dir).find((name) => name.startsWith("netwarden.db.corrupt-")) ?? "";
  assert.equal(readFileSync(join(dir, kept), "utf8"), "not a database at all, ".repeat(500));
  assert.match(log.lines.join("\n"), /^error history: the database was damaged/);
  assert.match(JSON.stringify(log.fields), new RegExp(kept));
  assert.equal(readNumber(file, "select count(*) from kv where key = 'memory'"), 1);
});

test("damage that shows while writing moves the file aside too, and what waits goes to the new one", async (t) => {
  const dir = temporaryDirectory(t);
  const file = join(dir, "netwarden.db");
  const first = await openedStore(t, file);
  first.appendSamples(
    Array.from({ length: 50_000 }, (_, at) => ({ at, check: `icmp:${at % 50}`, ok: true, rttMs: 1 })),
  );
  await first.close();
  const bytes = readFileSync(file);
  // The pages of the samples, not the first ones that opening reads.
  bytes.fill(0x5a, 4096 * 30);
  writeFileSync(file, bytes);
  const log = keptLog();
  const second = await openedStore(t, file, { log });
  second.appendSamples(Array.from({ length: 100 }, (_, at) => ({ at: at * 499, check: "icmp:1", ok: true, rttMs: 2 })));
  await eventually("a new file has the samples", () => readNumber(file, "select count(*) from sample") === 100, 20_000);
  assert.ok(readdirSync(dir).some((name) => name.startsWith("netwarden.db.corrupt-")));
  assert.match(log.lines.join("\n"), /error history: the database was damaged/);
});

test("a file of a newer version is refused with what to do, and left as it is", async (t) => {
  const dir = temporaryDirectory(t);
  const file = join(dir, "netwarden.db");
  const db = new DatabaseSync(file);
  db.exec("create table later (x); pragma user_version = 99");
  db.close();
  const error = await refusal(file);
  assert.equal(error.code, "newer");
  assert.match(error.message, /newer version of Netwarden: install that version again/);
  assert.deepEqual(readdirSync(dir), ["netwarden.db"]);
  assert.equal(readNumber(file, "select count(*) from later"), 0);
});

test("a data directory that can't be made, or a read-only disk, is refused with what to do", async (t) => {
  const dir = temporaryDirectory(t);
  writeFileSync(join(dir, "file"), "");
  const under = await refusal(join(dir, "file", "netwarden.db"));
  assert.equal(under.code, "unwritable");
  assert.match(under.message, /give the program write access/);
  mkdirSync(join(dir, "netwarden.db"));
  assert.equal((await refusal(join(dir, "netwarden.db"))).code, "unwritable");
});

test("a file that exists on a disk that became read-only is refused at once, not at the first batch", async (t) => {
  const dir = smallDisk(t, "4m");
  const file = join(dir, "netwarden.db");
  const store = await openedStore(t, file);
  await store.close();
  execFileSync("mount", ["-o", "remount,ro", dir]);
  const error = await refusal(file);
  assert.equal(error.code, "unwritable");
  assert.ok(existsSync(file));
});

test("without the file's thread questions are refused, and closing twice ends", async (t) => {
  const store = await openedStore(t, join(temporaryDirectory(t), "netwarden.db"));
  await Promise.all([store.close(), store.close()]);
  await assert.rejects(store.loadMemory(), (error) => error instanceof StoreError && error.code === "worker");
});

import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { StoreError } from "../../src/history/errors.ts";
import { openStore } from "../../src/history/store.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { FakeClock } from "../fakes/fake-clock.ts";
import { eventually } from "../ha/eventually.ts";
import { integrity, keptLog, openedStore, readNumber, smallDisk } from "./place.ts";

test("on a full disk it says once what to do, keeps what is committed, and goes on when there is room", async (t) => {
  const dir = smallDisk(t, "2m");
  const file = join(dir, "netwarden.db");
  const clock = new FakeClock();
  const log = keptLog();
  const store = await openedStore(t, file, { clock, log });
  writeFileSync(join(dir, "ballast"), Buffer.alloc(1_000_000));

  let at = 0;
  const give = () => {
    const samples = Array.from({ length: 1_000 }, () => ({ at: at++, check: "icmp:a", ok: true, rttMs: at / 7 }));
    store.appendSamples(samples);
  };
  await eventually("the disk is full", async () => {
    if (store.status().waiting === 0) give();
    await clock.advance(1);
    return store.status().failing;
  });
  const committed = readNumber(file, "select count(*) from sample");
  assert.ok(committed >= 1_000, `${committed} rows before the disk was full`);
  for (let n = 0; n < 200; n += 1) give();
  for (let n = 0; n < 3; n += 1) await clock.advance(10_000);
  assert.equal(readNumber(file, "select count(*) from sample"), committed);
  assert.deepEqual(log.lines, ["warn history: nothing can be written at the moment; what is measured waits"]);
  assert.match(JSON.stringify(log.fields), /the disk of .* is full: free some space/);
  const { waiting, lost } = store.status();
  assert.ok(waiting <= 111_000 && lost >= 90_000, `${waiting} wait, ${lost} are lost`);

  rmSync(join(dir, "ballast"));
  await eventually("it is written again", async () => {
    await clock.advance(10_000);
    return readNumber(file, "select count(*) from sample") > committed;
  });
  await eventually("it says so", () => log.lines.includes("info history: it is written again"));
  await store.close();
  assert.equal(integrity(file), "ok");
});

test("a disk that is full at the start is refused with what to do", async (t) => {
  const dir = smallDisk(t, "64k");
  writeFileSync(join(dir, "ballast"), Buffer.alloc(60_000));
  const log = keptLog();
  const opened = openStore({ file: join(dir, "netwarden.db"), clock: systemClock, log, retentionDays: 400 });
  await assert.rejects(opened, (error) => error instanceof StoreError && error.code === "full");
});

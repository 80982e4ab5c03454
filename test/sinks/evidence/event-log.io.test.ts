import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { createEventLogSink, type EventLogOptions } from "../../../src/sinks/evidence/event-log.ts";
import { exampleView } from "../../fakes/example-view.ts";
import { FakeClock } from "../../fakes/fake-clock.ts";
import { eventually } from "../../ha/eventually.ts";
import { keptLog, smallDisk, temporaryDirectory } from "../../history/place.ts";

/** Local noon of a day of January 2026. */
const noon = (day: number) => new Date(2026, 0, day, 12).getTime();

/** A running sink. `tell` gives it one event. */
function running(t: TestContext, dir: string, more: Partial<EventLogOptions> = {}) {
  const clock = new FakeClock(noon(15));
  const log = keptLog();
  const fallbackDir = join(dir, "data", "evidence");
  const sink = createEventLogSink({ dir, fallbackDir, maxBytes: 1e9, clock, log, ...more });
  const stop = new AbortController();
  const ended = sink.run(stop.signal);
  const end = () => {
    stop.abort();
    return ended;
  };
  t.after(end);
  const tell = (text: string, at: number = clock.now()) =>
    sink.push({
      view: exampleView(),
      events: [{ event_type: "router_lost", at, text, fields: {} }],
      observations: [],
      devices: new Map(),
    });
  return { clock, log, tell, end, fallbackDir };
}

const text = (...path: string[]) => readFileSync(join(...path), "utf8");

test("each event is one line of its local day's file, over restarts too", async (t) => {
  const dir = join(temporaryDirectory(t), "evidence");
  const first = running(t, dir);
  first.tell("one");
  first.tell("two", noon(16));
  await first.end();
  const second = running(t, dir);
  second.tell("three", noon(16) + 1_000);
  await second.end();
  assert.deepEqual(readdirSync(dir).toSorted(), ["01-15-2026-netlog.txt", "01-16-2026-netlog.txt"]);
  assert.equal(text(dir, "01-15-2026-netlog.txt"), "one @ 12:00:00\n");
  assert.equal(text(dir, "01-16-2026-netlog.txt"), "two @ 12:00:00\nthree @ 12:00:01\n");
});

test("a line that a power cut tore is ended, and the next one is whole", async (t) => {
  const dir = temporaryDirectory(t);
  writeFileSync(join(dir, "01-15-2026-netlog.txt"), "torn");
  const { tell, end } = running(t, dir);
  tell("whole");
  await end();
  assert.equal(text(dir, "01-15-2026-netlog.txt"), "torn\nwhole @ 12:00:00\n");
});

test("the oldest days go when all are too much; today's and others' files stay", async (t) => {
  const dir = temporaryDirectory(t);
  for (const name of ["12-31-2025", "01-01-2026", "01-02-2026"])
    writeFileSync(join(dir, `${name}-netlog.txt`), "x".repeat(1_000));
  writeFileSync(join(dir, "notes-netlog.txt"), "x".repeat(5_000));
  const { tell, end } = running(t, dir, { maxBytes: 1_500 });
  tell("now");
  await end();
  assert.deepEqual(readdirSync(dir).toSorted(), ["01-02-2026-netlog.txt", "01-15-2026-netlog.txt", "notes-netlog.txt"]);
});

test("a directory that can't be written is told once, and the data directory is used", async (t) => {
  const dir = join(temporaryDirectory(t), "file");
  writeFileSync(dir, "");
  const fallbackDir = join(temporaryDirectory(t), "evidence");
  const { tell, end, log } = running(t, dir, { fallbackDir });
  tell("one");
  tell("two");
  await end();
  assert.equal(text(fallbackDir, "01-15-2026-netlog.txt"), "one @ 12:00:00\ntwo @ 12:00:00\n");
  assert.equal(log.lines.length, 1);
  assert.match(log.lines[0] ?? "", /^warn .*data directory is used/);
});

test("while the disk is full lines wait whole, and are written when there is room", async (t) => {
  const dir = smallDisk(t, "64k");
  const { tell, clock, log, end } = running(t, dir, { fallbackDir: dir });
  tell("before");
  await eventually("the first line", () => existsSync(join(dir, "01-15-2026-netlog.txt")));
  const fill = "x".repeat(4_096);
  assert.throws(() => {
    for (let n = 0; n < 100; n += 1) writeFileSync(join(dir, "fill"), fill, { flag: "a" });
  }, /ENOSPC/);
  for (let n = 0; n < 800; n += 1) tell(`line ${n} ${"y".repeat(20)}`);
  await eventually("the warning", () => log.lines.length === 1);
  assert.match(log.lines[0] ?? "", /^warn evidence can't be written/);
  for (let n = 0; n < 3; n += 1) {
    await eventually("the wait before the next attempt", () => clock.pending === 1);
    await clock.advance(10_000);
  }
  assert.equal(log.lines.length, 1);
  assert.equal(text(dir, "01-15-2026-netlog.txt").at(-1), "\n");
  rmSync(join(dir, "fill"));
  await clock.advance(60_000);
  await eventually("the end of waiting", () => log.lines.length === 2);
  await end();
  const lines = text(dir, "01-15-2026-netlog.txt").trimEnd().split("\n");
  assert.ok(lines.every((line) => /^(before|line \d+ y{20}) @ 12:00:\d\d$/.test(line)));
  assert.equal(lines.length, 801);
});

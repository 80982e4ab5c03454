import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Observation } from "../../../src/model/types.ts";
import { createMtrLogSink, type MtrLogOptions } from "../../../src/sinks/evidence/mtr-log.ts";
import { exampleView } from "../../fakes/example-view.ts";
import { FakeClock } from "../../fakes/fake-clock.ts";
import { eventually } from "../../ha/eventually.ts";
import { keptLog, smallDisk, temporaryDirectory } from "../../history/place.ts";

const january = Date.UTC(2026, 0, 31, 23, 59, 30);
const february = Date.UTC(2026, 1, 1, 0, 0, 5);
const line = "=".repeat(60);

const path = (
  host: string,
  startedAt: number,
  more: Partial<Extract<Observation, { type: "path" }>> = {},
): Observation => ({
  type: "path",
  at: startedAt + 5_000,
  startedAt,
  target: { slug: "x", host },
  mode: "baseline",
  hops: [{ ttl: 1, address: "192.168.1.1", sent: 5, answered: 5 }],
  reached: true,
  tool: "mtr",
  text: "Start: now\n  1.|-- 192.168.1.1",
  ...more,
});

function running(t: TestContext, dir: string, more: Partial<MtrLogOptions> = {}) {
  const clock = new FakeClock(january);
  const log = keptLog();
  const sink = createMtrLogSink({
    dir,
    fallbackDir: join(dir, "data", "evidence"),
    maxBytes: 1e9,
    clock,
    log,
    ...more,
  });
  const stop = new AbortController();
  const ended = sink.run(stop.signal);
  const end = () => {
    stop.abort();
    return ended;
  };
  t.after(end);
  const tell = (...observations: Observation[]) =>
    sink.push({ view: exampleView(), events: [], observations, devices: new Map() });
  return { clock, log, tell, end };
}

const text = (...parts: string[]) => readFileSync(join(...parts), "utf8");

test("each target has one file, with a head for each run", async (t) => {
  const dir = join(temporaryDirectory(t), "evidence");
  const { tell, end } = running(t, dir);
  tell(path("1.1.1.1", january), path("2606:4700::1111", january));
  tell(path("1.1.1.1", january + 1_000, { mode: "intensive", tool: "traceroute", text: "again\n" }));
  await end();
  assert.deepEqual(readdirSync(dir).toSorted(), ["mtr_1_1_1_1.log", "mtr_2606_4700__1111.log"]);
  assert.equal(
    text(dir, "mtr_1_1_1_1.log"),
    `\n${line}\nRun at: 20260131_235930\nMode: baseline, 5 packets a hop, by mtr, to 1.1.1.1\n${line}\nStart: now\n  1.|-- 192.168.1.1\n` +
      `\n${line}\nRun at: 20260131_235931\nMode: intensive, 5 packets a hop, by traceroute, to 1.1.1.1\n${line}\nagain\n`,
  );
});

test("a trace that failed is written with its reason", async (t) => {
  const dir = temporaryDirectory(t);
  const { tell, end } = running(t, dir);
  tell({
    type: "path-failed",
    at: january,
    target: { slug: "x", host: "1.1.1.1" },
    mode: "intensive",
    reason: "there is no route",
  });
  await end();
  assert.match(
    text(dir, "mtr_1_1_1_1.log"),
    /Run at: 20260131_235930\nMode: intensive, to 1\.1\.1\.1\n=+\nNo trace: there is no route\n$/,
  );
});

test("a new month begins a new file, over restarts too, and no name is taken twice", async (t) => {
  const dir = temporaryDirectory(t);
  writeFileSync(join(dir, "mtr_1_1_1_1-2026-01.log"), "of before");
  const first = running(t, dir);
  first.tell(path("1.1.1.1", january));
  await first.end();
  const second = running(t, dir);
  second.tell(path("1.1.1.1", february));
  await second.end();
  assert.deepEqual(readdirSync(dir).toSorted(), [
    "mtr_1_1_1_1-2026-01.2.log",
    "mtr_1_1_1_1-2026-01.log",
    "mtr_1_1_1_1.log",
  ]);
  assert.match(text(dir, "mtr_1_1_1_1-2026-01.2.log"), /20260131/);
  assert.match(text(dir, "mtr_1_1_1_1.log"), /^\n=+\nRun at: 20260201_000005\n/);
});

test("a name that somebody typed stays in the folder", async (t) => {
  const dir = temporaryDirectory(t);
  const { tell, end } = running(t, dir);
  tell(path("../../etc/passwd", january), path("fe80::1%eth0", january));
  await end();
  assert.deepEqual(readdirSync(dir).toSorted(), ["mtr_______etc_passwd.log", "mtr_fe80__1_eth0.log"]);
});

test("who was not written for the longest time goes when all is too much, and nobody else's file", async (t) => {
  const dir = temporaryDirectory(t);
  for (const [name, age] of [
    ["mtr_a-2025-12.log", 3],
    ["mtr_b.log", 2],
    ["mtr_notes.txt", 9],
    ["netlog.csv", 9],
  ] as const) {
    writeFileSync(join(dir, name), "x".repeat(1_000));
    utimesSync(join(dir, name), 1_000 - age, 1_000 - age);
  }
  const { tell, end } = running(t, dir, { maxBytes: 1_500 });
  tell(path("1.1.1.1", january));
  await end();
  assert.deepEqual(readdirSync(dir).toSorted(), ["mtr_1_1_1_1.log", "mtr_b.log", "mtr_notes.txt", "netlog.csv"]);
});

test("a folder that can't be written is told once, and the data folder is used", async (t) => {
  const dir = join(temporaryDirectory(t), "file");
  writeFileSync(dir, "");
  const fallbackDir = join(temporaryDirectory(t), "evidence");
  const { tell, end, log } = running(t, dir, { fallbackDir });
  tell(path("1.1.1.1", january), path("8.8.8.8", january));
  await end();
  assert.deepEqual(readdirSync(fallbackDir).toSorted(), ["mtr_1_1_1_1.log", "mtr_8_8_8_8.log"]);
  assert.equal(log.lines.length, 1);
});

test("while the disk is full traces wait whole, and are written when there is room", async (t) => {
  const dir = smallDisk(t, "64k");
  const { tell, clock, log, end } = running(t, dir, { fallbackDir: dir });
  const file = join(dir, "mtr_1_1_1_1.log");
  tell(path("1.1.1.1", january));
  await eventually("the first trace", () => existsSync(file));
  assert.throws(() => {
    for (let n = 0; n < 100; n += 1) writeFileSync(join(dir, "fill"), "x".repeat(4_096), { flag: "a" });
  }, /ENOSPC/);
  const long = "y".repeat(6_000);
  for (let n = 1; n <= 3; n += 1) tell(path("1.1.1.1", january + n * 1_000, { text: `${long} ${n}` }));
  await eventually("the warning", () => log.lines.length === 1);
  assert.match(text(file), /\n$/);
  await eventually("the wait before the next attempt", () => clock.pending === 1);
  rmSync(join(dir, "fill"));
  await clock.advance(10_000);
  await eventually("the end of waiting", () => log.lines.length === 2);
  await end();
  assert.deepEqual(
    [...text(file).matchAll(/y{6000} (\d)\n/g)].map(([, n]) => n),
    ["1", "2", "3"],
  );
});

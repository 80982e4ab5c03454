import assert from "node:assert/strict";
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { netlogColumns } from "../../../src/reports/netlog-format.ts";
import { appendLines } from "../../../src/sinks/evidence/growing-file.ts";
import { createNetlogSink, type NetlogOptions } from "../../../src/sinks/evidence/netlog.ts";
import { exampleView } from "../../fakes/example-view.ts";
import { FakeClock } from "../../fakes/fake-clock.ts";
import { eventually } from "../../ha/eventually.ts";
import { keptLog, smallDisk, temporaryDirectory } from "../../history/place.ts";

const header = netlogColumns.join(",");

/** A running sink. `cycle` gives it one cycle, `rows` reads the lines of a file. */
function running(t: TestContext, dir: string, more: Partial<NetlogOptions> = {}) {
  const clock = new FakeClock();
  const log = keptLog();
  const fallbackDir = join(dir, "data", "evidence");
  const sink = createNetlogSink({ dir, fallbackDir, maxBytes: 1e9, clock, log, ...more });
  const stop = new AbortController();
  const ended = sink.run(stop.signal);
  const end = () => {
    stop.abort();
    return ended;
  };
  t.after(end);
  const cycle = (startedAt: number = clock.now()) =>
    sink.push({
      view: exampleView(),
      events: [],
      observations: [{ type: "cycle", at: startedAt, startedAt, requested: false, partial: false }],
      devices: new Map(),
    });
  return { clock, log, cycle, end, fallbackDir };
}

const lines = (...path: string[]) => readFileSync(join(...path), "utf8").split("\r\n");
const monthsOn = (n: number) => Date.UTC(2026, n, 15, 12);

test("traces and diagnostics stand in the next row, and in no other", async (t) => {
  const dir = temporaryDirectory(t);
  const clock = new FakeClock();
  const at = clock.now();
  const sink = createNetlogSink({ dir, fallbackDir: dir, maxBytes: 1e9, clock, log: keptLog() });
  const view = { ...exampleView(), at };
  const trace = (mode: "baseline" | "intensive" | "manual", host: string) =>
    ({ type: "path-failed", at, target: { slug: "", host }, mode, reason: "none" }) as const;
  const cycle = { type: "cycle", at, startedAt: at, requested: false, partial: false } as const;
  const down = { event_type: "outage_started", at, text: "", fields: { verdict: "gateway_down" } } as const;
  const push = (observations: Parameters<typeof sink.push>[0]["observations"], events: readonly (typeof down)[] = []) =>
    sink.push({ view, events, observations, devices: new Map() });
  push([trace("baseline", "1.1.1.1"), trace("intensive", "8.8.8.8"), trace("manual", "9.9.9.9")], [down]);
  push([cycle]);
  push([cycle]);
  const stop = new AbortController();
  stop.abort();
  await sink.run(stop.signal);
  const [, first = "", second = ""] = lines(dir, "netlog.csv");
  const stamp = "20260115_120000";
  assert.match(
    first,
    new RegExp(`,mtr_8_8_8_8\\.log,mtr_8_8_8_8\\.log,wan_diag_${stamp}\\.log,.*,mtr_1_1_1_1\\.log,$`),
  );
  assert.doesNotMatch(second, /\.log/);
});

test("rows are appended under one header, over restarts too", async (t) => {
  const dir = join(temporaryDirectory(t), "evidence");
  for (let run = 0; run < 2; run += 1) {
    const { cycle, end } = running(t, dir);
    cycle();
    cycle();
    await end();
  }
  const [first, ...rest] = lines(dir, "netlog.csv");
  assert.equal(first, header);
  assert.equal(rest.pop(), "");
  assert.equal(rest.length, 4);
  assert.ok(rest.every((row) => row.split(",").length === netlogColumns.length));
});

test("at the end of a month the file is put aside by its month and a new one begins", async (t) => {
  const dir = temporaryDirectory(t);
  const { cycle, end } = running(t, dir);
  cycle(monthsOn(0));
  cycle(monthsOn(0));
  cycle(monthsOn(1));
  cycle(monthsOn(3));
  await end();
  assert.deepEqual(readdirSync(dir).toSorted(), ["netlog-2026-01.csv", "netlog-2026-02.csv", "netlog.csv"]);
  assert.equal(lines(dir, "netlog-2026-01.csv").length, 4);
  for (const name of readdirSync(dir)) assert.equal(lines(dir, name)[0], header);
});

test("a clock that goes back a month neither rolls over nor overwrites what was put aside", async (t) => {
  const dir = temporaryDirectory(t);
  const { cycle, end } = running(t, dir);
  for (const month of [0, 1, 0, 1, 0, 1]) cycle(monthsOn(month));
  await end();
  const total = readdirSync(dir).reduce((sum, name) => sum + lines(dir, name).length - 2, 0);
  assert.equal(total, 6);
});

test("a file of the older tool is gone on with; one with other columns is kept aside whole", async (t) => {
  const dir = temporaryDirectory(t);
  const row = "2026-01-02 03:04:05,2026-01-02T03:04:05.123456+00:00,3.5,3/3,1,1,1,1,OK,,,,,,,,";
  writeFileSync(join(dir, "netlog.csv"), `${header}\n${row}\n`);
  const first = running(t, dir);
  first.cycle();
  await first.end();
  assert.match(
    readFileSync(join(dir, "netlog.csv"), "utf8"),
    new RegExp(`^${header}\n${row.replaceAll("+", "\\+")}\n2026`),
  );

  writeFileSync(join(dir, "netlog.csv"), "time,other\n1,2\n");
  const second = running(t, dir);
  second.cycle();
  await second.end();
  assert.equal(lines(dir, "netlog.csv").length, 3);
  const kept = readdirSync(dir).find((name) => name.startsWith("netlog-old-")) ?? "";
  assert.equal(readFileSync(join(dir, kept), "utf8"), "time,other\n1,2\n");
});

test("a line that a power cut tore is ended, and the next row is whole", async (t) => {
  const dir = temporaryDirectory(t);
  writeFileSync(join(dir, "netlog.csv"), `${header}\r\n2026-01-02 03:04:05,2026-01`);
  const { cycle, end } = running(t, dir);
  cycle();
  await end();
  const [, torn, row] = lines(dir, "netlog.csv");
  assert.equal(torn, "2026-01-02 03:04:05,2026-01");
  assert.equal(row?.split(",").length, netlogColumns.length);
});

test("the oldest rolled parts go when all are too much; what was kept aside and others' files stay", async (t) => {
  const dir = temporaryDirectory(t);
  const maxBytes = 100_000;
  for (const name of ["netlog-2020-01.csv", "netlog-2020-02.csv", "netlog-2020-02.2.csv", "netlog-2020-03.csv"])
    writeFileSync(join(dir, name), "x".repeat(30_000));
  for (const name of ["netlog-old-20200101T000000Z.csv", "other.csv"])
    writeFileSync(join(dir, name), "x".repeat(90_000));
  const { cycle, end } = running(t, dir, { maxBytes });
  cycle();
  await end();
  assert.deepEqual(readdirSync(dir).toSorted(), [
    "netlog-2020-02.2.csv",
    "netlog-2020-03.csv",
    "netlog-old-20200101T000000Z.csv",
    "netlog.csv",
    "other.csv",
  ]);
});

test("years of rows never take more than the bound", async (t) => {
  const dir = temporaryDirectory(t);
  const maxBytes = 40_000;
  const file = { dir, name: "netlog", header, maxBytes };
  for (let month = 10; month < 60; month += 1) {
    const text = `20${month}-01`;
    const row = `${text}-02 03:04:05${",".repeat(16)}`;
    for (let n = 0; n < 10; n += 1)
      await appendLines(file, { month: text, lines: Array.from({ length: 30 }, () => row), stamp: "x" });
    const size = readdirSync(dir).reduce((sum, name) => sum + readFileSync(join(dir, name)).length, 0);
    assert.ok(size <= maxBytes, `${size}`);
  }
  assert.ok(existsSync(join(dir, "netlog.csv")));
});

test("a directory that can't be written is replaced by the data directory, with one warning", async (t) => {
  const base = temporaryDirectory(t);
  writeFileSync(join(base, "file"), "");
  const fallbackDir = join(base, "data", "evidence");
  const { cycle, end, log } = running(t, join(base, "file", "evidence"), { fallbackDir });
  cycle();
  await eventually("the row is there", () => existsSync(join(fallbackDir, "netlog.csv")));
  cycle();
  await end();
  assert.equal(lines(fallbackDir, "netlog.csv").length, 4);
  assert.equal(log.lines.length, 1);
  assert.match(log.lines[0] ?? "", /^warn .*the data directory is used instead/);
});

test("on a full disk no row is torn, one warning says so, and the rows come when there is room", async (t) => {
  const dir = smallDisk(t, "64k");
  const { clock, log, cycle, end } = running(t, dir);
  cycle();
  const written = () => existsSync(join(dir, "netlog.csv")) && readFileSync(join(dir, "netlog.csv"), "utf8");
  await eventually("a first row", () => (written() || "").split("\r\n").length === 3);
  const room = join(dir, "ballast");
  writeFileSync(room, "");
  try {
    for (;;) appendFileSync(room, Buffer.alloc(4_096));
  } catch {
    // It is full now.
  }
  for (let n = 0; n < 200; n += 1) {
    cycle();
    await clock.advance(1_000);
  }
  await eventually("it noticed", () => log.lines.length > 0);
  // A try that is under way may show a part of a row for a moment; none stays.
  const full = await eventually("whole rows only", () => {
    const text = readFileSync(join(dir, "netlog.csv"), "utf8");
    return text.endsWith("\r\n") && text;
  });
  assert.ok(full.split("\r\n").length < 100);
  rmSync(room);
  await eventually("all rows are there", async () => {
    await clock.advance(10_000);
    return lines(dir, "netlog.csv").length === 203;
  });
  await end();
  assert.ok(
    lines(dir, "netlog.csv")
      .slice(1, -1)
      .every((row) => row.split(",").length === netlogColumns.length),
  );
  assert.equal(log.lines.filter((line) => line.startsWith("warn")).length, 1);
  assert.equal(log.lines.filter((line) => line === "info evidence is written again").length, 1);
});

test("a directory that is deleted meanwhile comes back with a header", async (t) => {
  const dir = join(temporaryDirectory(t), "evidence");
  mkdirSync(dir);
  const { cycle, end } = running(t, dir);
  cycle();
  await eventually("a first row", () => existsSync(join(dir, "netlog.csv")));
  rmSync(dir, { recursive: true });
  cycle();
  await end();
  assert.deepEqual([lines(dir, "netlog.csv")[0], lines(dir, "netlog.csv").length], [header, 3]);
});

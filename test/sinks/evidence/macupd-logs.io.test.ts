import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { ClientSighting } from "../../../src/model/devices/sighting.ts";
import { parseMacupdRows, trackerText } from "../../../src/reports/macupd-row.ts";
import { createMacupdLogSink, type MacupdLogOptions } from "../../../src/sinks/evidence/macupd-logs.ts";
import type { Update } from "../../../src/sinks/sink.ts";
import { exampleClient, exampleNetwork } from "../../fakes/example-network.ts";
import { exampleView } from "../../fakes/example-view.ts";
import { FakeClock } from "../../fakes/fake-clock.ts";
import { eventually } from "../../ha/eventually.ts";
import { keptLog, smallDisk, temporaryDirectory } from "../../history/place.ts";

// Summer time begins on 2026-03-29 and ends on 2026-10-25 there. A file of tests is a process of its own.
process.env["TZ"] = "Europe/Berlin";

/** A local time of 2026, `MM-DD HH:MM`. */
const local = (text: string) => new Date(`2026-${text.replace(" ", "T")}`).getTime();
const hourMs = 3_600_000;
const phone = "00:11:22:00:00:01";
const view = exampleView({
  network: exampleNetwork({
    devices: [
      exampleClient(1, { name: "Anna's phone" }),
      ...Array.from({ length: 99 }, (_, n) => exampleClient(n + 2, { name: "Guessed", known: false })),
    ],
  }),
});

/** A running sink. `hear` gives it a report of one client, `quiet` waits until it has nothing to do. */
function running(t: TestContext, dir: string, more: Partial<MacupdLogOptions> & { readonly start?: number } = {}) {
  const { start = local("01-15 12:00"), ...options } = more;
  const clock = new FakeClock(start);
  const log = keptLog();
  const sink = createMacupdLogSink({
    dir,
    fallbackDir: join(dir, "fallback"),
    maxLogs: 31,
    maxBytes: 1e9,
    clock,
    log,
    ...options,
  });
  const stop = new AbortController();
  const ended = sink.run(stop.signal);
  const end = () => {
    stop.abort();
    return ended;
  };
  t.after(end);
  const push = (update: Partial<Update>) =>
    sink.push({ view, events: [], observations: [], devices: new Map(), ...update });
  const hear = (client: Partial<ClientSighting> = {}, source = "macupd") => {
    const sighting = { mac: phone, connected: true, ip: "192.0.2.7", interface: "br0", ...client };
    const reading = { clients: [sighting], coverage: "partial" as const };
    push({ observations: [{ type: "reading", at: clock.now(), source, reading }] });
  };
  const unknown = (mac: string) =>
    push({ events: [{ event_type: "unknown_device", at: clock.now(), text: "Who?", fields: { mac } }] });
  const reject = (text: string, source = "macupd") =>
    push({ observations: [{ type: "report-rejected", at: clock.now(), source, from: "192.0.2.1", text }] });
  /** It sleeps until the next minute: then nothing is left to write. */
  const quiet = () => eventually("the sink rests", () => clock.pending === 1);
  return { clock, log, push, hear, unknown, reject, end, quiet };
}

const text = (...path: string[]) => readFileSync(join(...path), "utf8");
const rowsOf = (...path: string[]) => parseMacupdRows(text(...path)).rows;
const hours = (row: { readonly cells: readonly number[] } | undefined) =>
  Object.fromEntries([...(row?.cells ?? []).entries()].filter(([, count]) => count > 0));
const tracker = (day: string) => `macupd_tracker.${day}.log`;

test("reports are counted by hour and address, known devices by their names", async (t) => {
  const dir = join(temporaryDirectory(t), "evidence");
  const { clock, hear, end } = running(t, dir);
  for (let n = 0; n < 12; n += 1) hear();
  hear({ ip: "192.0.2.8" });
  hear({ mac: "00:11:22:00:00:02", interface: "vlan2" });
  hear({ connected: false, ip: "192.0.2.9" });
  hear({ ip: "192.0.2.10" }, "other");
  hear({ mac: "00:11:22:00:09:09", ip: "192.0.2.11" }); // To be ignored: none of the devices.
  await clock.advance(hourMs + 5 * 60_000);
  hear();
  await end();
  assert.equal(
    text(dir, tracker("20260115")),
    [
      "mac               name        ip              iface date     time last active-hours",
      "00:11:22:00:00:01 Anna'sphone 192.0.2.7       br0   20260115 1200 1305 ............*1..........",
      "00:11:22:00:00:01 Anna'sphone 192.0.2.8       br0   20260115 1200 1200 ............1...........",
      "00:11:22:00:00:02 unknown     192.0.2.7       vlan2 20260115 1200 1200 ............1...........",
      "",
    ].join("\n"),
  );
});

test("the log is written when an hour's first report comes, not at each one", async (t) => {
  const dir = temporaryDirectory(t);
  const { clock, hear, quiet } = running(t, dir);
  const written = () => hours(rowsOf(dir, tracker("20260115"))[0]);
  hear();
  await quiet();
  assert.deepEqual(written(), { 12: 1 });
  await clock.advance(10_000);
  hear();
  await quiet();
  assert.deepEqual(written(), { 12: 1 });
  await clock.advance(hourMs);
  hear();
  await eventually("the next hour's", async () => {
    await clock.advance(1_000);
    return written()[13] === 1;
  });
  assert.deepEqual(written(), { 12: 2, 13: 1 });
});

test("a restart goes on with the day's counts", async (t) => {
  const dir = temporaryDirectory(t);
  const first = running(t, dir);
  first.hear();
  first.hear();
  await first.end();
  const second = running(t, dir, { start: local("01-15 12:30") });
  second.hear();
  await second.end();
  const [row, ...more] = rowsOf(dir, tracker("20260115"));
  assert.deepEqual(more, []);
  assert.deepEqual([row?.first, row?.last, hours(row)], ["1200", "1230", { 12: 3 }]);
});

test("at midnight a new day begins by the clock alone, and what was counted is in the old day's file", async (t) => {
  const dir = temporaryDirectory(t);
  const { clock, hear, quiet, end } = running(t, dir, { start: local("01-15 23:58") });
  hear();
  await quiet();
  hear();
  await clock.advance(3 * 60_000);
  await eventually("both counts", () => hours(rowsOf(dir, tracker("20260115"))[0])[23] === 2);
  await eventually("a report of the new day", () => text(dir, "macupd_report.html").includes("2026-01-16 00:0"));
  hear();
  await end();
  assert.deepEqual(hours(rowsOf(dir, tracker("20260115"))[0]), { 23: 2 });
  assert.deepEqual(hours(rowsOf(dir, tracker("20260116"))[0]), { 0: 1 });
});

test("a day of 23 hours has no third one, a day of 25 hours counts its third one twice", async (t) => {
  const days = { spring: ["03-29", 23], autumn: ["10-25", 25] } as const;
  const dirs = { spring: temporaryDirectory(t), autumn: temporaryDirectory(t) };
  for (const season of ["spring", "autumn"] as const) {
    const [day, length] = days[season];
    const { clock, hear, quiet, end } = running(t, dirs[season], { start: local(`${day} 00:30`) });
    for (let n = 0; n < length; n += 1) {
      hear();
      await quiet();
      await clock.advance(hourMs);
    }
    hear();
    await end();
  }
  const spring = hours(rowsOf(dirs.spring, tracker("20260329"))[0]);
  const autumn = hours(rowsOf(dirs.autumn, tracker("20261025"))[0]);
  const each = Object.fromEntries(Array.from({ length: 24 }, (_, hour) => [hour, 1]));
  const { 2: _, ...without } = each;
  assert.deepEqual(spring, without);
  assert.deepEqual(autumn, { ...each, 2: 2 });
  assert.deepEqual(hours(rowsOf(dirs.spring, tracker("20260330"))[0]), { 0: 1 });
  assert.deepEqual(hours(rowsOf(dirs.autumn, tracker("20261026"))[0]), { 0: 1 });
});

test("a clock that is set back to yesterday and forth again loses no count", async (t) => {
  const dir = temporaryDirectory(t);
  const { clock, hear, quiet, end } = running(t, dir);
  for (const step of [-24 * hourMs, 24 * hourMs, -24 * hourMs, 24 * hourMs]) {
    hear();
    await quiet();
    clock.stepWall(step);
  }
  hear();
  await end();
  assert.deepEqual(hours(rowsOf(dir, tracker("20260115"))[0]), { 12: 3 });
  assert.deepEqual(hours(rowsOf(dir, tracker("20260114"))[0]), { 12: 2 });
});

test("an unknown device that macupd reports is a line of the alert log, and in the report at once", async (t) => {
  const dir = temporaryDirectory(t);
  const { hear, unknown, end } = running(t, dir);
  hear({ mac: "00:11:22:00:00:02" });
  unknown("00:11:22:00:00:02");
  unknown("00:11:22:00:00:99");
  const line = "00:11:22:00:00:02 unknown 192.0.2.7       br0   20260115 1200 1200 ............1...........";
  await eventually("the alert in the report", () =>
    /<h2>Alerts<\/h2>\n<pre>\n00:11/.test(text(dir, "macupd_report.html")),
  );
  await end();
  assert.equal(text(dir, "macupd_alert.20260115.log"), `${line}\n`);
});

test("what is no report is a line of the error log, and a flood of it ends for the day", async (t) => {
  const dir = temporaryDirectory(t);
  const { reject, end } = running(t, dir);
  reject("not a report\nat all");
  reject("elsewhere", "other");
  for (let n = 0; n < 6_000; n += 1) reject("flood");
  await end();
  const lines = text(dir, "macupd_error.20260115.log").trimEnd().split("\n");
  assert.equal(lines[0], "20260115:1200:Err: 192.0.2.1: not a report at all");
  assert.equal(lines.length, 5_000);
  assert.match(lines.at(-1) ?? "", /^20260115:1200:Err: too many/);
});

test("the report is written anew each hour, without any traffic", async (t) => {
  const dir = temporaryDirectory(t);
  const { clock, quiet } = running(t, dir, { start: local("01-15 12:59") });
  await quiet();
  assert.match(text(dir, "macupd_report.html"), /2026-01-15 12:59:00/);
  await clock.advance(60_000);
  await eventually("the next hour's", () => text(dir, "macupd_report.html").includes("2026-01-15 13:00:00"));
});

test("logs older than the days to keep are removed, others' files are not", async (t) => {
  const dir = temporaryDirectory(t);
  const names = [
    tracker("20251214"),
    "macupd_alert.20251215.log",
    "macupd_error.20251231.log",
    "macupd_tracker.old.log",
  ];
  for (const name of names) writeFileSync(join(dir, name), "");
  const { end, quiet } = running(t, dir);
  await quiet();
  await end();
  assert.deepEqual(readdirSync(dir).toSorted(), [
    "macupd_alert.20251215.log",
    "macupd_error.20251231.log",
    "macupd_report.html",
    "macupd_tracker.old.log",
  ]);
});

test("a directory that can't be written is told once; after a restart the counts of both go on", async (t) => {
  const root = temporaryDirectory(t);
  const dir = join(root, "evidence");
  const fallbackDir = join(root, "fallback");
  writeFileSync(dir, "in the way");
  const first = running(t, dir, { fallbackDir });
  first.hear();
  await first.end();
  assert.equal(first.log.lines.length, 1);
  assert.match(first.log.lines[0] ?? "", /^warn .*data directory is used/);
  assert.deepEqual(hours(rowsOf(fallbackDir, tracker("20260115"))[0]), { 12: 1 });
  rmSync(dir);
  mkdirSync(dir);
  const row = rowsOf(fallbackDir, tracker("20260115"))[0];
  assert.ok(row !== undefined);
  const earlier = { ...row, cells: row.cells.map((_, hour) => (hour === 11 ? 4 : 0)) };
  writeFileSync(join(dir, tracker("20260115")), trackerText([earlier]));
  const second = running(t, dir, { fallbackDir });
  second.hear();
  await second.end();
  assert.deepEqual(hours(rowsOf(dir, tracker("20260115"))[0]), { 11: 4, 12: 2 });
});

test("a full disk leaves the old log whole, and the counts come when there is room", async (t) => {
  const dir = smallDisk(t, "64k");
  const { clock, hear, quiet, log, end } = running(t, dir, { fallbackDir: dir });
  hear();
  await quiet();
  assert.throws(() => {
    for (let n = 0; n < 100; n += 1) writeFileSync(join(dir, "fill"), "x".repeat(4_096), { flag: "a" });
  }, /ENOSPC/);
  await clock.advance(hourMs);
  for (let n = 2; n <= 100; n += 1) hear({ mac: `00:11:22:00:00:${n.toString(16).padStart(2, "0")}` });
  await eventually("the warning", () => log.lines.length > 0);
  assert.equal(log.lines.length, 1);
  assert.equal(rowsOf(dir, tracker("20260115")).length, 1);
  rmSync(join(dir, "fill"));
  await clock.advance(60_000);
  await end();
  assert.equal(rowsOf(dir, tracker("20260115")).length, 100);
  assert.deepEqual(
    readdirSync(dir).filter((name) => name.startsWith(".")),
    [],
  );
});

test("a pipe by the name of today's log is told and does not hold up the rest", async (t) => {
  const dir = temporaryDirectory(t);
  execFileSync("mkfifo", [join(dir, tracker("20260115"))]);
  const { hear, log, end } = running(t, dir);
  hear();
  await end();
  assert.match(log.lines[0] ?? "", /^warn .*can't be read/);
  assert.equal(rowsOf(dir, tracker("20260115")).length, 1);
});

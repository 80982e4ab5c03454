import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type ImportOptions, importConfigCommand, importMacupdLogsCommand } from "../../src/cli/import.ts";
import { macupdReportCommand } from "../../src/cli/report.ts";
import type { DeviceDay } from "../../src/reports/macupd-activity.ts";
import { directory } from "../config/files.ts";
import { FakeClock } from "../fakes/fake-clock.ts";

const ours = `mac               name    ip              iface date     time last active-hours
22:22:22:22:22:22 pc      192.0.2.4       br0   20260320 1031 1231 ..........1.9...........
33:33:33:33:33:33 unknown 192.0.2.5       br0   20260320 1031 1031 ..........1.............
`;
const older = `mac               name    date     time last ip              iface active-hours
22:22:22:22:22:22 pc      20260319 0000 2359 192.0.2.4       br0   *......................*
22:22:22:22:22:22 pc      20260319 0900 0901 192.0.2.6       br0   .........2..............
half a li`;
const logs = {
  "macupd_tracker.20260319.log": older,
  "macupd_tracker.20260320.log": ours,
  "macupd_alert.20260320.log": "33:33:33:33:33:33 unknown 192.0.2.5 br0 20260320 1031 1031 ..........1.............\n",
  "macupd_error.20260320.log": "20260320:1031:Err: <b>odd</b>\u001b[2J\n",
  "macupd_tracker.log": "not a day's log",
};

function surroundings(cwd: string) {
  const said = { out: "", err: "" };
  const world = {
    cwd,
    out: (text: string) => {
      said.out += text;
    },
    err: (text: string) => {
      said.err += text;
    },
  };
  return { said, world };
}

test("the report is made of all days' logs, ours and the older tool's, and bad lines are told", async (t) => {
  const dir = directory(t, logs);
  const { said, world } = surroundings(dir);
  assert.equal(await macupdReportCommand(".", new FakeClock(), world), 0);
  assert.match(said.out, /22:22:22:22:22:22 pc\n {2}20260319 0000 2359 .*\n {2}20260319 0900 .*\n {2}20260320 1031 /);
  assert.match(said.out, /Errors\n-+\n20260320:1031:Err: <b>odd<\/b> \[2J\n$/);
  assert.match(said.err, /^macupd_tracker\.20260319\.log: 1 line is not understood \(line 4\)\n/);
  const html = readFileSync(join(dir, "macupd_report.html"), "utf8");
  assert.match(html, /&lt;b&gt;odd/);
  assert.doesNotMatch(html, /<b>/);
});

test("a folder without logs, and none at all, are told; a page that can't be written still prints the report", async (t) => {
  const dir = directory(t, logs);
  const { said, world } = surroundings(dir);
  assert.equal(await macupdReportCommand("data", new FakeClock(), world), 2);
  assert.match(said.err, /there are no macupd logs in .*data/);
  assert.equal(await macupdReportCommand("nowhere", new FakeClock(), world), 2);
  mkdirSync(join(dir, "macupd_report.html"));
  assert.equal(await macupdReportCommand(dir, new FakeClock(), world), 3);
  assert.match(said.out, /Collected MAC-addresses/);
});

test("a pipe, a folder and a huge file by the name of a log neither stop nor block the report", async (t) => {
  const dir = directory(t, { "macupd_tracker.20260101.log": "x\n".repeat(4_100_000), ...logs });
  execFileSync("mkfifo", [join(dir, "macupd_tracker.20260102.log")]);
  mkdirSync(join(dir, "macupd_error.20260103.log"));
  const { said, world } = surroundings(dir);
  assert.equal(await macupdReportCommand(dir, new FakeClock(), world), 0);
  assert.match(said.err, /20260101\.log: is larger than 8 MB/);
  assert.match(said.err, /20260102\.log: is not a regular file/);
  assert.match(said.err, /20260103\.log: /);
});

test("logs come into the history as days of devices: over all addresses, each count as so many slots", async (t) => {
  const { said, world } = surroundings(directory(t, logs));
  const taken: DeviceDay[] = [];
  const addActivity = (rows: readonly DeviceDay[]) => {
    taken.push(...rows);
    return Promise.resolve();
  };
  assert.equal(await importMacupdLogsCommand(".", { addActivity }, world), 0);
  assert.equal(said.out, "imported 4 rows: 2 devices, 2 days\n");
  const cells = (own: Record<number, number>) => Array.from({ length: 24 }, (_, hour) => own[hour] ?? 0);
  const pc = { mac: "22:22:22:22:22:22", name: "pc", ip: "192.0.2.4", iface: "br0" };
  assert.deepEqual(taken, [
    { ...pc, day: "2026-03-19", first: "0000", last: "2359", cells: cells({ 0: 1023, 9: 3, 23: 1023 }) },
    { ...pc, day: "2026-03-20", first: "1031", last: "1231", cells: cells({ 10: 1, 12: 511 }) },
    {
      ...pc,
      mac: "33:33:33:33:33:33",
      name: "",
      ip: "192.0.2.5",
      day: "2026-03-20",
      first: "1031",
      last: "1031",
      cells: cells({ 10: 1 }),
    },
  ]);
  assert.equal(await importMacupdLogsCommand("data", { addActivity }, world), 2);
});

test("without a file to write to, what would be written is printed", async (t) => {
  const dir = directory(t, { "tracker.conf": "LOGDIR=/var/log/x\n22:22:22:22:22:22|pc\n" });
  const { said, world } = surroundings(dir);
  assert.equal(await importConfigCommand({ kind: "macupd-conf", file: "tracker.conf" }, world), 0);
  assert.equal(said.out, "macupd:\n  enabled: true\nknown:\n  - 22:22:22:22:22:22|pc\n");
  assert.equal(said.err, "note: LOGDIR: import its logs with: netwarden import macupd-logs /var/log/x\n");
});

test("with one, it goes in there and the old one is kept; a second time there is nothing to do", async (t) => {
  const json = JSON.stringify({ MIKROTIK_HOST: "192.0.2.1", MIKROTIK_USER: "api", MIKROTIK_PASS: "secret" });
  const dir = directory(t, { "info.json": json, "netwarden.yaml": "site: cabin # mine\n" });
  const options: ImportOptions = { kind: "mikrotik-config", file: "info.json", into: "netwarden.yaml" };
  const first = surroundings(dir);
  assert.equal(await importConfigCommand(options, first.world), 0);
  assert.match(first.said.out, /^written: netwarden\.yaml \(before: .*netwarden\.yaml\.bak\)\n$/);
  assert.doesNotMatch(first.said.out + first.said.err, /secret/);
  assert.match(
    readFileSync(join(dir, "netwarden.yaml"), "utf8"),
    /^site: cabin # mine\nrouters:\n {2}- kind: routeros\n/,
  );
  const second = surroundings(dir);
  assert.equal(await importConfigCommand(options, second.world), 0);
  assert.match(second.said.out, /is there already\nnetwarden\.yaml: nothing to change\n$/);
});

test("a file that is wrong, or not there, ends with 2 and touches nothing", async (t) => {
  const dir = directory(t, { "bad.conf": "PORT=x\n", "netwarden.yaml": "site: cabin\n" });
  const { said, world } = surroundings(dir);
  const into = "netwarden.yaml";
  assert.equal(await importConfigCommand({ kind: "macupd-conf", file: "bad.conf", into }, world), 2);
  assert.equal(await importConfigCommand({ kind: "macupd-conf", file: "none.conf", into }, world), 2);
  writeFileSync(join(dir, "good.conf"), "22:22:22:22:22:22|pc\n");
  writeFileSync(join(dir, "broken.yaml"), "known: [\n");
  assert.equal(await importConfigCommand({ kind: "macupd-conf", file: "good.conf", into: "broken.yaml" }, world), 2);
  assert.match(said.err, /^bad\.conf:1:1: PORT .*\nnone\.conf: there is no such file\n.*broken\.yaml:\d+:\d+: /);
  assert.equal(readFileSync(join(dir, into), "utf8"), "site: cabin\n");
  assert.equal(existsSync(join(dir, `${into}.bak`)), false);
});

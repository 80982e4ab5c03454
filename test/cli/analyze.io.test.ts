import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type AnalyzeOptions, analyzeCommand } from "../../src/cli/analyze.ts";
import { importNetlogCommand } from "../../src/cli/import-netlog.ts";
import { StoreError } from "../../src/history/errors.ts";
import { directory } from "../config/files.ts";
import { FakeClock } from "../fakes/fake-clock.ts";
import { keptLog, openedStore } from "../history/place.ts";
import { file, header, row, rows, start } from "../reports/analyze/rows.ts";

function surroundings(cwd: string) {
  const said = { out: "", err: "" };
  const world = {
    cwd,
    version: "1.2.3",
    isTerminal: false,
    out: (text: string) => {
      said.out += text;
    },
    err: (text: string) => {
      said.err += text;
    },
  };
  return { said, world };
}

/** Runs `analyze` in a folder; gives its exit code and what it said. */
async function analyze(dir: string, options: AnalyzeOptions) {
  const { said, world } = surroundings(dir);
  const code = await analyzeCommand(options, {
    world,
    clock: new FakeClock(),
    database: join(dir, "data/netwarden.db"),
  });
  return { code, ...said };
}

const log = file(rows(["ok", "ok", "ok", "wan", "wan", "ok", "icmp", "ok", "dns", "ok"]));

test("a log becomes a text, JSON and a page that holds nothing of the outside", async (t) => {
  const dir = directory(t, { "netlog.csv": log });
  const text = await analyze(dir, { csv: "netlog.csv", html: "report.html" });
  assert.equal(text.code, 0);
  assert.match(text.out, /2026-01-12 13:00:00 to 2026-01-12 13:03:20 \(UTC\+01:00\), from netlog\.csv/);
  assert.match(text.out, /70\.00 % available in 3 min: 2 outages, 60 s in all, the longest 40 s\./);
  assert.match(
    text.out,
    /2026-01-12 13:01:00 {2}13:01:40 +40 s {2}Nothing beyond the router answers \[internet_down, logged as WAN_DOWN/,
  );
  assert.match(text.out, /by the old rules: 3 outages in 4 of 10 rows/);
  assert.match(text.out, /no outage: 1 row, 20 s: everything works; pings are dropped on the way/);
  const page = readFileSync(join(dir, "report.html"), "utf8");
  assert.match(page, /Netwarden 1\.2\.3 \(report rules 1\)/);
  assert.doesNotMatch(page, /\s(src|href)=|url\(|<script|@import/);
  const { code, out } = await analyze(dir, { csv: "netlog.csv", json: true });
  const told = JSON.parse(out) as Record<string, unknown> & { outages: readonly Record<string, unknown>[] };
  assert.equal(code, 0);
  assert.equal(told["version"], "1.2.3");
  assert.deepEqual(
    [told.outages[0]?.["started"], told.outages[0]?.["duration_ms"], told.outages[0]?.["old_status"]],
    ["2026-01-12T13:01:00+01:00", 40_000, "WAN_DOWN"],
  );
});

test("nothing of a hostile log becomes part of the page", async (t) => {
  const evil = '"<img src=x onerror=alert(1)>"';
  const lines = rows(["ok", "wan", "ok"]).map((line) => line.replace(/192\.0\.2\.1:(ok|down);192.*/, evil));
  const dir = directory(t, {
    "<b>.csv": `${header}\r\n${lines.map((line) => line.replace("WAN_DOWN,,", `WAN_DOWN,${evil},`)).join("\r\n")}\r\n`,
  });
  assert.equal((await analyze(dir, { csv: "<b>.csv", html: "r.html" })).code, 0);
  const page = readFileSync(join(dir, "r.html"), "utf8");
  assert.match(page, /&lt;img src=x/);
  assert.doesNotMatch(page, /<img|<b>/);
});

test("a folder's logs are read the oldest first, and a wrong one among them is left out and told", async (t) => {
  const dir = directory(t, {
    "netlog.csv": file(rows(["ok", "ok"], 400)),
    "netlog-2026-01.csv": file(rows(["ok", "wan", "ok"])),
    "netlog-old-x.csv": "a,b\n1,2\n",
    "other.csv": "x",
  });
  const { code, out, err } = await analyze(dir, { logDir: ".", json: true });
  assert.equal(code, 0);
  assert.match(err, /netlog-old-x\.csv: the column overall_status is missing/);
  const told = JSON.parse(out) as {
    source: { names: readonly string[] };
    outage_count: number;
    notes: readonly string[];
  };
  assert.deepEqual(told.source.names, ["netlog-old-x.csv", "netlog-2026-01.csv", "netlog.csv"]);
  assert.equal(told.outage_count, 1);
  assert.deepEqual(told.notes, []);
});

test("what can't be done is told with what to do, and by the exit code", async (t) => {
  const dir = directory(t, { "bad.csv": "local_timestamp\n2026-01-01 00:00:00\n", "netlog.csv": log });
  const told = async (options: AnalyzeOptions) => {
    const { code, err } = await analyze(dir, options);
    return `${code} ${err.replaceAll(dir, ".")}`;
  };
  assert.equal(await told({ csv: "none.csv" }), "2 ./none.csv: there is no such file\n");
  assert.equal(await told({ csv: "data" }), "2 ./data: is not a regular file\n");
  assert.equal(
    await told({ csv: "bad.csv" }),
    "2 ./bad.csv: the column overall_status is missing (it has local_timestamp)\n",
  );
  assert.equal(await told({ logDir: "data" }), "2 there is no netlog.csv in ./data\n");
  assert.match(await told({ csv: "netlog.csv", from: "tomorrow" }), /^2 --from is no time/);
  assert.equal(
    await told({ csv: "netlog.csv", from: "2026-01-03", to: "2026-01-02" }),
    "2 --from must be before --to\n",
  );
  assert.equal(await told({ csv: "netlog.csv", from: "2027-01-01" }), "1 the log holds no row of this time\n");
  assert.match(await told({ csv: "netlog.csv", html: "none/r.html" }), /^3 .*can't be written \(ENOENT\)/);
  await assert.rejects(analyze(dir, {}), (error) => error instanceof StoreError && error.code === "missing");
});

test("without a log the report is of the history", async (t) => {
  const dir = directory(t, {});
  const store = await openedStore(t, join(dir, "data/netwarden.db"));
  store.appendSamples(
    Array.from({ length: 60 }, (_, n) => ({ at: start + n * 20_000, check: "icmp:gateway", ok: true, rttMs: 1 })),
  );
  await store.close();
  const { code, out } = await analyze(dir, {});
  assert.equal(code, 0);
  assert.match(out, /100\.00 % available in 20 min: no outage\./);
  assert.equal((await analyze(dir, { from: "2027-01-01" })).code, 1);
});

test("a log's outages become the history's, once, and what only pings made an outage does not", async (t) => {
  const dir = directory(t, { "netlog.csv": log });
  const database = join(dir, "data/netwarden.db");
  const load = async (retentionDays = 400) => {
    const { said, world } = surroundings(dir);
    const code = await importNetlogCommand("netlog.csv", {
      world,
      clock: new FakeClock(),
      log: keptLog(),
      database,
      retentionDays,
    });
    return { code, ...said };
  };
  const recorded = async () => {
    const store = await openedStore(t, database);
    const found = await store.outages({ from: 0, to: start * 2 });
    await store.close();
    return found;
  };
  assert.deepEqual(await load(), {
    code: 0,
    out: "imported 2 of 2 outages from 10 rows; 1 row that the older tool took for an outage is none\n",
    err: "",
  });
  const first = await recorded();
  assert.deepEqual(
    first.map(({ started, ended, verdict, evidence }) => [
      started - start,
      (ended ?? 0) - start,
      verdict,
      evidence[0]?.detail,
    ]),
    [
      [60_000, 100_000, "internet_down", "imported from netlog.csv: 2 rows, WAN_DOWN / Transport"],
      [160_000, 180_000, "dns_down", "imported from netlog.csv: 1 row, DNS_APP_FAIL / DNS"],
    ],
  );
  assert.match((await load()).out, /^imported 0 of 2 outages from 10 rows; 2 were in the history already;/);
  assert.deepEqual(await recorded(), first);
  // The log went on, and the last outage in it did too.
  writeFileSync(join(dir, "netlog.csv"), `${log.replace(row("ok", 180), row("dns", 180))}${row("ok", 200)}\r\n`);
  assert.match((await load()).out, /^imported 1 of 2/);
  assert.equal((await recorded())[1]?.ended, start + 200_000);
  assert.match((await load(1)).out, /2 are older than history\.retention_days \(1\)/);
});

test("what the monitor itself recorded is not replaced by a log of the same time", async (t) => {
  const dir = directory(t, { "netlog.csv": log });
  const database = join(dir, "data/netwarden.db");
  const store = await openedStore(t, database);
  store.recordOutage({
    started: start + 55_000,
    ended: start + 95_000,
    verdict: "isp_access_down",
    severity: "outage",
    blame: "isp",
    place: "",
    confidence: 90,
    advice: "",
    evidence: [],
  });
  await store.close();
  const { said, world } = surroundings(dir);
  await importNetlogCommand("netlog.csv", {
    world,
    clock: new FakeClock(),
    log: keptLog(),
    database,
    retentionDays: 400,
  });
  assert.match(said.out, /^imported 1 of 2 outages/);
  assert.ok(existsSync(database));
});

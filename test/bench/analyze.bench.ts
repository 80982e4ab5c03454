// What a report costs: of a netlog.csv of a million rows and of more, beside a plain Python loop over the same file, and of a
// year of history. See README.md.
//   node test/bench/analyze.bench.ts [rows] [rows of the large file]
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createAppend } from "../../src/history/append.ts";
import { openDatabase } from "../../src/history/open.ts";
import { readAnalysis } from "../../src/history/read-analysis.ts";
import { createTally } from "../../src/history/summary.ts";
import { analysisHtml } from "../../src/reports/analysis-html.ts";
import { analyzeHistory } from "../../src/reports/analyze/history.ts";

const root = resolve(import.meta.dirname, "../..");
const program = join(root, "dist/main.js");
const [rows = 1_000_000, many = 10_000_000] = process.argv.slice(2).map(Number);
const dir = mkdtempSync(join(tmpdir(), "nw-analyze-bench-"));
const start = Date.UTC(2025, 0, 1);
const day = 86_400_000;

const header =
  "local_timestamp,utc_timestamp,gateway_ms,targets_reachable,dns_ok,http_dns_ok,http_ip_ok,tcp443_ok,overall_status,trace_file," +
  "intensive_trace_bundle,wan_diag_file,root_cause_hint,isp_reachable,isp_tcp_ok,baseline_mtr_bundle,isp_detail\r\n";

function writeLog(file: string, count: number): void {
  const out = openSync(file, "w");
  writeSync(out, header);
  const lines: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const at = start + n * 20_000;
    const local = new Date(at + 3_600_000).toISOString().slice(0, 19).replace("T", " ");
    const stamps = `${local},${new Date(at).toISOString().slice(0, 19)}+00:00,${(0.4 + (n % 100) / 100).toFixed(2)}`;
    const down = n % 3_000 < 12;
    lines.push(
      down
        ? `${stamps},0/4,0,0,0,0,WAN_DOWN,logs/trace_1.log,logs/mtr_1.log;logs/mtr_8.log,logs/wan.log,Transport,0/2,0,,192.0.2.1:down;192.0.2.2:down\r\n`
        : `${stamps},4/4,1,1,1,1,OK,,,,,2/2,1,,192.0.2.1:ok;192.0.2.2:ok\r\n`,
    );
    if (lines.length === 10_000 || n === count - 1) writeSync(out, lines.splice(0).join(""));
  }
  closeSync(out);
}

/** Runs a program; gives its wall time and its largest resident memory. */
async function measure(command: string, args: readonly string[]): Promise<{ seconds: number; megabytes: number }> {
  const before = performance.now();
  const child = spawn(command, args, { stdio: ["ignore", "ignore", "inherit"] });
  let megabytes = 0;
  const look = setInterval(() => {
    try {
      const [, kilobytes = "0"] = /VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8")) ?? [];
      megabytes = Math.max(megabytes, Number(kilobytes) / 1024);
    } catch {
      // It has just ended.
    }
  }, 10);
  const [code] = await once(child, "close");
  clearInterval(look);
  if (code !== 0) throw new Error(`${command} ended with ${code}`);
  return { seconds: (performance.now() - before) / 1000, megabytes };
}

const python = `
import csv, sys, datetime
rows = bad = runs = 0; last = None; hours = [0] * 24; ms = 0.0; n = 0
with open(sys.argv[1], newline="", encoding="utf-8") as f:
    for row in csv.DictReader(f):
        rows += 1
        at = datetime.datetime.strptime(row["local_timestamp"], "%Y-%m-%d %H:%M:%S")
        if row["gateway_ms"]: ms += float(row["gateway_ms"]); n += 1
        ok = row["overall_status"] == "OK"
        if not ok:
            bad += 1; hours[at.hour] += 1
            if last is not False: runs += 1
        last = ok
print(rows, bad, runs, ms / n)
`;

const shown = ({ seconds, megabytes }: { seconds: number; megabytes: number }) =>
  `${seconds.toFixed(2)} s, ${megabytes.toFixed(0)} MB`;

async function benchLogs(): Promise<void> {
  const script = join(dir, "loop.py");
  writeFileSync(script, python);
  for (const count of [rows, many].filter((each) => each > 0)) {
    const file = join(dir, `netlog-${count}.csv`);
    writeLog(file, count);
    const size = `${count.toLocaleString("en")} rows, ${(statSync(file).size / 1e6).toFixed(0)} MB`;
    console.log(`${size}: analyze ${shown(await measure(process.execPath, [program, "analyze", "--csv", file]))}`);
    if (count === rows) console.log(`${size}: plain Python loop ${shown(await measure("python3", [script, file]))}`);
    rmSync(file);
  }
}

/** A year of cycles each 20 s with 10 targets: hourly figures of all of it, five minutes of 90 days, raw samples of 7 days. */
function writeYear(file: string): void {
  const { db } = openDatabase({ file, startedAt: start, damaged: false });
  db.exec("pragma synchronous = off");
  const hosts = ["gateway", ...Array.from({ length: 10 }, (_, n) => `target_${n}`)];
  const checks = [
    ...hosts.flatMap((host) => [`icmp:${host}`, `tcp:${host}`]),
    "dns:system",
    "dns:gateway",
    "dns:public",
    "dns:doh",
    "http:a",
    "http:b",
    "http:ip",
    "http:portal",
  ];
  const append = createAppend(db);
  const end = start + 365 * day;
  const rawFrom = end - 7 * day;
  const cycle = new Float64Array(checks.length * 4);
  let named: (readonly [number, string])[] = checks.map((name, index) => [index, name]);
  const outages = Array.from({ length: 200 }, (_, n) => {
    const started = start + n * 1.8 * day;
    const verdict = n % 3 === 0 ? "isp_access_down" : "dns_down";
    return {
      started,
      ended: started + 60_000 * (1 + (n % 40)),
      verdict,
      severity: "outage",
      blame: n % 3 === 0 ? "isp" : "dns",
      place: "",
      confidence: 90,
      advice: "",
      evidence: "[]",
    };
  });
  append({ checks: named, samples: [], outages, events: [], devices: [], activity: [] });
  named = [];
  for (let at = rawFrom; at < end; at += 200_000) {
    const samples = Array.from({ length: 10 }, (_, n) => {
      for (const check of checks.keys()) cycle.set([at + n * 20_000 + check, check, 1, 1 + (check % 7)], check * 4);
      return cycle.slice();
    });
    append({ checks: named, samples, outages: [], events: [], devices: [], activity: [] });
  }
  for (const [table, step, from] of [
    ["rollup60", 3_600_000, start],
    ["rollup5", 300_000, end - 90 * day],
  ] as const) {
    const insert = db.prepare(`insert into ${table} values (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    db.exec("begin");
    for (const check of checks.keys()) {
      const tally = createTally();
      for (let n = 0; n < step / 20_000; n += 1) tally.add(true, 1 + (n % 5) + (check % 7));
      const { count, ok, minMs = 0, meanMs = 0, p95Ms = 0, maxMs = 0, jitterMs = 0 } = tally.summary();
      for (let at = from; at < end; at += step)
        insert.run(check + 1, at, count, ok, minMs, meanMs + (at % 7) / 10, p95Ms, maxMs, jitterMs);
    }
    db.exec("commit");
  }
  db.exec(
    `insert or replace into mark values ('rolled5', ${end}), ('rolled60', ${end}), ('five_since', ${end - 90 * day}), ('raw_since', ${rawFrom})`,
  );
  db.exec("pragma wal_checkpoint(truncate)");
  db.close();
}

function benchYear(): void {
  const file = join(dir, "netwarden.db");
  writeYear(file);
  console.log(`a year of history: ${(statSync(file).size / 1e6).toFixed(0)} MB on disk`);
  const before = performance.now();
  const records = readAnalysis(file, {});
  if (records === undefined) throw new Error("nothing was read");
  const read = performance.now();
  const analysis = analyzeHistory(records, "history");
  const page = analysisHtml(analysis, { version: "bench", at: start });
  const done = performance.now();
  const ms = (from: number, to: number) => `${Math.round(to - from)} ms`;
  console.log(
    `its report: ${ms(before, done)} (read ${ms(before, read)}), ${analysis.outageCount} outages, ${Math.round(page.length / 1000)} kB`,
  );
  console.log(
    `up ${analysis.availability.percent?.toFixed(3)} %, no data ${analysis.availability.noDataPercent.toFixed(3)} %`,
  );
}

try {
  benchYear();
  await benchLogs();
} finally {
  rmSync(dir, { recursive: true, force: true });
}

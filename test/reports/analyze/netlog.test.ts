import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { NetlogError } from "../../../src/reports/analyze/netlog-columns.ts";
import { analyze, analyzed, file, header, type RowKind, row, rows, start } from "./rows.ts";

const minute = 60_000;
const ok = (count: number): readonly RowKind[] => Array.from({ length: count }, () => "ok");

test("a day counted by hand: outages by time, causes, blame, the router's latency and the worst hour", () => {
  // 10 OK, 3 of an outage of the line, 5 OK, 2 of DNS, 2 in which only pings failed, 8 OK.
  const kinds: readonly RowKind[] = [...ok(10), "wan", "wan", "wan", ...ok(5), "dns", "dns", "icmp", "icmp", ...ok(8)];
  const made = analyzed([file(rows(kinds))]);
  // 30 rows; the last one holds for the usual 20 s.
  assert.equal(made.from, start);
  assert.equal(made.to, start + 30 * 20_000);
  assert.equal(made.availability.downMs, 5 * 20_000);
  assert.equal(made.availability.upMs, 25 * 20_000);
  assert.equal(made.availability.noDataMs, 0);
  assert.equal(made.availability.percent?.toFixed(4), "83.3333");
  assert.deepEqual(
    made.outages.map(({ started, ended, durationMs, verdict, blame, oldStatus, oldHint, rows: count }) => {
      return [
        (started - start) / 1_000,
        (ended - start) / 1_000,
        durationMs,
        verdict,
        blame,
        oldStatus,
        oldHint,
        count,
      ];
    }),
    [
      [200, 260, 60_000, "internet_down", "isp", "WAN_DOWN", "Transport", 3],
      [360, 400, 40_000, "dns_down", "dns", "DNS_APP_FAIL", "DNS", 2],
    ],
  );
  assert.equal(made.longest?.verdict, "internet_down");
  assert.equal(made.shortest?.verdict, "dns_down");
  assert.equal(made.meanUpMs, 250_000);
  assert.deepEqual(made.causes, [
    { name: "internet_down", outages: 1, downMs: 60_000 },
    { name: "dns_down", outages: 1, downMs: 40_000 },
  ]);
  assert.deepEqual(
    made.blames.map(({ name }) => name),
    ["isp", "dns"],
  );
  // 23 × 0.5, 3 × 0.6, 2 × 0.7, 2 × 0.8.
  assert.equal(made.gateway?.meanMs.toFixed(6), ((11.5 + 1.8 + 1.4 + 1.6) / 30).toFixed(6));
  assert.deepEqual([made.gateway?.p50Ms, made.gateway?.p95Ms, made.gateway?.maxMs], [0.5, 0.8, 0.8]);
  // Monday, 13 o'clock local time.
  assert.deepEqual(
    made.heat.filter(({ upMs, downMs }) => upMs + downMs > 0),
    [{ weekday: 0, hour: 13, upMs: 500_000, downMs: 100_000 }],
  );
  assert.deepEqual(made.isp?.hops[1], { address: "192.0.2.2", okRows: 23, downRows: 3, downRowsInOutages: 3 });
  assert.equal(made.isp?.partialOutageRows, 3);
  assert.equal(made.raw?.total, 7);
  assert.deepEqual(made.notes, []);
});

test("rows that only pings made an outage are told apart, beside what the old rules say", () => {
  const made = analyzed([
    file(rows([...ok(5), "icmp", "icmp", "icmp", ...ok(5), "gatewayPing", ...ok(4), "page", ...ok(4)])),
  ]);
  assert.equal(made.outageCount, 0);
  assert.equal(made.availability.percent, 100);
  assert.equal(made.oldRules?.outages, 3);
  assert.equal(made.oldRules?.outageRows, 5);
  assert.equal(made.oldRules?.downMs, 100_000);
  assert.equal(made.oldRules?.availabilityPercent.toFixed(2), "78.26");
  assert.deepEqual(made.oldRules?.dismissed, [
    { verdict: "icmp_filtered", rows: 3, ms: 60_000 },
    { verdict: "gateway_icmp_filtered", rows: 1, ms: 20_000 },
    { verdict: "target_down", rows: 1, ms: 20_000 },
  ]);
});

test("a pause of the monitor is no data and no outage, also within an outage", () => {
  const made = analyzed([file([...rows(ok(10)), ...rows(["wan", "wan"], 200), ...rows(["wan", ...ok(5)], 7_400)])]);
  // 12 rows until 220 s, whose last holds for 20 s; it goes on at 7,400 s, until 7,520.
  assert.equal(made.availability.noDataMs, (7_400 - 240) * 1_000);
  assert.deepEqual(made.gaps, [{ from: start + 240_000, to: start + 7_400_000 }]);
  assert.deepEqual(
    made.outages.map(({ startSeen, endSeen, durationMs }) => [startSeen, endSeen, durationMs]),
    [
      [true, false, 40_000],
      [false, true, 20_000],
    ],
  );
  assert.equal(made.availability.downMs, 60_000);
});

test("the minutes in which the older tool traced belong to the outage", () => {
  const traced = row("wan", 200).replace("WAN_DOWN,,,", "WAN_DOWN,t.log,mtr_1.log;mtr_2.log,w.log");
  const made = analyzed([file([...rows(ok(10)), traced, ...rows(ok(5), 460)])]);
  assert.equal(made.availability.noDataMs, 0);
  assert.equal(made.outages[0]?.durationMs, 260_000);
});

test("another pace is no pause for ever", () => {
  const slow = Array.from({ length: 60 }, (_, n) => row("ok", 2_000 + n * 300));
  const made = analyzed([file([...rows(ok(100)), ...slow])]);
  assert.ok(made.availability.noDataMs <= 10 * 300_000, `${made.availability.noDataMs}`);
});

test("older files without some columns, a later header and rows of a newer version are read by their own columns", () => {
  const old = "timestamp,gateway_ms,targets_reachable,dns_ok,http_ok,overall_status";
  const at = (seconds: number) =>
    new Date(start + 3_600_000 + seconds * 1_000).toISOString().slice(0, 19).replace("T", " ");
  const lines = [
    old,
    `${at(0)},0.5,2/2,1,1,OK`,
    `${at(20)},0.5,0/2,0,0,WAN_DOWN`,
    `${at(40)},0.5,0/2,0,1,WAN_DOWN`,
    row("wan", 60),
    header,
    row("dns", 80),
    row("ok", 100),
  ];
  const made = analyzed([`${lines.join("\n")}\n`]);
  assert.deepEqual(
    made.outages.map(({ started, verdict }) => [(started - start) / 1_000, verdict]),
    [
      [20, "internet_down"],
      [60, "internet_down"],
    ],
  );
  // Internet down for 20 s, DNS for 20 s: of equals the first.
  assert.equal(made.outages[1]?.durationMs, 40_000);
  assert.deepEqual(made.notes, []);
});

test("a byte order mark, semicolons and quotes change nothing", () => {
  const lines = [...rows(ok(4)), ...rows(["wan", "ok"], 80)];
  const plain = analyzed([file(lines)]);
  const german = file(lines)
    .replaceAll(",", ";")
    .replaceAll("192.0.2.1:ok;192.0.2.2:ok", '"192.0.2.1:ok;192.0.2.2:ok"');
  const quoted = file(lines).replace(/[^,\r\n]+/g, '"$&"');
  for (const other of [`\ufeff${file(lines)}`, file(lines).replaceAll("\r\n", "\n"), quoted])
    assert.deepEqual(analyzed([other]), plain);
  const { outages, availability } = analyzed([
    german.replace("192.0.2.1:ok;192.0.2.2:down", '"192.0.2.1:ok;192.0.2.2:down"'),
  ]);
  assert.deepEqual([outages, availability], [plain.outages, plain.availability]);
});

test("a file that was cut in the middle of a row tells so and gives all of the rest", () => {
  const text = file(rows([...ok(5), "wan", "ok"]));
  const made = analyzed([text.slice(0, -60)]);
  assert.deepEqual(made.notes, ["1 row at the end of a file was cut off and left out"]);
  assert.equal(made.outages[0]?.endSeen, false);
  const beheaded = analyzed([text.slice(header.length + 40)]);
  assert.equal(beheaded.outageCount, 1);
  assert.match(beheaded.notes.join("\n"), /without a header/);
});

test("other columns are refused with the name of the one that is missing", () => {
  const refused = (text: string) => {
    try {
      analyze([text]);
    } catch (error) {
      if (error instanceof NetlogError) return error.message;
      throw error;
    }
    return "";
  };
  assert.equal(
    refused("local_timestamp,gateway_ms\n2026-01-01 00:00:00,1\n"),
    "the column overall_status is missing (it has local_timestamp, gateway_ms)",
  );
  assert.match(refused("overall_status,gateway_ms\nOK,1\n"), /the column local_timestamp or utc_timestamp is missing/);
  assert.match(refused("name,age\nx,2\n"), /overall_status is missing: there is no header line/);
  assert.match(refused(""), /there is no header line/);
  assert.match(refused(Buffer.from("local_timestamp", "utf16le").toString("latin1")), /UTF-16/);
});

test("files that overlap, come in another order or twice count each time once", () => {
  const [early, late] = [rows([...ok(5), "wan", "wan", ...ok(3)]), rows([...ok(4), "dns", ...ok(3)], 100_000)];
  const inOrder = analyzed([file([...early, ...late])]);
  for (const files of [
    [file(late), file(early)],
    [file(early), file(late)],
    [file([...late, ...early])],
    [file(early), file([...early, ...late])],
    [file(early), file(late), file(early)],
  ]) {
    const made = analyzed(files);
    assert.deepEqual(
      [made.outages, made.availability, made.gaps],
      [inOrder.outages, inOrder.availability, inOrder.gaps],
    );
  }
  assert.equal(
    analyzed([file(early), file(early)]).notes[0],
    "10 rows tell of a time that was read before and were left out",
  );
});

test("a period is taken as asked, and what is not in it is no data", () => {
  const made = analyzed([file(rows([...ok(5), "wan", ...ok(5)]))], { from: start + 60_000, to: start + 10 * minute });
  assert.equal(made.from, start + 60_000);
  assert.equal(made.to, start + 10 * minute);
  assert.equal(made.availability.upMs + made.availability.downMs, 160_000);
  assert.equal(made.availability.noDataMs, 9 * minute - 160_000);
  assert.equal(analyze([file(rows(ok(3)))], { from: start + minute * 60 }), undefined);
});

test("rows that are no rows are counted, never believed", () => {
  const bad = [
    "2026-13-01 00:00:00,,1,2/2,1,1,1,1,OK",
    "<script>,x",
    row("ok", 60).replace(",OK,", ",FINE,"),
    "2026-01-01",
  ];
  const made = analyzed([file([...rows(ok(3)), ...bad, ...rows(ok(3), 60)])]);
  assert.deepEqual(made.notes, ["4 rows could not be understood and were left out"]);
  assert.equal(made.availability.upMs, 120_000);
});

test("summer time changes neither order nor length: rows are told by their UTC time", () => {
  const at = Date.UTC(2026, 9, 25, 0, 59, 0);
  const line = (ms: number, offset: number, status: string) => {
    const stamp = (time: number) => new Date(time).toISOString().slice(0, 19);
    return `${stamp(ms + offset).replace("T", " ")},${stamp(ms)}+00:00,0.5,${status === "OK" ? "4/4,1,1,1,1" : "0/4,0,0,0,0"},${status},,,,,,,,`;
  };
  const hour = 3_600_000;
  const lines = Array.from({ length: 9 }, (_, n) =>
    line(at + n * 20_000, n < 3 ? 2 * hour : hour, n === 4 ? "WAN_DOWN" : "OK"),
  );
  const made = analyzed([file(lines)]);
  assert.equal(made.availability.noDataMs, 0);
  assert.deepEqual([made.outages[0]?.durationMs, made.outages[0]?.utcOffsetMs], [20_000, hour]);
});

test("up, down and no data are the whole time, whatever the rows say", () => {
  const kind = fc.constantFrom<RowKind>("ok", "wan", "lan", "dns", "page", "app", "icmp", "gatewayPing");
  const step = fc.oneof(fc.constant(20), fc.integer({ min: 1, max: 5_000 }));
  fc.assert(
    fc.property(fc.array(fc.tuple(kind, step), { minLength: 1, maxLength: 40 }), (steps) => {
      let at = 0;
      const lines = steps.map(([name, seconds]) => {
        at += seconds;
        return row(name, at);
      });
      const { availability, from, to, outages, causes, heat, gaps } = analyzed([file(lines)]);
      const { upMs, downMs, noDataMs } = availability;
      assert.equal(upMs + downMs + noDataMs, to - from);
      const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
      assert.equal(sum(outages.map(({ durationMs }) => durationMs)), downMs);
      assert.equal(sum(causes.map((cause) => cause.downMs)), downMs);
      assert.equal(sum(heat.map((cell) => cell.downMs)), downMs);
      assert.equal(sum(gaps.map((gap) => gap.to - gap.from)), noDataMs);
    }),
  );
});

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { localDay, localTime } from "../../../src/lib/clock.ts";
import { netlogColumns } from "../../../src/reports/netlog-format.ts";
import { csvCell, netlogRow } from "../../../src/sinks/evidence/netlog-row.ts";
import { exampleTarget, exampleView } from "../../fakes/example-view.ts";

const at = Date.UTC(2026, 0, 15, 12, 34, 56, 789);

/** The row as a record; its local time, which depends on the machine, aside. */
function cells(...given: Parameters<typeof netlogRow>) {
  const row = netlogRow(...given)?.split(",") ?? [];
  assert.equal(row.length, netlogColumns.length);
  return Object.fromEntries(netlogColumns.map((column, index) => [column, row[index]]));
}

test("the columns are those of the older tool, in its order", () => {
  assert.equal(
    netlogColumns.join(),
    "local_timestamp,utc_timestamp,gateway_ms,targets_reachable,dns_ok,http_dns_ok,http_ip_ok,tcp443_ok,overall_status,trace_file," +
      "intensive_trace_bundle,wan_diag_file,root_cause_hint,isp_reachable,isp_tcp_ok,baseline_mtr_bundle,isp_detail",
  );
});

test("a good cycle is a row in the old formats", () => {
  const local = `${localDay(at)} ${localTime(at)}`;
  assert.match(local, /^\d{4}-\d\d-\d\d \d\d:\d\d:56$/);
  assert.equal(netlogRow(exampleView(), at), `${local},2026-01-15T12:34:56+00:00,1.23,2/3,1,1,1,1,OK,,,,,,,,`);
});

test("files that got something since the row before are named, each once", () => {
  const files = {
    baseline: ["mtr_a.log", "mtr_b.log", "mtr_a.log"],
    intensive: ["mtr_c.log", "mtr_d.log"],
    wanDiag: "wan_diag_1.log",
  };
  const row = cells(exampleView(), at, files);
  assert.deepEqual(
    [row["trace_file"], row["intensive_trace_bundle"], row["wan_diag_file"], row["baseline_mtr_bundle"]],
    ["mtr_c.log", "mtr_c.log;mtr_d.log", "wan_diag_1.log", "mtr_a.log;mtr_b.log"],
  );
});

test("when a layer is broken, what lies behind it and is unknown counts as failed, as the old tool found it", () => {
  const { verdict, gatewayRttMs: _, tcp: __, dns: ___, httpName: ____, httpIp: _____, ...rest } = exampleView();
  const row = cells(
    {
      ...rest,
      gateway: false,
      targets: [exampleTarget("a", undefined), exampleTarget("b", undefined)],
      hops: [exampleTarget("h", undefined)],
      verdict: { ...verdict, verdict: "gateway_down", severity: "outage", status: "LAN_DOWN", hint: "Transport" },
    },
    at,
  );
  assert.deepEqual(
    [
      row["gateway_ms"],
      row["targets_reachable"],
      row["dns_ok"],
      row["http_dns_ok"],
      row["http_ip_ok"],
      row["tcp443_ok"],
    ],
    ["", "0/2", "0", "0", "0", "0"],
  );
  assert.deepEqual(
    [row["overall_status"], row["root_cause_hint"], row["isp_reachable"], row["isp_detail"]],
    ["LAN_DOWN", "Transport", "0/1", "h.example:down"],
  );
});

test("in a good cycle what was not measured is empty, not failed", () => {
  const { dns: _, ...rest } = exampleView();
  const row = cells({ ...rest, targets: [exampleTarget("a", true), exampleTarget("b", undefined)] }, at);
  assert.deepEqual([row["dns_ok"], row["targets_reachable"]], ["", "1/1"]);
});

test("provider hops are counted and listed", () => {
  const hops = [{ ...exampleTarget("h1", true), tcp: true }, exampleTarget("h2", false)];
  const row = cells(exampleView({ hops }), at);
  assert.deepEqual(
    [row["isp_reachable"], row["isp_tcp_ok"], row["isp_detail"]],
    ["1/2", "1", "h1.example:ok;h2.example:down"],
  );
});

test("a cycle that measured nothing has no row", () => {
  const { status: _, hint: __, ...verdict } = exampleView().verdict;
  assert.equal(netlogRow(exampleView({ verdict: { ...verdict, severity: "no_data" } }), at), undefined);
});

test("a host name can be neither a formula nor a second row or column", () => {
  const hops = [{ ...exampleTarget("h", true), host: '=cmd|"/c calc"!A1,x\r\n2026' }];
  const row = netlogRow(exampleView({ hops }), at) ?? "";
  assert.ok(row.endsWith(`,"'=cmd|""/c calc""!A1,x 2026:ok"`), row);
});

test("any text comes back out of a cell as it was but for control characters, on one line, never as a formula", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const cell = csvCell(text);
      assert.doesNotMatch(cell, /\p{Cc}/u);
      const quoted = cell.startsWith('"');
      const value = quoted ? cell.slice(1, -1).replaceAll('""', '"') : cell;
      assert.ok(quoted || !/[",]/.test(cell));
      assert.doesNotMatch(value, /^\s*[=+\-@]/);
      assert.equal(value.replace(/^'(?=\s*[=+\-@＝＋－＠])/, ""), text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " "));
    }),
  );
});

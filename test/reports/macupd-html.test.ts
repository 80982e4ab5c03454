import assert from "node:assert/strict";
import { test } from "node:test";
import { macupdHtml, macupdText } from "../../src/reports/macupd-html.ts";
import type { MacupdLogs } from "../../src/reports/macupd-logs.ts";
import type { MacupdRow } from "../../src/reports/macupd-row.ts";

const nothing: MacupdLogs = { tracker: [], alerts: [], errors: [], files: [], problems: [] };
const row: MacupdRow = {
  mac: "22:22:22:22:22:22",
  name: "laptop",
  ip: "192.0.2.124",
  iface: "br0",
  day: "2026-03-20",
  first: "1031",
  last: "2231",
  cells: Array.from({ length: 24 }, (_, hour) => (hour === 10 ? 3 : hour === 22 ? 10 : 0)),
};

test("the report has the older tool's four sections, each with its own words where it is empty", () => {
  const html = macupdHtml(nothing, "2026-03-20 22:31:00");
  assert.match(html, /<h1>MACupdTracker Report - 2026-03-20 22:31:00<\/h1>/);
  assert.deepEqual(
    [...html.matchAll(/<h2>(.*?)<\/h2>\n<pre>\n(.*?)\n<\/pre>/g)].map(([, title, text]) => [title, text]),
    [
      ["Collected MAC-addresses", "No MAC-addresses."],
      ["Activity Details", "No activity details."],
      ["Alerts", "No alerts."],
      ["Errors", "No errors."],
    ],
  );
});

test("the rows of all days stand below their device", () => {
  const other = { ...row, mac: "11:11:11:11:11:11", name: "tv" };
  const logs = {
    ...nothing,
    tracker: [row, other, { ...row, day: "2026-03-21" }],
    alerts: [row],
    errors: ["20260320:1031:Err: x"],
  };
  const text = macupdText(logs, "now");
  assert.match(text, /Collected MAC-addresses\n-+\n11:11:11:11:11:11 tv\n22:22:22:22:22:22 laptop\n/);
  assert.match(
    text,
    /22:22:22:22:22:22 laptop\n {2}20260320 1031 2231 192.0.2.124 +br0 +\.{10}3\.{11}\*\.\n {2}20260321 1031 2231 /,
  );
  assert.match(text, /Alerts\n-+\n22:22:22:22:22:22 laptop 20260320 .*\n\nErrors\n-+\n20260320:1031:Err: x\n$/);
});

test("no value of the network becomes a part of the page", () => {
  const evil = `<script>alert('1')</script>"&`;
  const logs = { ...nothing, tracker: [{ ...row, name: evil }], alerts: [{ ...row, iface: evil }], errors: [evil] };
  const html = macupdHtml(logs, "now");
  assert.doesNotMatch(html, /<script/);
  assert.equal(html.split("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&quot;&amp;").length, 5);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { alertLine, type MacupdRow, nameInLog, parseMacupdRows, trackerText } from "../../src/reports/macupd-row.ts";

const cells = (text: string) => [...text].map((cell) => (cell === "*" ? 10 : cell === "." ? 0 : Number(cell)));

const laptop: MacupdRow = {
  mac: "22:22:22:22:22:22",
  name: "laptop",
  ip: "192.0.2.124",
  iface: "br0",
  day: "2026-03-20",
  first: "1031",
  last: "2231",
  cells: cells("..........12..........*."),
};
const tv: MacupdRow = { ...laptop, mac: "44:44:44:44:44:44", name: "tv", ip: "192.0.2.7", iface: "vlan2" };

test("a tracker log has the manual's columns, aligned", () => {
  assert.equal(
    trackerText([laptop, tv]),
    [
      "mac               name   ip              iface date     time last active-hours",
      "22:22:22:22:22:22 laptop 192.0.2.124     br0   20260320 1031 2231 ..........12..........*.",
      "44:44:44:44:44:44 tv     192.0.2.7       vlan2 20260320 1031 2231 ..........12..........*.",
      "",
    ].join("\n"),
  );
});

test("an alert log's line is that of a tracker log, without a header", () => {
  const line = alertLine({ ...laptop, name: "unknown" });
  assert.equal(line, "22:22:22:22:22:22 unknown 192.0.2.124     br0   20260320 1031 2231 ..........12..........*.");
});

test("both orders of columns are read, also where a wide text runs into the next column", () => {
  const active = "..........12..........*.";
  const table: readonly (readonly [string, Partial<MacupdRow>])[] = [
    [`22:22:22:22:22:22 laptop    192.0.2.124     br0   20260320 1031 2231 ${active}`, {}],
    [`22:22:22:22:22:22 laptop    20260320 1031 2231 192.0.2.124     br0   ${active}`, {}],
    [`22:22:22:22:22:22 unknown20260320 1031 2231 192.0.2.124     br0   ${active}`, { name: "unknown" }],
    [`22:22:22:22:22:22 laptop 20260320 1031 2231 192.0.2.124     wlan0.1${active}`, { iface: "wlan0.1" }],
    [`22:22:22:22:22:22 My TV 192.0.2.124 br0 20260320 1031 2231 ${active}`, { name: "MyTV" }],
    [`22:22:22:22:22:22  192.0.2.124 br0 20260320 1031 2231 ${active}`, { name: "unknown" }],
    [`22:22:22:22:22:22           20260320 1031 2231 192.0.2.124     br0   ${active}`, { name: "unknown" }],
    [`AA-BB-CC-DD-EE-FF laptop - - 20260320 1031 2231 ${active}`, { mac: "aa:bb:cc:dd:ee:ff", ip: "", iface: "" }],
  ];
  for (const [line, more] of table)
    assert.deepEqual(parseMacupdRows(`${line}\r\n`), { rows: [{ ...laptop, ...more }], bad: [] }, line);
});

test("a line that is no row is told by its number and costs nothing else", () => {
  const good = alertLine(laptop);
  const bad = [
    "nonsense",
    good.replace("20260320", "20261320"),
    good.replace("1031", "2531"),
    good.slice(0, -1),
    good.replace("22:22:22:22:22:22", "22:22:22"),
    `${good} ${"x".repeat(600)}`,
  ];
  const text = `mac name\n\n${[...bad, good].join("\n")}`;
  assert.deepEqual(parseMacupdRows(text), { rows: [laptop], bad: [3, 4, 5, 6, 7, 8] });
});

test("what is written is read again as it was", () => {
  const digits = fc.stringMatching(/^[0-9a-f]{12}$/);
  const row = fc.record(
    {
      mac: digits.map((text) => text.replace(/(..)(?=.)/g, "$1:")),
      name: fc.string({ maxLength: 80 }).map(nameInLog),
      ip: fc.oneof(fc.ipV4(), fc.ipV6(), fc.constant("")),
      iface: fc.constantFrom("br0", "vlan2", "wlan0.1234567", ""),
      day: fc.constantFrom("2026-01-01", "2028-02-29"),
      first: fc.constantFrom("0000", "0930"),
      last: fc.constantFrom("0930", "2359"),
      cells: fc.array(fc.integer({ min: 0, max: 10 }), { minLength: 24, maxLength: 24 }),
    },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(fc.array(row, { maxLength: 5 }), (rows) => {
      assert.deepEqual(parseMacupdRows(trackerText(rows)), { rows, bad: [] });
      assert.deepEqual(parseMacupdRows(rows.map(alertLine).join("\n")), { rows, bad: [] });
    }),
  );
});

test("any text is read without an error, and soon", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
      parseMacupdRows(text);
    }),
  );
  const hostile = [
    "a ".repeat(240),
    `a${" ".repeat(490)}b`,
    `a ${"b  ".repeat(160)}`,
    `a ${"20260320 1031 ".repeat(34)}`,
  ];
  const began = performance.now();
  for (const line of hostile) parseMacupdRows(`${line}\n`.repeat(20));
  assert.ok(performance.now() - began < 2_000);
});

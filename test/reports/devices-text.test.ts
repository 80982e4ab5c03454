import assert from "node:assert/strict";
import { test } from "node:test";
import { activityText, devicesText } from "../../src/reports/devices-text.ts";
import { textWidth } from "../../src/reports/text-width.ts";
import { exampleClient, unknownClient } from "../fakes/example-network.ts";

const slots = (n: number) => 2 ** n - 1;

test("a cell is the number of six-minute slots with evidence, in any of their places", () => {
  const cells = [0, slots(1), 0b1000000000, slots(9), slots(10), 0b1010101010];
  assert.equal(activityText(cells), `.119*5${".".repeat(18)}`);
  assert.equal(activityText([]), ".".repeat(24));
});

test("all columns are shown where the width is free, those that are here first", () => {
  const devices = [
    exampleClient(1, { name: "Aunt's phone", connected: false }),
    exampleClient(2, { name: "Büro 電話", activity: [slots(10), slots(3)] }),
    unknownClient(3, { name: "Tablet" }),
  ];
  const [header = "", first = "", ...rest] = devicesText(devices).split("\n");
  assert.match(header, /^Name +MAC +IP +Now +Where +First seen +Last seen +0h +6h +12h +18h$/);
  assert.match(
    first,
    /^Büro 電話 +00:11:22:00:00:02 +192\.0\.2\.77 +here +Alien \/ Attic, 5 GHz +2026-11-2\d .* \*3\.{22}$/,
  );
  assert.match(rest[0] ?? "", /^Aunt's phone .* - /);
  assert.match(rest[1] ?? "", /^Tablet .* \? /);
  assert.equal(rest.at(-2), "3 devices, 1 connected");
  const before = (line: string, text: string) => textWidth(line.slice(0, line.indexOf(text)));
  assert.equal(before(first, "00:11"), before(header, "MAC"));
});

test("no line is wider than the terminal, and name, MAC and what fits of the rest stay", () => {
  const devices = [exampleClient(1, { name: "A phone with quite a long name 📱📱📱📱" }), exampleClient(2)];
  for (const width of [33, 40, 60, 80, 100, 120, 200]) {
    const lines = devicesText(devices, width).split("\n");
    for (const line of lines) assert.ok(textWidth(line) <= width, `${width}: ${line}`);
    assert.ok(lines.some((line) => line.includes("00:11:22:00:00:01")));
  }
  assert.match(devicesText(devices, 80), /0h +6h +12h +18h\n/);
});

test("a name cannot move the terminal's cursor or turn the line around", () => {
  const text = devicesText([exampleClient(1, { name: "a\u001b[2Jb\n\u202ec" })]);
  assert.doesNotMatch(text.replaceAll("\n", ""), /[\p{Cc}\u202e]/u);
  assert.match(text, /^a \[2Jb c /m);
});

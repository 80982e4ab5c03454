import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { loadVendors } from "../../src/lib/vendors.ts";

const root = resolve(import.meta.dirname, "../..");
const { shortName, vendorsText } = (await import(pathToFileURL(join(root, "tools/vendors.mjs")).href)) as {
  shortName(name: string): string;
  vendorsText(assigned: Readonly<Record<string, string>>): string;
};
const folder = mkdtempSync(join(tmpdir(), "nw-vendors-"));
after(() => rmSync(folder, { recursive: true, force: true }));

async function load(text: string | Uint8Array) {
  const file = join(folder, "vendors.txt");
  writeFileSync(file, text);
  return await loadVendors(file);
}

const assigned = {
  "70B3D5": "IEEE Registration Authority\n445 Hoes Lane",
  "70B3D5791": "First Example Ltd\nsomewhere",
  C85CE27: "Second Example GmbH",
  C85CE2: "IEEE Registration Authority",
  "001122": "Block Example, Inc.",
  "0011223": "Piece Example, Inc.",
  "001123": "BLOCK EXAMPLE INC",
  "445566": "Private",
};

test("the longest prefix names the manufacturer", async () => {
  const { vendorOf, problem } = await load(vendorsText(assigned));
  assert.equal(problem, undefined);
  const table: readonly (readonly [string, string | undefined])[] = [
    ["70:b3:d5:79:1a:bc", "First Example"],
    ["70:b3:d5:79:2a:bc", undefined],
    ["c8:5c:e2:7a:bc:de", "Second Example"],
    ["00:11:22:00:00:01", "Block Example"],
    ["00:11:22:30:00:01", "Piece Example"],
    ["00:11:23:00:00:01", "Block Example"],
    ["44:55:66:00:00:01", undefined],
    ["00:00:00:00:00:01", undefined],
    ["fc:ff:ff:ff:ff:ff", undefined],
  ];
  for (const [mac, vendor] of table) assert.equal(vendorOf(mac), vendor, mac);
});

test("an address that a device made up names no manufacturer, whatever is assigned", async () => {
  const { vendorOf } = await load(vendorsText({ "021122": "Old Example", "001122": "Example" }));
  assert.equal(vendorOf("02:11:22:00:00:01"), undefined);
  assert.equal(vendorOf("00:11:22:00:00:01"), "Example");
});

test("every prefix of the real list is found by the name it was given, and the list stays small", async () => {
  const real = JSON.parse(readFileSync(join(root, "node_modules/oui-data/index.json"), "utf8")) as Record<
    string,
    string
  >;
  const text = vendorsText(real);
  assert.ok(Buffer.byteLength(text) < 900_000);
  const { vendorOf, problem } = await load(text);
  assert.equal(problem, undefined);
  let named = 0;
  for (const [prefix, owner] of Object.entries(real)) {
    const expected = shortName(owner.split("\n")[0] ?? "").toLowerCase();
    const isUnnamed = expected === "private" || expected === "ieee registration authority";
    if (isUnnamed || (Number.parseInt(prefix.slice(0, 2), 16) & 2) === 2) continue;
    const mac = prefix
      .toLowerCase()
      .padEnd(12, "f")
      .replace(/(..)(?=.)/g, "$1:");
    // A block may have pieces of others: those outweigh it.
    const found = vendorOf(mac);
    if (found?.toLowerCase() === expected) named += 1;
    else assert.ok(prefix.length < 9 && found !== undefined, `${prefix}: ${String(found)} is not ${expected}`);
  }
  assert.ok(named > 50_000, `${named}`);
});

const damaged: readonly (readonly [string, string])[] = [
  ["an empty file", ""],
  ["a page of HTML", "<!doctype html>\n<p>"],
  ["no head", "Example\t001122\n"],
  ["a name without prefixes", "# 1\nExample\n"],
  ["a prefix that is cut", "# 1\nExample\t0011"],
  ["half a prefix", "# 1\nExample\t0011\n"],
  ["a line that is missing", "# 2\nExample\t001122\n"],
  ["more than announced", "# 1\nExample\t001122001123\n"],
  ["more lines than announced", "# 1\nExample\t\nOther\t001122\n"],
  ["letters that are no hex digits", "# 1\nExample\t00112G\n"],
  ["a group too many", "# 1\nExample\t001122   001122\n"],
  ["a head that promises too much", "# 999999\nExample\t001122\n"],
];
for (const [what, text] of damaged) {
  test(`${what} is told, and then nothing is known`, async () => {
    const { vendorOf, problem } = await load(text);
    assert.match(problem ?? "", /^the list is damaged/);
    assert.equal(vendorOf("00:11:22:33:44:55"), undefined);
  });
}

test("a file that is not there, and one that is far too long, is told", async () => {
  assert.deepEqual((await loadVendors(join(folder, "absent.txt"))).problem, "the list can't be read (ENOENT)");
  assert.deepEqual((await load(Buffer.alloc(5_000_000, "x"))).problem, "the list is too long");
});

test("whatever bytes are changed, it is read or told, and never thrown", async () => {
  const good = Buffer.from(vendorsText(assigned));
  const change = fc.tuple(fc.nat(good.length - 1), fc.nat(255));
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 5 }), async (changes) => {
      const bytes = Buffer.from(good);
      for (const [at, byte] of changes) bytes[at] = byte;
      const { vendorOf } = await load(bytes);
      vendorOf("00:11:22:33:44:55");
    }),
    { numRuns: 200 },
  );
});

test("names are as people say them", () => {
  const table: readonly (readonly [string, string])[] = [
    ["Apple, Inc.", "Apple"],
    ["HUAWEI TECHNOLOGIES CO.,LTD", "Huawei Technologies"],
    ["zte corporation", "ZTE"],
    ["TP-LINK TECHNOLOGIES CO.,LTD.", "TP-Link Technologies"],
    ["Motorola Mobility LLC, a Lenovo Company", "Motorola Mobility"],
    ["SHENZHEN BILIAN ELECTRONIC CO.，LTD", "Shenzhen Bilian Electronic"],
    ["LG Electronics (Mobile Communications)", "LG Electronics"],
    ["Nokia Danmark A/S", "Nokia Danmark"],
    ["CLOUD NETWORK TECHNOLOGY SINGAPORE PTE. LTD.", "Cloud Network Technology"],
    ["AVM Audiovisuelles Marketing und Computersysteme GmbH", "AVM Audiovisuelles Marketing"],
    ["Power Electronics Espana, S.L.", "Power Electronics Espana"],
    ["IBM Corp", "IBM"],
    ["Intel Corporate", "Intel"],
    ["AS", "AS"],
    ["BUFFALO.INC", "Buffalo"],
  ];
  for (const [registered, name] of table) assert.equal(shortName(registered), name);
});

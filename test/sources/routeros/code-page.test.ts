import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createTextCodec, isCodePage } from "../../../src/sources/routeros/code-page.ts";

const cases: readonly (readonly [what: string, bytes: readonly number[], label: string, text: string])[] = [
  ["ASCII", [0x50, 0x43], "windows-1252", "PC"],
  ["UTF-8", [...Buffer.from("Küche Нина 📱")], "windows-1252", "Küche Нина 📱"],
  ["a replacement character that the router really has", [0xef, 0xbf, 0xbd], "windows-1252", "\ufffd"],
  ["a byte order mark, which is kept", [0xef, 0xbb, 0xbf, 0x61], "windows-1252", "\ufeffa"],
  ["Western text of an old WinBox", [0x4b, 0xfc, 0x63, 0x68, 0x65, 0x80], "windows-1252", "Küche€"],
  ["Cyrillic text of an old WinBox", [0xcd, 0xe8, 0xed, 0xe0], "windows-1251", "Нина"],
  ["Japanese text of an old WinBox", [0x83, 0x65, 0x83, 0x8c, 0x83, 0x72], "shift_jis", "テレビ"],
  ["overlong forms, which UTF-8 forbids", [0xc0, 0xaf], "windows-1252", "À¯"],
  ["a surrogate, which UTF-8 forbids", [0xed, 0xa0, 0x80], "windows-1252", "í\u00a0€"],
  ["UTF-8 that was cut within a character", [0x4b, 0xc3], "windows-1252", "KÃ"],
];
for (const [what, bytes, label, text] of cases)
  test(`text of a router is read: ${what}`, () => {
    assert.equal(createTextCodec(label).decode(Buffer.from(bytes)), text);
  });

test("the bytes that windows-1252 leaves open are kept apart, not lost", () => {
  const open = [0x81, 0x8d, 0x8f, 0x90, 0x9d];
  const texts = open.map((byte) => createTextCodec("windows-1252").decode(Buffer.of(byte)));
  assert.equal(new Set(texts).size, open.length);
  assert.ok(!texts.includes("\ufffd"));
});

test("a password is put into the code page where that has all its characters", () => {
  assert.deepEqual(
    createTextCodec("windows-1252").encodeInCodePage("Köln€"),
    Buffer.from([0x4b, 0xf6, 0x6c, 0x6e, 0x80]),
  );
  assert.deepEqual(createTextCodec("windows-1251").encodeInCodePage("Нина"), Buffer.from([0xcd, 0xe8, 0xed, 0xe0]));
  assert.equal(createTextCodec("windows-1252").encodeInCodePage("Нина"), undefined);
  assert.equal(createTextCodec("windows-1252").encodeInCodePage("\ufffd"), undefined);
});

test("code pages are known by their usual names, and only those with ASCII in its place", () => {
  for (const label of ["windows-1252", "latin1", "windows-1250", "KOI8-R", "gbk", "utf-8"])
    assert.ok(isCodePage(label), label);
  for (const label of ["", "cp437", "utf-16le", "winbox", "windows-1252\0"]) assert.ok(!isCodePage(label), label);
});

test("any bytes are read as some text", () => {
  const codec = createTextCodec("windows-1252");
  fc.assert(fc.property(fc.uint8Array(), (bytes) => typeof codec.decode(Buffer.from(bytes)) === "string"));
});

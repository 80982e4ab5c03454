import assert from "node:assert/strict";
import { test } from "node:test";
import { isRandomMac, macDigits, macToken, parseMac } from "../../src/lib/mac.ts";

test("an address is read in its usual spellings", () => {
  for (const text of ["A8:BB:CC:0D:EE:FF", "a8-bb-cc-0d-ee-ff", "A8BBCC0DEEFF", " a8:bb:cc:d:ee:ff "]) {
    assert.equal(parseMac(text), "a8:bb:cc:0d:ee:ff", text);
  }
});

test("what is no address is none", () => {
  for (const text of [
    "",
    "a8:bb:cc:dd:ee",
    "a8:bb:cc:dd:ee:ff:00",
    "g8:bb:cc:dd:ee:ff",
    "a8bb.ccdd.eeff",
    "xx:xx:xx:xx:ee:ff",
  ]) {
    assert.equal(parseMac(text), undefined, text);
  }
});

test("no device has the address of a group or of nobody", () => {
  for (const text of ["ff:ff:ff:ff:ff:ff", "01:00:5e:00:00:fb", "33:33:00:00:00:01", "00:00:00:00:00:00"]) {
    assert.equal(parseMac(text), undefined, text);
  }
});

test("hand-made addresses are taken, also with an odd first octet", () => {
  for (const text of ["11:22:33:44:55:66", "33:33:33:33:33:33"]) assert.equal(parseMac(text), text);
});

test("an address that a device made up is told from one of a manufacturer", () => {
  assert.ok(isRandomMac("a2:bb:cc:dd:ee:ff"));
  assert.ok(!isRandomMac("a8:bb:cc:dd:ee:ff"));
});

test("the digits alone", () => assert.equal(macDigits("a8:bb:cc:0d:ee:ff"), "a8bbcc0deeff"));

test("a token is the same for the same address and does not show it", () => {
  const tokens = Array.from({ length: 1_000 }, (_, n) => macToken(`a8:bb:cc:0d:${(n >> 8).toString(16)}:${n & 255}`));
  assert.equal(new Set(tokens).size, 1_000);
  assert.equal(macToken("a8:bb:cc:0d:ee:ff"), macToken("a8:bb:cc:0d:ee:ff"));
  assert.match(macToken("a8:bb:cc:0d:ee:ff"), /^[0-9a-f]{8}$/);
});

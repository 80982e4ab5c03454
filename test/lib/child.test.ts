import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { lineSplitter } from "../../src/lib/child.ts";

test("lines are the same however the text arrives in chunks", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 20 })), fc.array(fc.nat(30)), (texts, cuts) => {
      const text = texts.join("\n");
      const chunks: string[] = [];
      let rest = text;
      for (const cut of cuts) {
        chunks.push(rest.slice(0, cut));
        rest = rest.slice(cut);
      }
      assert.deepEqual(split([...chunks, rest]), text.split("\n").slice(0, -1));
    }),
  );
});

test("a line that never ends is dropped and the next one is read", () => {
  assert.deepEqual(split([..."x".repeat(5_000), "\nshort\n"]), ["short"]);
  assert.deepEqual(split(["y".repeat(4_097), "\nshort\n"]), ["short"]);
  assert.deepEqual(split([`${"z".repeat(4_096)}\n`]), ["z".repeat(4_096)]);
});

function split(chunks: readonly string[]): string[] {
  const lines: string[] = [];
  const eat = lineSplitter((line) => lines.push(line));
  for (const chunk of chunks) eat(chunk);
  return lines;
}

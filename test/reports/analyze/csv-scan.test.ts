import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type CsvRow, cellText, createCsvScanner } from "../../../src/reports/analyze/csv-scan.ts";

interface Read {
  readonly rows: readonly (readonly string[])[];
  readonly lastIsWhole: boolean;
  readonly tooLong: number;
}

/** Reads bytes that come in pieces of this size. */
function read(bytes: Uint8Array, pieceSize: number): Read {
  const rows: string[][] = [];
  let lastIsWhole = true;
  const scanner = createCsvScanner((row: CsvRow, whole) => {
    rows.push(Array.from({ length: row.cells }, (_, index) => cellText(row, index)));
    lastIsWhole = whole;
  });
  const piece = new Uint8Array(pieceSize);
  for (let at = 0; at < bytes.length; at += pieceSize) {
    const part = bytes.subarray(at, at + pieceSize);
    // The same buffer each time, as a file is read: nothing may be kept of it.
    piece.fill(0);
    piece.set(part);
    scanner.push(piece.subarray(0, part.length));
  }
  scanner.end();
  return { rows, lastIsWhole, tooLong: scanner.tooLong };
}

const readText = (text: string, pieceSize = 7) => read(Buffer.from(text), pieceSize);

const quotedCell = (text: string) => `"${text.replaceAll('"', '""')}"`;
const cell = fc.oneof(
  fc.string({ maxLength: 12, unit: fc.constantFrom("a", "7", " ", ":", "ü", "/") }),
  fc.string({ maxLength: 8, unit: fc.constantFrom('"', ",", ";", "\n", "\r", "x", "€") }),
);

test("what was written as CSV is read as it was, however it is cut into pieces and whatever ends its lines", () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(cell, { minLength: 2, maxLength: 6 }), { minLength: 1, maxLength: 12 }),
      fc.constantFrom("\n", "\r\n", "\r"),
      fc.record({
        piece: fc.integer({ min: 1, max: 40 }),
        bom: fc.boolean(),
        endless: fc.boolean(),
        separator: fc.constantFrom(",", ";"),
      }),
      (rows, lineEnd, { piece, bom, endless, separator }) => {
        const written = rows.map((row) =>
          row.map((text) => (/^[a7 :ü/]*$/.test(text) ? text : quotedCell(text))).join(separator),
        );
        // The separator is told from the first line: it is the header's.
        const header = ["one", "two", "three"];
        const text = [header.join(separator), ...written].join(lineEnd) + (endless ? "" : lineEnd);
        const result = readText(`${bom ? "\ufeff" : ""}${text}`, piece);
        assert.deepEqual(result.rows, [header, ...rows]);
        assert.equal(result.lastIsWhole, !endless);
        assert.equal(result.tooLong, 0);
      },
    ),
  );
});

test("the separator is the header's, whatever the rows after it hold and however lines end", () => {
  assert.deepEqual(readText('one;two\r",,,,";x\r', 40).rows, [
    ["one", "two"],
    [",,,,", "x"],
  ]);
});

test("any bytes are read without an error, the same in any pieces", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 1, max: 30 }), (bytes, piece) => {
      assert.deepEqual(read(bytes, piece).rows, read(bytes, 1_000).rows);
    }),
  );
});

test("a quote without its other half costs one line, not the rest of the file", () => {
  const rest = Array.from({ length: 4_000 }, (_, n) => `${n},filled with what a row may hold\n`).join("");
  const { rows, tooLong } = readText(`a,b\n"open,1\n${rest}`, 10_000);
  assert.equal(tooLong, 1);
  assert.equal(rows.length, 4_001);
  assert.deepEqual(rows.at(-1), ["3999", "filled with what a row may hold"]);
});

test("a line without an end and one with endless cells keep the memory bounded", () => {
  const { rows, tooLong } = read(Buffer.from(`a,b\n${"x".repeat(300_000)}\n${",".repeat(500)}\n1,2\n`), 4_096);
  assert.deepEqual(rows, [
    ["a", "b"],
    ["1", "2"],
  ]);
  assert.ok(tooLong >= 2);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { WireFailure } from "../../../src/sources/routeros/wire/failure.ts";
import { createFrameReader } from "../../../src/sources/routeros/wire/frames.ts";
import { encodeWord } from "../../../src/sources/routeros/wire/words.ts";
import { encodeLength, encodeSentence } from "../../fakes/routeros/words.ts";

const limits = { wordBytes: 1_048_576, sentenceBytes: 4_194_304, sentenceWords: 10_000 };

/** Sentences of what came in these pieces, as text. */
function sentencesOf(pieces: readonly Buffer[], bounds = limits): string[][] {
  const sentences: string[][] = [];
  const feed = createFrameReader(bounds, (words) => sentences.push(words.map((word) => word.toString("latin1"))));
  for (const piece of pieces) feed(piece);
  return sentences;
}

function failureOf(pieces: readonly Buffer[], bounds = limits): string {
  try {
    sentencesOf(pieces, bounds);
    return "none";
  } catch (error) {
    assert.ok(error instanceof WireFailure, String(error));
    return error.kind;
  }
}

const answer: readonly (readonly string[])[] = [
  ["!re", ".tag=7", `=comment=${"x".repeat(200)}`, "=address=10.0.0.1"],
  ["!re", "=empty=", ".tag=7"],
  ["!done", ".tag=7"],
];
const bytes = Buffer.concat(answer.map((words) => encodeSentence(words)));

test("an answer cut in two at any byte is the same answer", () => {
  for (let at = 0; at <= bytes.length; at += 1)
    assert.deepEqual(sentencesOf([bytes.subarray(0, at), bytes.subarray(at)]), answer, `cut at ${at}`);
});

test("an answer that comes byte by byte is the same answer", () => {
  assert.deepEqual(sentencesOf(Array.from(bytes, (byte) => Buffer.of(byte))), answer);
});

test("a sentence is handed on with its last byte, and not with the next one's first", () => {
  assert.deepEqual(sentencesOf([encodeSentence(["!done"])]), [["!done"]]);
  assert.deepEqual(sentencesOf([encodeSentence(["!done"]).subarray(0, -1)]), []);
});

const lengths = [1, 0x7f, 0x80, 0x3fff, 0x4000, 0x1fffff, 0x200000];
for (const length of lengths) {
  const bounds = { wordBytes: 0x200000, sentenceBytes: 0x200000, sentenceWords: 2 };
  test(`a word of ${length} bytes is read, its length cut anywhere`, () => {
    const word = Buffer.alloc(length, "!");
    const whole = Buffer.concat([encodeLength(length), word, Buffer.of(0)]);
    for (let at = 0; at < 6; at += 1) {
      const [sentence] = sentencesOf([whole.subarray(0, at), whole.subarray(at)], bounds);
      assert.equal(sentence?.[0]?.length, length);
    }
  });

  test(`a word of ${length} bytes is sent with the length that the simulated router reads`, () => {
    const word = Buffer.alloc(length, "a");
    assert.ok(encodeWord(word).equals(Buffer.concat([encodeLength(length), word])));
  });
}

test("a length in five bytes is read", () => {
  assert.deepEqual(sentencesOf([Buffer.from([0xf0, 0, 0, 0, 3]), Buffer.from("!re\0")]), [["!re"]]);
});

for (const byte of [0xf1, 0xf7, 0xf8, 0xfc, 0xff])
  test(`the reserved control byte 0x${byte.toString(16)} is no sentence`, () => {
    assert.equal(failureOf([Buffer.of(byte)]), "malformed");
    assert.equal(failureOf([Buffer.from([3]), Buffer.from("!re"), Buffer.of(byte)]), "malformed");
  });

test("a word beyond its bound is refused by its length alone, before any byte of it is kept", () => {
  assert.equal(failureOf([encodeLength(limits.wordBytes + 1)]), "too-large");
  assert.equal(failureOf([Buffer.from([0xf0, 0xff, 0xff, 0xff, 0xff])]), "too-large");
});

test("a sentence beyond its bounds is refused", () => {
  const megabyte = Buffer.concat([encodeLength(limits.wordBytes), Buffer.alloc(limits.wordBytes, "!")]);
  assert.equal(failureOf([megabyte, megabyte, megabyte, megabyte]), "none");
  assert.equal(failureOf([megabyte, megabyte, megabyte, megabyte, Buffer.from("\u0001!")]), "too-large");
  assert.equal(failureOf([Buffer.from("\u0001!".repeat(limits.sentenceWords))]), "none");
  assert.equal(failureOf([Buffer.from("\u0001!".repeat(limits.sentenceWords + 1))]), "too-large");
});

const others: readonly (readonly [name: string, bytes: Buffer])[] = [
  ["TLS", Buffer.from([0x15, 3, 3, 0, 2, 2, 70])],
  ["HTTP", Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n")],
  ["SSH", Buffer.from("SSH-2.0-ROSSSH\r\n")],
  ["", Buffer.from("220 MikroTik FTP server ready\r\n")],
];
for (const [name, first] of others)
  test(`${name === "" ? "another protocol" : name} is known by its first bytes, without waiting for a whole word`, () => {
    for (const pieces of [[first], [first.subarray(0, 1), first.subarray(1, 2)]])
      assert.throws(
        () => sentencesOf(pieces),
        (error) => error instanceof WireFailure && error.kind === "foreign" && error.detail === name,
      );
  });

const word = fc.string({ maxLength: 300 }).map((text) => `!${text}`);
const cuts = fc.array(fc.nat({ max: 4_000 }), { maxLength: 30 });

test("any sentences, cut anywhere, come out as they went in", () => {
  fc.assert(
    fc.property(fc.array(fc.array(word, { minLength: 1, maxLength: 8 }), { maxLength: 8 }), cuts, (sentences, at) => {
      const wire = Buffer.concat(sentences.map((words) => encodeSentence(words)));
      const expected = sentences.map((words) => words.map((text) => Buffer.from(text).toString("latin1")));
      assert.deepEqual(sentencesOf(cut(wire, at)), expected);
    }),
    { numRuns: 300 },
  );
});

test("flipped bytes end in sentences or a failure, never in anything else", () => {
  const flips = fc.array(fc.tuple(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 255 })), {
    minLength: 1,
    maxLength: 5,
  });
  fc.assert(
    fc.property(flips, cuts, (changes, at) => {
      const wire = Buffer.from(bytes);
      for (const [position, value] of changes) wire[position] = value;
      failureOf(cut(wire, at));
    }),
    { numRuns: 1_000 },
  );
});

test("random bytes end in sentences or a failure, the same however they are cut", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2_000 }), cuts, (random, at) => {
      const wire = Buffer.concat([Buffer.from("\u0003!re"), random]);
      assert.equal(failureOf(cut(wire, at)), failureOf([wire]));
    }),
    { numRuns: 1_000 },
  );
});

function cut(wire: Buffer, at: readonly number[]): Buffer[] {
  const places = [...at.filter((place) => place <= wire.length).sort((a, b) => a - b), wire.length];
  return places.map((place, n) => wire.subarray(places[n - 1] ?? 0, place));
}

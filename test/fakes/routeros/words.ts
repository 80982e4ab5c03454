/** A word of the RouterOS API: text goes out as UTF-8, bytes as they are (names in a code page). */
export type Word = string | Buffer;

/** A sentence as bytes: each word behind its length, and a word of length zero at the end. */
export function encodeSentence(words: readonly Word[]): Buffer {
  const parts = words.flatMap((word) => {
    const bytes = typeof word === "string" ? Buffer.from(word, "utf8") : word;
    return [encodeLength(bytes.length), bytes];
  });
  return Buffer.concat([...parts, Buffer.of(0)]);
}

/** The length prefix, in as few bytes as hold it (MikroTik's API page, "API words"). */
export function encodeLength(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length);
  if (length < 0x4000) return Buffer.of(0x80 | (length >> 8), length & 0xff);
  if (length < 0x200000) return Buffer.of(0xc0 | (length >> 16), (length >> 8) & 0xff, length & 0xff);
  const four = Buffer.alloc(4);
  four.writeUInt32BE(length);
  if (length >= 0x10000000) return Buffer.concat([Buffer.of(0xf0), four]);
  four[0] = (four[0] ?? 0) | 0xe0;
  return four;
}

/** Collects bytes and gives the sentences that are whole by then. Simple on purpose: what it is held against is not. */
export function sentenceReader(): (bytes: Buffer) => Buffer[][] {
  let rest = Buffer.alloc(0);
  return (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    const sentences: Buffer[][] = [];
    let words: Buffer[] = [];
    let taken = 0;
    for (let word = wordAt(rest, 0); word !== undefined; word = wordAt(rest, word.end)) {
      if (word.bytes.length > 0) {
        words.push(word.bytes);
        continue;
      }
      sentences.push(words);
      words = [];
      taken = word.end;
    }
    rest = rest.subarray(taken);
    return sentences;
  };
}

function wordAt(bytes: Buffer, at: number): { readonly bytes: Buffer; readonly end: number } | undefined {
  const first = bytes[at];
  if (first === undefined) return undefined;
  const extra = first < 0x80 ? 0 : first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (bytes.length < at + 1 + extra) return undefined;
  const high = extra === 4 ? 0 : extra === 0 ? first : first & (0x7f >> extra);
  const length = extra === 0 ? high : high * 256 ** extra + bytes.readUIntBE(at + 1, extra);
  const start = at + 1 + extra;
  return bytes.length < start + length
    ? undefined
    : { bytes: bytes.subarray(start, start + length), end: start + length };
}

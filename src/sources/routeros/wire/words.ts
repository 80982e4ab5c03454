/** A word to send: text goes as UTF-8, bytes as they are. */
export type Word = string | Buffer;

/** A word behind its length, in as few bytes as hold it (MikroTik's API page, "API words"). */
export function encodeWord(word: Word): Buffer {
  const bytes = typeof word === "string" ? Buffer.from(word, "utf8") : word;
  return Buffer.concat([encodeLength(bytes.length), bytes]);
}

function encodeLength(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length);
  if (length < 0x4000) return Buffer.of(0x80 | (length >>> 8), length & 0xff);
  if (length < 0x200000) return Buffer.of(0xc0 | (length >>> 16), (length >>> 8) & 0xff, length & 0xff);
  if (length < 0x10000000)
    return Buffer.of(0xe0 | (length >>> 24), (length >>> 16) & 0xff, (length >>> 8) & 0xff, length & 0xff);
  return Buffer.of(0xf0, length >>> 24, (length >>> 16) & 0xff, (length >>> 8) & 0xff, length & 0xff);
}

import { WireFailure } from "./failure.ts";

/** What a sentence may take. A length is believed only within these. */
export interface FrameLimits {
  readonly wordBytes: number;
  readonly sentenceBytes: number;
  readonly sentenceWords: number;
}

/**
 * Takes the bytes of a connection apart, however they were cut, and hands on each sentence that is whole: its words, the
 * empty one at the end left out. Throws a `WireFailure` for what is no sentence of a router; then it must not be used again.
 * Format: MikroTik's API page, "API words" and "API sentences".
 */
export function createFrameReader(
  limits: FrameLimits,
  take: (words: readonly Buffer[]) => void,
): (bytes: Buffer) => void {
  let words: Buffer[] = [];
  let sentenceBytes = 0;
  // The length that is being read, and how many of its bytes are still to come.
  let length = 0;
  let lengthLeft = 0;
  // The word that is being read, where it did not come in one piece.
  let word: Buffer | undefined;
  let have = 0;

  const add = (whole: Buffer) => {
    words.push(whole);
    if (words.length > limits.sentenceWords) throw new WireFailure("too-large", "a sentence of too many words");
  };
  const endSentence = () => {
    const whole = words;
    words = [];
    sentenceBytes = 0;
    if (whole.length > 0) take(whole);
  };
  /** Begins with a word whose length is known; gives where the next thing begins. */
  const beginWord = (bytes: Buffer, at: number): number => {
    if (length === 0) {
      endSentence();
      return at;
    }
    sentenceBytes += length;
    if (length > limits.wordBytes || sentenceBytes > limits.sentenceBytes)
      throw new WireFailure("too-large", "a sentence of too many bytes");
    if (words.length === 0 && at < bytes.length) requireReply(length, bytes[at]);
    if (at + length <= bytes.length) {
      add(bytes.subarray(at, at + length));
      return at + length;
    }
    word = Buffer.allocUnsafe(length);
    have = 0;
    return at;
  };

  return (bytes) => {
    let at = 0;
    while (at < bytes.length) {
      if (word !== undefined) {
        if (words.length === 0 && have === 0) requireReply(length, bytes[at]);
        const copied = bytes.copy(word, have, at);
        have += copied;
        at += copied;
        if (have < word.length) return;
        add(word);
        word = undefined;
        continue;
      }
      const byte = bytes[at] ?? 0;
      at += 1;
      if (lengthLeft === 0) ({ length, lengthLeft } = beginLength(byte));
      else {
        length = length * 256 + byte;
        lengthLeft -= 1;
      }
      if (lengthLeft === 0) at = beginWord(bytes, at);
    }
  };
}

/** Of the first byte of a length: the part of the length in it, and how many bytes follow. */
function beginLength(byte: number): { length: number; lengthLeft: number } {
  if (byte < 0x80) return { length: byte, lengthLeft: 0 };
  if (byte < 0xc0) return { length: byte & 0x3f, lengthLeft: 1 };
  if (byte < 0xe0) return { length: byte & 0x1f, lengthLeft: 2 };
  if (byte < 0xf0) return { length: byte & 0x0f, lengthLeft: 3 };
  if (byte === 0xf0) return { length: 0, lengthLeft: 4 };
  throw new WireFailure("malformed", "a reserved control byte");
}

/** Each reply begins with "!": whoever begins otherwise speaks another protocol, and may never end what looks like a word. */
function requireReply(length: number, first: number | undefined): void {
  if (first === 0x21) return;
  throw new WireFailure("foreign", protocols[String.fromCharCode(length, first ?? 0)] ?? "");
}

/** By the first two bytes: a TLS alert, `HTTP/`, `SSH-`. */
const protocols: Readonly<Record<string, string>> = { "\u0015\u0003": "TLS", HT: "HTTP", SS: "SSH" };

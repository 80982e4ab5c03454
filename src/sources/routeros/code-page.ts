/** Text of a router: UTF-8 where it is that, else the code page that WinBox wrote it in (RouterOS keeps the bytes as they come). */
export interface TextCodec {
  decode(bytes: Buffer): string;
  /** In the code page alone; `undefined` where it lacks a character or is not of single bytes. */
  encodeInCodePage(text: string): Buffer | undefined;
}

/** True for a character set that is known here and has ASCII in its place, as the protocol's own words need. */
export function isCodePage(label: string): boolean {
  try {
    return new TextDecoder(label).decode(Uint8Array.from(printableAscii)) === String.fromCharCode(...printableAscii);
  } catch {
    return false;
  }
}

/** `label` is one of the WHATWG Encoding Standard, such as `windows-1252`; throws a `RangeError` for any other. */
export function createTextCodec(label: string): TextCodec {
  const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const codePage = new TextDecoder(label);
  return {
    decode: (bytes) => {
      const text = bytes.toString("utf8");
      // Almost always: nothing was replaced.
      if (!text.includes("\ufffd")) return text;
      try {
        return strict.decode(bytes);
      } catch {
        return codePage.decode(bytes);
      }
    },
    encodeInCodePage: (text) => encodeSingleBytes(codePage, text),
  };
}

const printableAscii = Array.from({ length: 95 }, (_, n) => n + 32);

/** There is no encoder for these in the platform: each byte is asked what it stands for. */
function encodeSingleBytes(codePage: InstanceType<typeof TextDecoder>, text: string): Buffer | undefined {
  const byteOf = new Map(Array.from({ length: 256 }, (_, byte) => [codePage.decode(Uint8Array.of(byte)), byte]));
  const bytes = [...text].map((character) => (character === "\ufffd" ? undefined : byteOf.get(character)));
  return bytes.every((byte) => byte !== undefined) ? Buffer.from(bytes) : undefined;
}

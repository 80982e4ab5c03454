/** One row of a CSV file: where its cells lie in `bytes`. The same object is filled anew for the next row. */
export interface CsvRow {
  readonly bytes: Uint8Array;
  readonly cells: number;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** 1: the cell stood in quotes, which are not within its bounds. */
  readonly quoted: Uint8Array;
}

/** Cuts the bytes of a CSV file into rows (RFC 4180, LF, CRLF or CR, comma or semicolon, with or without a BOM). */
export interface CsvScanner {
  push(chunk: Uint8Array): void;
  /** What is left is a row whose end is missing. */
  end(): void;
  /** Rows that were left out: a row has at most 64 kB and 64 cells. */
  readonly tooLong: number;
}

const mostCells = 64;
const mostBytes = 65_536;
const [quote, lf, cr, comma, semicolon] = [34, 10, 13, 44, 59];

/** `onRow` gets each row that is not empty; `whole` is false for a last one without a line's end. */
export function createCsvScanner(onRow: (row: CsvRow, whole: boolean) => void): CsvScanner {
  const starts = new Int32Array(mostCells);
  const ends = new Int32Array(mostCells);
  const quoted = new Uint8Array(mostCells);
  /** 1 for the bytes that mean something. */
  const special = new Uint8Array(256);
  const row = { bytes: new Uint8Array(2 * mostBytes), cells: 0, starts, ends, quoted };
  /** So many bytes wait in `row.bytes` for the end of their row. */
  let filled = 0;
  let delimiter = 0;
  let tooLong = 0;
  let anyQuoted = false;
  /** Within a row that is too long and whose end has not come yet. */
  let skipping = false;

  const unquote = (cells: number) => {
    for (let cell = 0; cell < cells; cell += 1) {
      const [begin = 0, end = 0] = [starts[cell], ends[cell]];
      const isQuoted = end - begin >= 2 && row.bytes[begin] === quote && row.bytes[end - 1] === quote;
      quoted[cell] = isQuoted ? 1 : 0;
      if (!isQuoted) continue;
      starts[cell] = begin + 1;
      ends[cell] = end - 1;
    }
  };
  const emit = (cells: number, whole: boolean) => {
    if (cells === 1 && starts[0] === ends[0]) return;
    if (anyQuoted) unquote(cells);
    row.cells = cells;
    onRow(row, whole);
    if (!anyQuoted) return;
    anyQuoted = false;
    quoted.fill(0);
  };

  const skipLine = (from: number, size: number): number => {
    const next = nextLine(row.bytes, from, size);
    skipping = row.bytes[next - 1] !== lf;
    return next;
  };

  /** Reads the rows of the first `size` bytes from `from` on; gives where the first one begins that is not whole. */
  const scan = (from: number, size: number, isLast: boolean): number => {
    const { bytes } = row;
    const separator = delimiter;
    let begin = skipping ? skipLine(from, size) : from;
    while (begin < size) {
      let cell = 0;
      let at = begin;
      let ended = false;
      starts[0] = begin;
      for (; at < size; at += 1) {
        const byte = bytes[at] ?? 0;
        if (special[byte] === 0) continue;
        if (byte === separator) {
          ends[cell] = at;
          cell += 1;
          starts[cell] = at + 1;
        } else if (byte !== quote) {
          ended = true;
          break;
        } else if (at === starts[cell]) {
          // Only at the start of a cell it means something; a stray one is text.
          anyQuoted = true;
          at = closingQuote(bytes, at + 1, size);
        }
      }
      if (!ended && !isLast && size - begin <= mostBytes) {
        anyQuoted = false;
        return begin;
      }
      if (cell >= mostCells || at - begin > mostBytes) {
        tooLong += 1;
        anyQuoted = false;
        // A quote without its other half would swallow the rest of the file: go on with the next line.
        begin = skipLine(begin, size);
        continue;
      }
      ends[cell] = Math.min(at, size);
      emit(cell + 1, ended);
      begin = at + 1;
    }
    return size;
  };

  const take = (isLast: boolean) => {
    let from = 0;
    const { bytes } = row;
    if (delimiter === 0) {
      const head = bytes.subarray(0, filled);
      if (!isLast && filled < mostBytes && !head.includes(lf) && !head.includes(cr)) return;
      if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) from = 3;
      delimiter = delimiterOf(head);
      for (const byte of [quote, lf, cr, delimiter]) special[byte] = 1;
    }
    const begin = Math.min(filled, scan(from, filled, isLast));
    bytes.copyWithin(0, begin, filled);
    filled -= begin;
  };

  return {
    push: (chunk) => {
      if (filled + chunk.length > row.bytes.length) {
        const larger = new Uint8Array(2 * (filled + chunk.length));
        larger.set(row.bytes.subarray(0, filled));
        row.bytes = larger;
      }
      row.bytes.set(chunk, filled);
      filled += chunk.length;
      take(false);
    },
    end: () => take(true),
    get tooLong() {
      return tooLong;
    },
  };
}

/** A cell as text, without its quotes. */
export function cellText({ bytes, starts, ends, cells, quoted }: CsvRow, index: number): string {
  if (index < 0 || index >= cells || starts[index] === ends[index]) return "";
  const text = decoder.decode(bytes.subarray(starts[index], ends[index]));
  return quoted[index] === 1 ? text.replaceAll('""', '"') : text;
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The last byte of the quoted part; `size` when its end is missing. */
function closingQuote(bytes: Uint8Array, from: number, size: number): number {
  let at = from;
  while (at < size && (bytes[at] !== quote || (at + 1 < size && bytes[at + 1] === quote)))
    at += bytes[at] === quote ? 2 : 1;
  return Math.min(at, size);
}

function nextLine(bytes: Uint8Array, from: number, size: number): number {
  const at = bytes.subarray(from, size).indexOf(lf);
  return at === -1 ? size : from + at + 1;
}

/** German spreadsheets write semicolons. */
function delimiterOf(head: Uint8Array): number {
  // A line may end with a carriage return alone.
  const end = head.findIndex((byte) => byte === lf || byte === cr);
  const line = end === -1 ? head : head.subarray(0, end);
  const count = (byte: number) => line.reduce((sum, each) => sum + (each === byte ? 1 : 0), 0);
  return count(semicolon) > count(comma) ? semicolon : comma;
}

import type { SafeConnector } from "./connector.ts";
import { WireFailure } from "./failure.ts";
import { LibraryChannel } from "./library.ts";

/** A row as the router sends it: `.id`, `mac-address`. */
export type Row = Readonly<Record<string, string>>;

/** The router's own word on why it won't. Category by MikroTik's API page, "Error category". */
export interface Trap {
  readonly category?: number;
  readonly message: string;
}

/** All that a command came to. Rows may stand before a trap; `done` is what `!done` carries. */
export interface CommandAnswer {
  readonly rows: readonly Row[];
  readonly traps: readonly Trap[];
  readonly done: Row;
}

export interface AnswerLimits {
  readonly rows: number;
  /** Characters of an answer, and a fixed amount for each of its words, so that many small ones count as well. */
  readonly size: number;
}

interface ChannelParts {
  /** The tag: a number of its own within the connection, where the library takes a random one that may be empty. */
  readonly tag: string;
  readonly limits: AnswerLimits;
  answered(answer: CommandAnswer): void;
  failed(failure: WireFailure): void;
}

/** Words cost memory beyond their characters. */
const sizeOfWord = 16;
/** More traps than this say nothing new. */
const keptTraps = 10;

/** node-routeros' channel that keeps rows, traps and their categories, and doesn't throw at a reply that it doesn't know. */
export class SafeChannel extends LibraryChannel {
  readonly #parts: ChannelParts;
  readonly #rows: Row[] = [];
  readonly #traps: Trap[] = [];
  #size = 0;

  constructor(connector: SafeConnector, parts: ChannelParts) {
    super(connector);
    this.id = parts.tag;
    this.#parts = parts;
  }

  override processPacket(packet: readonly string[]): void {
    const { limits, answered, failed } = this.#parts;
    for (const word of packet) this.#size += word.length + sizeOfWord;
    if (this.#size > limits.size || this.#rows.length > limits.rows) {
      this.close();
      failed(new WireFailure("too-large", `more than ${limits.rows} rows or ${limits.size} bytes`));
      return;
    }
    switch (packet[0]) {
      case "!re":
        this.#rows.push(rowOf(packet));
        break;
      case "!trap":
        if (this.#traps.length < keptTraps) this.#traps.push(trapOf(rowOf(packet)));
        break;
      case "!done":
        this.close();
        answered({ rows: this.#rows, traps: this.#traps, done: rowOf(packet) });
        break;
      default:
        // `!empty` since 7.18, and whatever comes after it: `!done` ends every command.
        break;
    }
  }
}

function rowOf(packet: readonly string[]): Row {
  const row: Record<string, string> = {};
  for (const word of packet) {
    if (!word.startsWith("=")) continue;
    const equals = word.indexOf("=", 1);
    if (equals < 0) row[word.slice(1)] = "";
    else row[word.slice(1, equals)] = word.slice(equals + 1);
  }
  return row;
}

function trapOf(row: Row): Trap {
  const category = row["category"] ?? "";
  const message = row["message"] ?? "";
  return /^\d{1,3}$/.test(category) ? { category: Number(category), message } : { message };
}

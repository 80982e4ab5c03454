import type { Socket } from "node:net";
import type { TextCodec } from "../code-page.ts";
import { WireFailure } from "./failure.ts";
import { createFrameReader, type FrameLimits } from "./frames.ts";
import { LibraryConnector, LibraryReceiver, LibraryTransmitter } from "./library.ts";
import { encodeWord, type Word } from "./words.ts";

export interface ConnectorParts {
  readonly socket: Socket;
  readonly codec: TextCodec;
  readonly limits: FrameLimits & {
    /** Bytes of replies that belong to no command, in a row. */
    readonly strayBytes: number;
  };
  /** Called once, when the connection can't be used any more: with a `WireFailure`, or with what a bug threw. */
  lost(failure: unknown): void;
}

/**
 * node-routeros' connector on a socket that is open and trusted already. Its own `connect` knows neither fingerprints nor
 * deadlines, `write` sends a packet a word, and its handlers lose what happened or throw it into the event loop.
 */
export class SafeConnector extends LibraryConnector {
  readonly #parts: ConnectorParts;
  #over = false;
  /** Counts what came, so that a mute router is told from a slow one. */
  receivedBytes = 0;

  constructor(parts: ConnectorParts) {
    super({ host: "" });
    this.#parts = parts;
  }

  override connect(): this {
    const { socket } = this.#parts;
    this.socket = socket;
    this.transmitter = new SafeTransmitter(socket);
    this.receiver = new SafeReceiver(this.#parts);
    this.connected = true;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 30_000);
    // The listener for errors stays: a socket may have more than one.
    socket.on("error", (error) => this.onError(error));
    socket.on("data", (bytes) => this.onData(bytes));
    socket.once("end", () => this.onEnd());
    socket.once("close", () => this.onEnd());
    if (socket.destroyed) this.onEnd();
    return this;
  }

  override write(words: readonly Word[]): this {
    // One segment: with a write for each word, and Nagle's delay, a command takes 40 ms.
    const bytes = [...words, null].map((word) => this.transmitter.encodeString(word));
    if (!this.#over) this.socket.write(Buffer.concat(bytes));
    return this;
  }

  override onData(bytes: Buffer): void {
    if (this.#over) return;
    this.receivedBytes += bytes.length;
    try {
      this.receiver.processRawData(bytes);
    } catch (error) {
      this.fail(error);
    }
  }

  override onError(error: Error): void {
    this.fail(new WireFailure("lost", "", { cause: error }));
  }

  override onEnd(): void {
    this.fail(new WireFailure("closed", ""));
  }

  /** Ends the connection at once, whatever the router does. */
  fail(failure: unknown): void {
    if (this.#over) return;
    this.#over = true;
    this.connected = false;
    this.destroy();
    this.#parts.lost(failure);
  }
}

/** Cuts the bytes into sentences whole and strictly, decodes, and leaves alone what belongs to no command of ours. */
class SafeReceiver extends LibraryReceiver {
  readonly #parts: ConnectorParts;
  readonly #feed: (bytes: Buffer) => void;
  #stray = 0;

  constructor(parts: ConnectorParts) {
    super(parts.socket);
    this.#parts = parts;
    this.#feed = createFrameReader(parts.limits, (words) => this.#take(words));
  }

  override processRawData(bytes: Buffer): void {
    this.#feed(bytes);
  }

  /** No source fixes where `.tag` stands in a reply: anywhere will do. */
  #take(words: readonly Buffer[]): void {
    const packet: string[] = [];
    let tag: string | undefined;
    for (const word of words) {
      const text = this.#parts.codec.decode(word);
      if (tag === undefined && text.startsWith(".tag=")) tag = text.slice(5);
      else packet.push(text);
    }
    // Its reason stands in a bare word; newer releases may write it as any other message.
    if (packet[0] === "!fatal") throw new WireFailure("fatal", (packet[1] ?? "").replace(/^=message=/, ""));
    const taker = tag === undefined ? undefined : this.tags.get(tag);
    if (taker !== undefined) {
      this.#stray = 0;
      taker.callback(packet);
      return;
    }
    this.#stray += words.reduce((sum, word) => sum + word.length, 0);
    if (this.#stray > this.#parts.limits.strayBytes) throw new WireFailure("too-large", "answers to nothing");
  }
}

/** UTF-8 instead of windows-1252, and bytes as they are. */
class SafeTransmitter extends LibraryTransmitter {
  override encodeString(word: Word | null): Buffer {
    return word === null ? Buffer.of(0) : encodeWord(word);
  }
}

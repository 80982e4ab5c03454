import type { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { Channel, Connector, Receiver, Transmitter } from "node-routeros";
import type { Word } from "./words.ts";

/** Takes the replies to one tag: the reply word and the words behind it. */
export type ReplyTaker = (packet: readonly string[]) => void;

// node-routeros 1.6.9 declares as private what has to be replaced. Here is what is relied on, as its dist/ has it.
interface ConnectorInternals extends EventEmitter {
  socket: Socket;
  receiver: ReceiverInternals;
  transmitter: TransmitterInternals;
  connected: boolean;
  connect(): unknown;
  write(words: readonly Word[]): unknown;
  read(tag: string, take: ReplyTaker): void;
  stopRead(tag: string): void;
  destroy(): void;
  onError(error: Error): void;
  onEnd(): void;
  onData(bytes: Buffer): void;
}

interface ReceiverInternals {
  readonly tags: ReadonlyMap<string, { readonly callback: ReplyTaker }>;
  read(tag: string, take: ReplyTaker): void;
  stop(tag: string): void;
  processRawData(bytes: Buffer): void;
}

interface TransmitterInternals {
  encodeString(word: Word | null): Buffer;
}

interface ChannelInternals extends EventEmitter {
  id: string;
  /** Adds `.tag`, registers the tag and writes; nothing is returned as long as `wantsPromise` is false. */
  write(words: Word[], isStream: boolean, wantsPromise: boolean): unknown;
  close(force?: boolean): void;
  processPacket(packet: readonly string[]): void;
}

/** The parts of node-routeros as they are within. */
export const LibraryConnector = Connector as unknown as new (options: object) => ConnectorInternals;
export const LibraryReceiver = Receiver as unknown as new (socket: Socket) => ReceiverInternals;
export const LibraryTransmitter = Transmitter as unknown as new (socket: Socket) => TransmitterInternals;
export const LibraryChannel = Channel as unknown as new (connector: ConnectorInternals) => ChannelInternals;

import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import type { SourceErrorCode, SourceReading } from "../model/devices/sighting.ts";

/** What a driver gets. It speaks its protocol and nothing else: pace, deadline, back-off and telling are `run.ts`'s. */
export interface SourceParts {
  readonly clock: Clock;
  readonly log: Log;
}

/** A router that is asked. A session may outlast a poll; polls never overlap. */
export interface PollingSource {
  /** Rejects with `SourceError`, and settles soon after `signal` aborts. */
  poll(signal: AbortSignal): Promise<SourceReading>;
  /** What the router says, unparsed, by the name of the question. Rejects as `poll`. */
  raw(signal: AbortSignal): Promise<Readonly<Record<string, unknown>>>;
  close(): Promise<void>;
}

/** Reports that come by themselves. */
export interface ListeningSource {
  /** Hears until `signal` aborts; rejects with `SourceError` when it can't listen. */
  listen(heard: Heard, signal: AbortSignal): Promise<void>;
}

/** What a listening source hears. `rejected`: what came is no report; `text` is one bounded line without control characters. */
export interface Heard {
  reading(reading: SourceReading): void;
  rejected(from: string, text: string): void;
}

/** Where a router is and how to get in. `host` is address[:port]; `fingerprint` is for `tls: pin`. */
export interface RouterAccess {
  readonly name: string;
  readonly host: string;
  readonly password: string;
  readonly fingerprint: string;
}

export type TlsMode = "off" | "verify" | "pin" | "insecure";

/** A source could not be read. The message is for people: what, of which router, and what to do. It holds no secret. */
export class SourceError extends Error {
  override readonly name = "SourceError";
  readonly code: SourceErrorCode;

  constructor(code: SourceErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

import { uptime } from "node:os";

/** Milliseconds since the Unix epoch, as the machine's clock says it: it may step. */
export type Timestamp = number;

/** Time, injected everywhere, so that tests own it. Only this file touches `Date` and timers. */
export interface Clock {
  /** Wall clock, for timestamps: it may jump. */
  now(): Timestamp;
  /** Milliseconds that only ever grow: for durations. */
  monotonic(): number;
  /** Resolves after `ms`, or at once when `signal` aborts; it never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls `work` once after `ms`; the returned function cancels it. */
  after(ms: number, work: () => void): () => void;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal?.addEventListener("abort", done, { once: true });
    }),
  after: (ms, work) => {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
};

/** Milliseconds since the machine started, its sleep included, as the kernel counts them: they never step. */
export function msSinceBoot(): number {
  return uptime() * 1000;
}

/** The local calendar day of a timestamp, `YYYY-MM-DD`, in the machine's time zone. */
export function localDay(at: Timestamp): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())}`;
}

/** The calendar day of a timestamp where local time is ahead of UTC by so much, `YYYY-MM-DD`. */
export function dayAt(at: Timestamp, utcOffsetMs: number): string {
  return new Date(at + utcOffsetMs).toISOString().slice(0, 10);
}

/** How far local time is ahead of UTC at that moment: the machine's time zone, summer time included. */
export function utcOffset(at: Timestamp): number {
  return -new Date(at).getTimezoneOffset() * 60_000;
}

/** ISO 8601 with the machine's offset and milliseconds, `2026-11-21T14:05:09.123+01:00`. */
export function isoTime(at: Timestamp): string {
  const date = new Date(at);
  const offset = -date.getTimezoneOffset();
  const zone = `${offset < 0 ? "-" : "+"}${twoDigits(Math.trunc(Math.abs(offset) / 60))}:${twoDigits(Math.abs(offset) % 60)}`;
  const ms = String(date.getMilliseconds()).padStart(3, "0");
  return `${localDay(at)}T${localTime(at)}.${ms}${zone}`;
}

/** The local time of day, `HH:MM:SS`. */
export function localTime(at: Timestamp): string {
  const date = new Date(at);
  return `${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}:${twoDigits(date.getSeconds())}`;
}

/** ISO 8601 in UTC without milliseconds, `2026-11-21T13:05:09+00:00`. */
export function utcTime(at: Timestamp): string {
  return `${new Date(Math.trunc(at / 1000) * 1000).toISOString().slice(0, 19)}+00:00`;
}

/** Reads an ISO 8601 time; `undefined` when it is none. */
export function parseTime(text: string): Timestamp | undefined {
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}

/** A `Date` for libraries that want one. */
export function dateOf(at: Timestamp): Date {
  return new Date(at);
}

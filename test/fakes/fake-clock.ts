import type { Clock, Timestamp } from "../../src/lib/clock.ts";

interface Timer {
  readonly due: number;
  readonly work: () => void;
}

/** 2026-01-15T12:00:00Z: a noon, so that the local day is the same in almost every time zone. */
const defaultStart: Timestamp = 1_768_478_400_000;

/** A clock that stands still until a test moves it. */
export class FakeClock implements Clock {
  #wall: Timestamp;
  #elapsed = 0;
  #timers: readonly Timer[] = [];

  constructor(start: Timestamp = defaultStart) {
    this.#wall = start;
  }

  now(): Timestamp {
    return this.#wall + this.#elapsed;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const done = () => {
        cancel();
        signal?.removeEventListener("abort", done);
        resolve();
      };
      const cancel = this.after(ms, done);
      signal?.addEventListener("abort", done, { once: true });
    });
  }

  after(ms: number, work: () => void): () => void {
    const timer: Timer = { due: this.#elapsed + Math.max(0, ms), work };
    this.#timers = [...this.#timers, timer];
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Sleeps and timers that wait now. */
  get pending(): number {
    return this.#timers.length;
  }

  /** Steps the wall clock only, as NTP or a user does; durations and timers do not notice. */
  stepWall(ms: number): void {
    this.#wall += ms;
  }

  /** Moves time on: what falls due runs in order, each at its own moment, and what it awaited goes on before the next. */
  async advance(ms: number): Promise<void> {
    const until = this.#elapsed + ms;
    await settle();
    for (let timer = this.#next(until); timer !== undefined; timer = this.#next(until)) {
      this.#elapsed = Math.max(this.#elapsed, timer.due);
      this.#timers = this.#timers.filter((other) => other !== timer);
      timer.work();
      await settle();
    }
    this.#elapsed = until;
  }

  #next(until: number): Timer | undefined {
    const due = this.#timers.filter((timer) => timer.due <= until);
    return due.reduce<Timer | undefined>(
      (first, timer) => (first === undefined || timer.due < first.due ? timer : first),
      undefined,
    );
  }
}

/** A turn of the event loop: all promises that can settle have settled. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

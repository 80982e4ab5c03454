import type { Timestamp } from "../../lib/clock.ts";

export interface Span {
  readonly from: Timestamp;
  readonly to: Timestamp;
}

/** The times of which rows were read, so that no time counts twice when files overlap or come in another order. */
export interface Covered {
  /** From here on until its next `close`. */
  open(from: Timestamp): void;
  close(to: Timestamp): void;
  has(at: Timestamp): boolean;
  /** There are so many pieces that no more are told apart. */
  readonly full: boolean;
  /** The start of the next time after `at` that was read already; infinite when there is none. */
  nextAfter(at: Timestamp): Timestamp;
  /** In the order of time. */
  spans(): readonly Span[];
}

const mostSpans = 1_000;

export function createCovered(): Covered {
  const spans: Span[] = [];
  let since: Timestamp | undefined;
  return {
    open: (from) => {
      since = from;
    },
    close: (to) => {
      if (since !== undefined) spans.push({ from: since, to });
      since = undefined;
    },
    get full() {
      return spans.length >= mostSpans;
    },
    has: (at) => spans.some(({ from, to }) => at >= from && at <= to),
    nextAfter: (at) =>
      spans.reduce((next, { from }) => (from > at && from < next ? from : next), Number.POSITIVE_INFINITY),
    spans: () => [...spans].sort((a, b) => a.from - b.from),
  };
}

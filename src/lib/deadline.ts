import type { Clock } from "./clock.ts";

/** How long a piece of work may take, and who may stop it earlier. */
export interface Limits {
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** One signal for both ends of a piece of work: its time is up, or its caller no longer wants it. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** True when the time was up; false while it runs and when the caller stopped it. */
  expired(): boolean;
}

/**
 * Runs `work` under a deadline. `AbortSignal.any` is not used: on a signal that lives as long as the program each call would
 * leave a trace behind.
 */
export async function withDeadline<T>(limits: Limits, work: (deadline: Deadline) => Promise<T>): Promise<T> {
  const { clock, timeoutMs, signal } = limits;
  const controller = new AbortController();
  let expired = false;
  const stop = () => controller.abort();
  const cancelTimer = clock.after(timeoutMs, () => {
    expired = !controller.signal.aborted;
    stop();
  });
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await work({ signal: controller.signal, expired: () => expired });
  } finally {
    cancelTimer();
    signal.removeEventListener("abort", stop);
  }
}

/** Waits for `work`, which can't be stopped itself, no longer than until `signal` aborts; then it rejects. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new DOMException("stopped waiting", "AbortError"));
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

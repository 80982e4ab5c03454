import type { Limits } from "../../lib/deadline.ts";

/** Something that was told to stop did not. */
export class Hung extends Error {}

/** What `work` settles to, however long that takes; `Hung` when it goes on for `timeoutMs` after `signal` aborted. */
export function settledSoon<T>(work: Promise<T>, { clock, timeoutMs, signal }: Limits): Promise<T> {
  return new Promise((resolve, reject) => {
    let cancel = () => {};
    const wait = () => {
      cancel = clock.after(timeoutMs, () => reject(new Hung("it did not stop")));
    };
    if (signal.aborted) wait();
    signal.addEventListener("abort", wait, { once: true });
    work.then(resolve, reject).finally(() => {
      cancel();
      signal.removeEventListener("abort", wait);
    });
  });
}

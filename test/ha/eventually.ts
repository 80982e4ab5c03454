import { setTimeout as sleep } from "node:timers/promises";

/**
 * The first result of `look` that is neither undefined nor false, asked again until the deadline. An error of `look` counts
 * as "not yet". Throws what was awaited and what was seen last.
 */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  timeoutMs = 10_000,
): Promise<T> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    let seen: unknown;
    try {
      const result = await look();
      if (result !== undefined && result !== false) return result;
    } catch (error) {
      seen = error;
    }
    if (performance.now() > end)
      throw new Error(`not within ${timeoutMs} ms: ${what}${seen instanceof Error ? ` (${seen.message})` : ""}`, {
        cause: seen,
      });
    await sleep(50);
  }
}

import type { SourceErrorCode } from "../../model/devices/sighting.ts";

/** A router that restarts is back within a minute or two, and people wait for it. */
const mostMs = 20_000;
/** So many refused passwords in a row, and routers begin to lock the account, or all logins. */
const refusals = 3;
const leastAfterRefusalsMs = 60_000;
const mostAfterRefusalsMs = 300_000;

/** How many attempts in a row have failed, and how many of the last of them because of the password. */
export interface Failures {
  readonly count: number;
  readonly auth: number;
}

export const noFailures: Failures = { count: 0, auth: 0 };

/** One failure more. */
export function after(failures: Failures, code: SourceErrorCode): Failures {
  return { count: failures.count + 1, auth: code === "auth" ? failures.auth + 1 : 0 };
}

/**
 * From the start of a failed attempt to the next one: the interval at first, so that a lost answer costs nothing; then ever more up to
 * twenty seconds, spread by `random` so that sources lost at once do not come back at once.
 */
export function waitMs(
  { count, auth }: Failures,
  {
    code,
    intervalMs,
    random,
  }: { readonly code: SourceErrorCode; readonly intervalMs: number; readonly random: number },
): number {
  // Who keeps taking the session is the driver's business: it alone knows when to leave it to them.
  if (code === "busy" || count === 0) return intervalMs;
  if (auth >= refusals) {
    const longer = leastAfterRefusalsMs * 2 ** Math.min(auth - refusals, 10);
    return Math.max(intervalMs, Math.min(mostAfterRefusalsMs, longer));
  }
  const doubled = intervalMs * 2 ** Math.min(count - 1, 20);
  const bounded = Math.min(doubled, Math.max(mostMs, intervalMs));
  return Math.max(intervalMs, bounded * (count === 1 ? 1 : 0.8 + 0.2 * random));
}

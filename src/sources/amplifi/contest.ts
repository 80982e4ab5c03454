/**
 * The router knows one session at a time: whoever logs in, by browser or here, ends the other's. Who only ever takes it back
 * keeps people from their own router, so after a few losses we leave it to them for longer and longer.
 */
export interface Contest {
  /** Losses in a row, each of a session that had not lived long. */
  readonly losses: number;
  /** Pauses so far. */
  readonly pauses: number;
  /** Until then nothing is asked of the router; monotonic ms. */
  readonly until: number;
}

/** A session was lost, and when it had been opened; monotonic ms. */
export interface Loss {
  readonly now: number;
  readonly openedAt: number;
}

/** Nobody else wants the session. */
export const uncontested: Contest = { losses: 0, pauses: 0, until: 0 };

/** After a loss. A session that lived for minutes was not fought over: it expired, or the router restarted. */
export function afterLoss(contest: Contest, { now, openedAt }: Loss): Contest {
  const { losses, pauses } = now - openedAt >= longLivedMs ? uncontested : contest;
  if (pauses === 0 && losses + 1 < mostLosses) return { losses: losses + 1, pauses, until: 0 };
  return { losses: losses + 1, pauses: pauses + 1, until: now + Math.min(longestPauseMs, firstPauseMs * 2 ** pauses) };
}

/** How long the session is still left to others; 0: it may be asked for. */
export function pauseLeftMs(contest: Contest, now: number): number {
  return Math.max(0, contest.until - now);
}

const mostLosses = 3;
const longLivedMs = 5 * 60_000;
const firstPauseMs = 60_000;
const longestPauseMs = 15 * 60_000;

import type { Clock } from "../../lib/clock.ts";
import type { Seen } from "./seen.ts";

/** Whether a verdict stands. It is to be shown each view. */
export type Settling = (seen: Pick<Seen, "verdict" | "episode">) => boolean;

/** How long a verdict must stay what it is: one outage is told from another only some seconds after it was noticed. */
const holdMs = { ok: 1_500, degraded: 3_000, outage: 2_500 } as const;
/** What is broken so near is told without the help of others. */
const nearMs = 1_500;

/** A suspicion has become a verdict by then, or comes and goes and becomes none. */
const doubtedMs = 6_000;

/** A verdict stands when no suspicion is being looked into, and it did not change for some seconds; in doubt, for longer. */
export function createSettling(clock: Clock): Settling {
  let last: Seen["verdict"]["verdict"];
  let since = clock.monotonic();
  return ({ verdict: { verdict, severity, status }, episode }) => {
    if (verdict !== last) since = clock.monotonic();
    last = verdict;
    if (verdict === undefined || severity === "no_data") return false;
    const isDoubted = episode.state === "suspect" || episode.state === "recovering";
    // What a suspicion makes of a network that was well so far may take all the time there is.
    if (isDoubted && severity === "ok") return false;
    const hold = isDoubted ? doubtedMs : status === "LAN_DOWN" ? nearMs : holdMs[severity];
    return clock.monotonic() - since >= hold;
  };
}

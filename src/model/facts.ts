import type { Timestamp } from "../lib/clock.ts";
import type { NetworkState } from "./devices/network.ts";
import type { Settings } from "./settings.ts";
import type { States } from "./states.ts";
import type { Check, CheckId, LinkFacts } from "./types.ts";

/** What was observed, as far as the diagnosis rests on it. */
export interface Facts {
  readonly at: Timestamp;
  readonly settings: Settings;
  readonly link: LinkFacts | undefined;
  /** When the link facts last changed, by what changed. */
  readonly linkSince: { readonly carrier: Timestamp; readonly address: Timestamp; readonly route: Timestamp };
  readonly checks: readonly Check[];
  readonly states: States;
  /** Who is on the network, and what its routers say. */
  readonly network: NetworkState;
  /** What is usual at this hour. */
  readonly baseline: { readonly rttMs?: number; readonly jitterMs?: number };
  /** When checks were last answered in an earlier run: what never worked is no sign of trouble. */
  readonly remembered: Readonly<Record<CheckId, Timestamp>>;
  /** When the monitor last came back from a pause of its own (sleep, stop, clock step). */
  readonly resumedAt: Timestamp;
}

import type { Timestamp } from "../lib/clock.ts";
import type { CheckState } from "./check-state.ts";
import type { Settings } from "./settings.ts";
import type { Check, CheckId, LinkFacts } from "./types.ts";

/** What was observed, as far as the diagnosis rests on it. */
export interface Facts {
  readonly at: Timestamp;
  readonly settings: Settings;
  readonly link: LinkFacts | undefined;
  /** When the link facts last changed, by what changed. */
  readonly linkSince: { readonly carrier: Timestamp; readonly address: Timestamp; readonly route: Timestamp };
  readonly checks: readonly Check[];
  readonly index: ReadonlyMap<CheckId, Check>;
  readonly states: ReadonlyMap<CheckId, CheckState>;
  /** When the monitor last came back from a pause of its own (sleep, stop, clock step). */
  readonly resumedAt: Timestamp;
}

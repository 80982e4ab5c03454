import type { LayerName, Layers } from "./layer.ts";
import type { Verdict } from "./verdicts.ts";

/** `ok`/`bad`: says so, freshly. `-ok`: does not work, or nobody knows. `-bad`: works, or nobody knows. */
type Wanted = "ok" | "bad" | "-ok" | "-bad";

/** One row of the decision table. */
export interface Rule {
  readonly verdict: Verdict;
  /** All of these must hold. */
  readonly when: Partial<Readonly<Record<LayerName, Wanted>>>;
  /** A condition that single layers can't say. */
  readonly and?: (layers: Layers) => boolean;
  /** What else one would see: each that is there raises the confidence, each that contradicts lowers it. */
  readonly expects?: Partial<Readonly<Record<LayerName, "ok" | "bad">>>;
  readonly place: string;
  /** One sentence that somebody without any knowledge of networks can act on. */
  readonly advice: string;
}

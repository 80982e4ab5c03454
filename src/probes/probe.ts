import type { Check, CheckKind, ProbeOutcome } from "../model/types.ts";
import type { Plan } from "../model/view.ts";

/** Measures one check once. Never throws: a failure to measure is reason "internal". */
export type Probe<K extends CheckKind> = (
  check: Extract<Check, { kind: K }>,
  limits: { readonly timeoutMs: number; readonly signal: AbortSignal },
) => Promise<ProbeOutcome>;

/** Opened once, used for every check of the kind. */
export interface Probes {
  readonly tcp: Probe<"tcp">;
  readonly http: Probe<"http">;
  readonly dns: Probe<"dns">;
}

/** What to measure now, read by the runner; nobody calls the runner. */
export interface PlanReader {
  current(): Plan;
  /** Resolves at the next change of the plan, or when `signal` aborts; never rejects. */
  changed(signal: AbortSignal): Promise<void>;
}

import type { Clock } from "../../lib/clock.ts";
import type { Log } from "../../lib/log.ts";
import type { Check, Observation } from "../../model/types.ts";
import type { EmitProbe, Icmp, IcmpTarget } from "../icmp/icmp.ts";
import type { ReadLink } from "../link.ts";
import type { Trace } from "../path/trace.ts";
import type { PlanReader, Probes } from "../probe.ts";

/** All that measuring needs. */
export interface RunParts {
  readonly plan: PlanReader;
  readonly emit: (observation: Observation) => void;
  readonly clock: Clock;
  readonly log: Log;
  readonly probes: Probes;
  readonly icmp: Icmp;
  readonly link: ReadLink;
  /** Absent: no paths are traced. */
  readonly trace?: Trace;
}

/** A check that is measured by itself; ICMP is measured for all hosts together. */
export type SingleCheck = Exclude<Check, { kind: "icmp" }>;

/** The checks that are measured all the time; a burst alone measures the others. */
export function regular(checks: readonly Check[]): readonly Check[] {
  return checks.filter(({ onDemand }) => onDemand !== true);
}

/** The hosts among the checks that ICMP is for. */
export function icmpTargets(checks: readonly Check[]): readonly IcmpTarget[] {
  return checks.flatMap((check) => {
    if (check.kind !== "icmp") return [];
    const { id, host, bytes } = check;
    return [bytes === undefined ? { id, host } : { id, host, bytes }];
  });
}

/** The other checks. */
export function singleChecks(checks: readonly Check[]): readonly SingleCheck[] {
  return checks.flatMap((check) => (check.kind === "icmp" ? [] : [check]));
}

/** What engines and probes found, as an observation. */
export function probeEmitter({ emit }: Pick<RunParts, "emit">): EmitProbe {
  return (check, outcome, at) => emit({ type: "probe", at, check, outcome });
}

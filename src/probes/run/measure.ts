import { untilAborted, withDeadline } from "../../lib/deadline.ts";
import type { CheckId, ProbeOutcome } from "../../model/types.ts";
import { probeEmitter, type RunParts, type SingleCheck } from "./parts.ts";

/** Measures one check once and emits what it saw. Resolves to that, or to `undefined` when it was stopped. */
export type Measure = (
  check: SingleCheck,
  limits: { readonly timeoutMs: number; readonly signal: AbortSignal },
) => Promise<ProbeOutcome | undefined>;

/** A probe keeps its own deadline; one that doesn't is given up this much later. */
const graceMs = 1_000;

/** Wraps the probes: a bug in one is "could not measure" and one line in the log, until it works again. */
export function createMeasure(parts: Pick<RunParts, "probes" | "emit" | "clock" | "log">): Measure {
  const { clock, log, probes } = parts;
  const emit = probeEmitter(parts);
  const broken = new Set<CheckId>();
  return async (check, { timeoutMs, signal }) => {
    const at = clock.now();
    const outcome = await withDeadline({ clock, timeoutMs: timeoutMs + graceMs, signal }, async (deadline) => {
      try {
        const found = await untilAborted(ask(probes, check, { timeoutMs, signal: deadline.signal }), deadline.signal);
        broken.delete(check.id);
        return found;
      } catch (error) {
        const detail = deadline.expired() ? "the probe did not end in time" : "the probe itself failed";
        if (!signal.aborted && !broken.has(check.id)) log.error("a bug in a probe", { check: check.id, detail, error });
        broken.add(check.id);
        return { ok: false, reason: "internal", detail } as const;
      }
    });
    if (signal.aborted) return undefined;
    emit(check.id, outcome, at);
    return outcome;
  };
}

async function ask(
  probes: RunParts["probes"],
  check: SingleCheck,
  limits: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<ProbeOutcome> {
  switch (check.kind) {
    case "tcp":
      return await probes.tcp(check, limits);
    case "http":
      return await probes.http(check, limits);
    case "dns":
      return await probes.dns(check, limits);
  }
}

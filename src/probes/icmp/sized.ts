import type { CheckId, ProbeOutcome } from "../../model/types.ts";
import type { EmitProbe, IcmpTarget } from "./icmp.ts";

/** Targets that get packets of one size; `bytes` absent: small ones. */
export interface SizeGroup {
  readonly bytes?: number;
  readonly targets: readonly IcmpTarget[];
}

/** The targets by size, in the order in which the sizes come. */
export function bySize(targets: readonly IcmpTarget[]): readonly SizeGroup[] {
  const groups = new Map<number | undefined, IcmpTarget[]>();
  for (const target of targets) {
    const group = groups.get(target.bytes);
    if (group === undefined) groups.set(target.bytes, [target]);
    else group.push(target);
  }
  return [...groups].map(([bytes, group]) => (bytes === undefined ? { targets: group } : { bytes, targets: group }));
}

/** A packet that the kernel refused to send. It knows of its own interface, and keeps what a router said for ten minutes. */
export function notSent(bytes: number): ProbeOutcome {
  const detail = `not sent: this machine, or the path as it knows it, takes no ${bytes} bytes at once`;
  return { ok: false, reason: "internal", detail };
}

/** A packet that a router refused, and said so: what a black hole does not. `by`: its address or words. */
export function tooLarge(bytes: number, by: string): ProbeOutcome {
  return { ok: false, reason: "mismatch", detail: `${bytes} bytes are too large for the path, which says so: ${by}` };
}

/**
 * Holds the outcomes of a batch of large packets until `flush`, for a late one can explain those before it: what a router says of
 * the first packet (by IPv6 fping does not even show it) makes the kernel refuse the next. Then silence was no black hole.
 */
export function gatherSized(emit: EmitProbe): { readonly emit: EmitProbe; flush(): void } {
  const held = new Map<CheckId, { readonly outcome: ProbeOutcome; readonly at: number }[]>();
  return {
    emit: (check, outcome, at) => {
      const list = held.get(check);
      if (list === undefined) held.set(check, [{ outcome, at }]);
      else list.push({ outcome, at });
    },
    flush: () => {
      for (const [check, packets] of held) {
        const outcomes = packets.map(({ outcome }) => outcome);
        const why = outcomes.find(isReason("mismatch")) ?? outcomes.find(isReason("internal"));
        for (const { outcome, at } of packets) emit(check, explains(why, outcome) ?? outcome, at);
      }
      held.clear();
    },
  };
}

/** `why` in place of what it explains. What cannot be reached cannot be reached at any size. */
function explains(why: ProbeOutcome | undefined, outcome: ProbeOutcome): ProbeOutcome | undefined {
  return isReason("timeout")(outcome) || isReason("internal")(outcome) ? why : undefined;
}

function isReason(reason: string): (outcome: ProbeOutcome) => boolean {
  return (outcome) => !outcome.ok && outcome.reason === reason;
}

import type { Clock } from "../../lib/clock.ts";
import { createGate } from "../../lib/gate.ts";
import type { ProbeOutcome } from "../../model/types.ts";
import type { Probe } from "../probe.ts";
import type { Icmp, IcmpTarget } from "./icmp.ts";

/** Ports of which some router or server answers at least one, be it with a refusal. */
const ports = [443, 80, 53];
const mostAtOnce = 32;

const sizeless = {
  ok: false,
  reason: "internal",
  detail: "the size of a packet cannot be measured without ICMP",
} as const;

type Limits = Parameters<Probe<"tcp">>[1];

/**
 * Reachability without ICMP: any answer to a connection counts. A host that never answered may just drop connections, so its
 * silence says nothing.
 */
export function createTcpEngine({ clock, tcp }: { readonly clock: Clock; readonly tcp: Probe<"tcp"> }): Icmp {
  const answered = new Set<string>();
  const gate = createGate(mostAtOnce);
  const ask = async (host: string, limits: Limits): Promise<ProbeOutcome> => {
    const check = { id: "", role: "target", slug: "", name: host, kind: "tcp", host, ports, anyAnswer: true } as const;
    const outcome = await tcp(check, limits);
    if (outcome.ok) answered.add(host);
    if (outcome.ok || outcome.reason === "internal" || answered.has(host)) return outcome;
    return { ok: false, reason: "internal", detail: `${host} cannot be measured without ICMP` };
  };
  return {
    engine: "tcp",
    batch: async ({ targets, count, spacingMs, timeoutMs }, emit, signal) => {
      const probe = async ({ id, host }: IcmpTarget, index: number) => {
        await clock.sleep(index * spacingMs, signal);
        if (signal.aborted) return;
        const at = clock.now();
        const outcome = await ask(host, { timeoutMs, signal });
        if (!signal.aborted) emit(id, outcome, at);
      };
      const packets = Array.from({ length: count }, (_, index) => index);
      const all = (target: IcmpTarget) => Promise.all(packets.map((index) => probe(target, index)));
      for (const { id, bytes } of targets) if (bytes !== undefined) emit(id, sizeless, clock.now());
      const small = targets.filter(({ bytes }) => bytes === undefined);
      await Promise.all(small.map((target) => gate.pass(() => all(target))));
    },
  };
}

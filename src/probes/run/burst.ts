import { createGate } from "../../lib/gate.ts";
import type { CheckId } from "../../model/types.ts";
import type { Plan } from "../../model/view.ts";
import type { IcmpTarget } from "../icmp/icmp.ts";
import type { Measure } from "./measure.ts";
import { icmpTargets, probeEmitter, type RunParts, type SingleCheck, singleChecks } from "./parts.ts";

/** Which burst of the plan was seen last; it outlives a pause of the monitoring. */
export interface BurstMemory {
  burstId: number;
}

const packets = { count: 5, spacingMs: 200, timeoutMs: 1_500 } as const;
/** A slow name server is slow, not dead. */
const timeoutsMs = { tcp: 1_500, dns: 2_500, http: 3_000 } as const;
const mostAtOnce = 64;

/** Follows a suspicion at once, beside the heartbeat and a running cycle. */
export async function runBursts(
  parts: RunParts & { readonly measure: Measure; readonly memory: BurstMemory },
  signal: AbortSignal,
): Promise<void> {
  const { plan, memory } = parts;
  const start = createBurst(parts, signal);
  const running = new Set<Promise<void>>();
  while (!signal.aborted) {
    const now = plan.current();
    if (now.burst.id !== memory.burstId) {
      memory.burstId = now.burst.id;
      const burst = start(now);
      running.add(burst);
      burst.finally(() => running.delete(burst)).catch(() => undefined);
    }
    await plan.changed(signal);
  }
  await Promise.all(running);
}

/** A check that still is in an earlier burst waits for it; of several bursts that wait, only the newest runs. */
function createBurst(
  parts: RunParts & { readonly measure: Measure; readonly memory: BurstMemory },
  signal: AbortSignal,
): (plan: Plan) => Promise<void> {
  const { icmp, log, measure, memory } = parts;
  const emit = probeEmitter(parts);
  const gate = createGate(mostAtOnce);
  const busy = new Map<CheckId, Promise<void>>();

  const occupy = async (ids: readonly CheckId[], work: () => Promise<void>) => {
    const done = work().finally(() => {
      for (const id of ids) if (busy.get(id) === done) busy.delete(id);
    });
    for (const id of ids) busy.set(id, done);
    await done;
  };
  const pingAll = async (targets: readonly IcmpTarget[]) => {
    if (targets.length === 0 || signal.aborted) return;
    const ids = targets.map(({ id }) => id);
    await occupy(ids, async () => {
      try {
        await icmp.batch({ targets, ...packets }, emit, signal);
      } catch (error) {
        log.error("a bug in the ICMP engine", { error });
      }
    });
  };
  const measureTwice = async (check: SingleCheck) => {
    const limits = { timeoutMs: timeoutsMs[check.kind], signal };
    const first = await measure(check, limits);
    if (first?.ok === false) await measure(check, limits);
  };
  const measureOne = async (check: SingleCheck) => {
    if (signal.aborted) return;
    await occupy([check.id], () => gate.pass(() => measureTwice(check)));
  };

  return async ({ burst, checks }) => {
    const wanted = new Set(burst.checks);
    const asked = checks.filter(({ id }) => wanted.has(id));
    const isNewest = () => memory.burstId === burst.id;
    const waitFor = async (ids: readonly CheckId[]) => {
      await Promise.all(ids.map((id) => busy.get(id)));
      return isNewest();
    };
    const late = asked.filter(({ id }) => busy.has(id));
    const free = asked.filter(({ id }) => !busy.has(id));
    const lateTargets = icmpTargets(late);
    await Promise.all([
      pingAll(icmpTargets(free)),
      ...singleChecks(free).map(measureOne),
      waitFor(lateTargets.map(({ id }) => id)).then((go) => (go ? pingAll(lateTargets) : undefined)),
      ...singleChecks(late).map(async (check) => {
        if (await waitFor([check.id])) await measureOne(check);
      }),
    ]);
  };
}

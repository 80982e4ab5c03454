import type { Check } from "../../model/types.ts";
import type { Plan } from "../../model/view.ts";
import type { Beat } from "../icmp/icmp.ts";
import { icmpTargets, probeEmitter, type RunParts, regular } from "./parts.ts";

const restartMs = 1_000;

/** Keeps the stream of ICMP probes running that the plan wants: a changed list of targets or timeout begins it anew. */
export async function runHeartbeat(parts: RunParts, signal: AbortSignal): Promise<void> {
  const { plan, icmp, log, clock } = parts;
  const { beat } = icmp;
  if (beat === undefined) return;
  const emit = probeEmitter(parts);
  const read = createReader();

  const keep = async (wanted: Beat, stop: AbortSignal) => {
    while (!stop.aborted) {
      try {
        await beat(wanted, emit, stop);
      } catch (error) {
        log.error("a bug in the heartbeat", { error });
      }
      await clock.sleep(restartMs, stop);
    }
  };

  while (!signal.aborted) {
    const wanted = read(plan.current());
    const generation = new AbortController();
    const stop = () => generation.abort();
    signal.addEventListener("abort", stop, { once: true });
    const running = wanted.targets.length > 0 && wanted.periodMs > 0 ? keep(wanted, generation.signal) : undefined;
    while (!signal.aborted && read(plan.current()) === wanted) await plan.changed(signal);
    stop();
    signal.removeEventListener("abort", stop);
    await running;
  }
}

/** The same object as long as nothing that matters changed: plans are made anew at each turn, lists of checks hardly ever. */
function createReader(): (plan: Plan) => Beat {
  let checks: readonly Check[] | undefined;
  let key = "";
  let beat: Beat = { targets: [], periodMs: 0, timeoutMs: 0 };
  return (plan) => {
    const { heartbeatMs: periodMs, heartbeatTimeoutMs: timeoutMs } = plan;
    if (plan.checks === checks && periodMs === beat.periodMs && timeoutMs === beat.timeoutMs) return beat;
    checks = plan.checks;
    // Large packets each second would be a load: where they are wanted at all, the cycle sends them.
    const targets = icmpTargets(regular(plan.checks)).filter(({ bytes }) => bytes === undefined);
    const wanted = { targets, periodMs, timeoutMs };
    const wantedKey = JSON.stringify(wanted);
    if (wantedKey !== key) beat = wanted;
    key = wantedKey;
    return beat;
  };
}

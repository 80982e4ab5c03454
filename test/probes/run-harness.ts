import assert from "node:assert/strict";
import type { Check, LinkFacts, Observation, ProbeOutcome } from "../../src/model/types.ts";
import type { Plan } from "../../src/model/view.ts";
import type { Batch, Beat } from "../../src/probes/icmp/icmp.ts";
import type { RunParts } from "../../src/probes/run/parts.ts";
import { runProbes } from "../../src/probes/run.ts";
import { FakeClock } from "../fakes/fake-clock.ts";

/** What the probes and the link of the harness say unless a test gives others. */
export const ok: ProbeOutcome = { ok: true, rttMs: 1 };
export const facts: LinkFacts = {
  interface: "eth0",
  carrier: true,
  defaultRoute: true,
  addresses: ["192.0.2.10"],
  neighbour: "unknown",
  resolvers: [],
};

interface Given extends Partial<Plan> {
  readonly noBeat?: boolean;
  readonly tcp?: (clock: FakeClock, timeoutMs: number, check: Check) => Promise<ProbeOutcome>;
  readonly http?: () => Promise<ProbeOutcome>;
  readonly batch?: (clock: FakeClock) => Promise<void>;
  readonly link?: () => Promise<LinkFacts>;
}

/** The runner on a still clock, with probes that answer as the test says; dispose of it to see that it ends. */
export function start(
  { noBeat = false, tcp: askTcp, http: askHttp, batch, link, ...given }: Given,
  more: Pick<RunParts, "trace"> = {},
) {
  const clock = new FakeClock();
  const seen: Observation[] = [];
  const errors: string[] = [];
  const beats: Beat[] = [];
  const batches: Batch[] = [];
  let beating = 0;
  const controller = new AbortController();
  const { plan, replan } = createPlan(given);
  const parts: RunParts = {
    plan,
    clock,
    emit: (observation) => seen.push(observation),
    log: { debug: () => {}, info: () => {}, warn: () => {}, error: (message) => errors.push(message) },
    probes: {
      tcp: async (check, { timeoutMs }) => (await askTcp?.(clock, timeoutMs, check)) ?? ok,
      http: async () => (await askHttp?.()) ?? ok,
      dns: async () => ok,
    },
    icmp: {
      engine: "fping",
      ...(noBeat
        ? {}
        : {
            beat: async (beat, _emit, signal) => {
              beats.push(beat);
              beating += 1;
              await clock.sleep(1e12, signal);
              beating -= 1;
            },
          }),
      batch: async (wanted, emit) => {
        batches.push(wanted);
        await batch?.(clock);
        for (const { id } of wanted.targets) emit(id, ok, clock.now());
      },
    },
    link: link ?? (async () => facts),
    ...more,
  };
  const startedAt = clock.now();
  const running = runProbes(parts, controller.signal);
  return {
    clock,
    seen,
    errors,
    beats,
    batches,
    startedAt,
    replan,
    beating: () => beating,
    of: <T extends Observation["type"]>(type: T) =>
      seen.filter((each): each is Extract<Observation, { type: T }> => each.type === type),
    probesOf: (id: string) => seen.flatMap((each) => (each.type === "probe" && each.check === id ? [each] : [])),
    [Symbol.asyncDispose]: async () => {
      controller.abort();
      await clock.advance(100_000);
      await running;
      assert.equal(beating, 0);
    },
  };
}

function createPlan(given: Partial<Plan>) {
  let current: Plan = {
    active: true,
    checks: [],
    intervalMs: 20_000,
    heartbeatMs: 1_000,
    heartbeatTimeoutMs: 750,
    burst: { id: 0, checks: [] },
    trace: { baselineMs: 0, baselineTargets: [], round: { id: 0, mode: "manual", targets: [], count: 0 } },
    cycle: { id: 0, scope: "all" },
    ...given,
  };
  let waiters: (() => void)[] = [];
  return {
    plan: {
      current: () => current,
      changed: (signal: AbortSignal) =>
        new Promise<void>((resolve) => {
          if (signal.aborted) return resolve();
          waiters.push(resolve);
          signal.addEventListener("abort", () => resolve(), { once: true });
        }),
    },
    replan: (change: Partial<Plan>) => {
      current = { ...current, ...change };
      const woken = waiters;
      waiters = [];
      for (const wake of woken) wake();
    },
  };
}

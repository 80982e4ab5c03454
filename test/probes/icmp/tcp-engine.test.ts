import assert from "node:assert/strict";
import { test } from "node:test";
import type { ProbeOutcome } from "../../../src/model/types.ts";
import { createTcpEngine } from "../../../src/probes/icmp/tcp-engine.ts";
import { FakeClock } from "../../fakes/fake-clock.ts";
import { collect, kindOf } from "./collect.ts";

const ok: ProbeOutcome = { ok: true, rttMs: 3 };
const silent: ProbeOutcome = { ok: false, reason: "timeout", detail: "no answer" };

test("a host that never answered a connection can't be measured; one that did is down when it falls silent", async () => {
  let answer: ProbeOutcome = silent;
  const kinds = async () => {
    const { seen, emit } = collect();
    const engine = createTcpEngine({ clock: tickless, tcp: async () => answer });
    const probe = () =>
      engine.batch(
        { targets: [{ id: "icmp:a", host: "192.0.2.1" }], count: 1, spacingMs: 200, timeoutMs: 750 },
        emit,
        never(),
      );
    await probe();
    answer = ok;
    await probe();
    answer = silent;
    await probe();
    return seen.map(kindOf);
  };
  assert.deepEqual(await kinds(), ["internal", "ok", "timeout"]);
});

test("any answer counts, on several ports, and a burst keeps its pace", async () => {
  const clock = new FakeClock();
  const asked: { readonly ports: readonly number[]; readonly anyAnswer: boolean }[] = [];
  const engine = createTcpEngine({
    clock,
    tcp: async ({ ports, anyAnswer }) => {
      asked.push({ ports, anyAnswer });
      return ok;
    },
  });
  const { seen, emit } = collect();
  const targets = [{ id: "icmp:a", host: "192.0.2.1" }];
  const startedAt = clock.now();
  const running = engine.batch({ targets, count: 5, spacingMs: 200, timeoutMs: 1_500 }, emit, never());
  await clock.advance(1_000);
  await running;
  assert.deepEqual(
    seen.map(({ at }) => at - startedAt),
    [0, 200, 400, 600, 800],
  );
  assert.ok(asked.every(({ ports, anyAnswer }) => ports.length > 1 && anyAnswer));
});

test("without ICMP no packet has a size", async () => {
  const { seen, emit } = collect();
  const engine = createTcpEngine({ clock: tickless, tcp: async () => ok });
  const targets = [
    { id: "icmp:a", host: "192.0.2.1" },
    { id: "icmp:large", host: "192.0.2.1", bytes: 1_472 },
  ];
  await engine.batch({ targets, count: 1, spacingMs: 200, timeoutMs: 750 }, emit, never());
  assert.deepEqual(Object.fromEntries(seen.map((each) => [each.check, kindOf(each)])), {
    "icmp:a": "ok",
    "icmp:large": "internal",
  });
});

/** One packet needs no pause. */
const tickless = Object.assign(new FakeClock(), { sleep: async () => {} });

function never(): AbortSignal {
  return new AbortController().signal;
}

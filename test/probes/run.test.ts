import assert from "node:assert/strict";
import { test } from "node:test";
import type { Check, LinkFacts, ProbeOutcome } from "../../src/model/types.ts";
import { settle } from "../fakes/fake-clock.ts";
import { facts, ok, start } from "./run-harness.ts";

const down: ProbeOutcome = { ok: false, reason: "timeout", detail: "no answer" };
const label = { role: "target", slug: "x", name: "x" } as const;
const icmp = (id: string, host = "192.0.2.1"): Check => ({ ...label, id, kind: "icmp", host });
const tcp = (id: string): Check => ({ ...label, id, kind: "tcp", host: "192.0.2.1", ports: [443], anyAnswer: false });
const http = (id: string): Check => ({ ...label, id, kind: "http", url: "http://192.0.2.1/", expect: "page" });
const gateway: Check = {
  ...label,
  id: "tcp:gateway",
  role: "gateway",
  kind: "tcp",
  host: "192.0.2.254",
  ports: [53],
  anyAnswer: true,
};

test("a full cycle at once, then one each interval, each ended by its observation", async () => {
  await using run = start({ checks: [icmp("icmp:a"), tcp("tcp:a"), http("http:a")] });
  await run.clock.advance(60_500);
  const cycles = run.of("cycle");
  assert.equal(cycles.length, 4);
  assert.deepEqual(
    cycles.map(({ startedAt, requested }) => [startedAt - run.startedAt, requested]),
    [0, 20_000, 40_000, 60_000].map((at) => [at, false]),
  );
  for (const id of ["tcp:a", "http:a"]) assert.equal(run.probesOf(id).length, 4);
  assert.equal(run.probesOf("icmp:a").length, 0);
});

test("the heartbeat runs for all ICMP checks and begins anew when the list or the timeout changes, not otherwise", async () => {
  await using run = start({ checks: [icmp("icmp:a"), tcp("tcp:a")] });
  await settle();
  run.replan({ checks: [icmp("icmp:a"), tcp("tcp:b")] });
  run.replan({ burst: { id: 9, checks: [] } });
  await settle();
  assert.deepEqual(run.beats, [{ targets: [{ id: "icmp:a", host: "192.0.2.1" }], periodMs: 1_000, timeoutMs: 750 }]);
  run.replan({ heartbeatTimeoutMs: 2_000 });
  await settle();
  run.replan({ checks: [icmp("icmp:a", "192.0.2.2")] });
  await settle();
  assert.equal(run.beats.length, 3);
  assert.equal(run.beating(), 1);
  assert.equal(run.beats[2]?.targets[0]?.host, "192.0.2.2");
  run.replan({ heartbeatMs: 0 });
  await settle();
  assert.equal(run.beating(), 0);
});

test("without a heartbeat the cycle probes the hosts", async () => {
  for (const without of [{ heartbeatMs: 0 }, { noBeat: true }]) {
    await using run = start({ checks: [icmp("icmp:a"), tcp("tcp:a")], ...without });
    await run.clock.advance(20_500);
    assert.equal(run.probesOf("icmp:a").length, 2);
    assert.deepEqual(
      run.batches.map(({ count }) => count),
      [1, 1],
    );
  }
});

test("what is measured on demand is in no heartbeat and no cycle, and in the bursts that name it", async () => {
  const onDemand = (check: Check): Check => ({ ...check, onDemand: true });
  const large: Check = { ...label, id: "icmp:large", kind: "icmp", host: "192.0.2.1", bytes: 1_472, onDemand: true };
  const extras = [onDemand(icmp("icmp:hop", "192.0.2.7")), large, onDemand(tcp("tcp:extra"))];
  for (const noBeat of [false, true]) {
    await using run = start({ checks: [icmp("icmp:a"), tcp("tcp:a")], noBeat });
    await run.clock.advance(1_000);
    run.replan({ checks: [icmp("icmp:a"), tcp("tcp:a"), ...extras, { ...onDemand(gateway), id: "tcp:modem" }] });
    run.replan({ cycle: { id: 1, scope: "gateway" } });
    await run.clock.advance(1_000);
    run.replan({ cycle: { id: 2, scope: "all" } });
    await run.clock.advance(60_000);
    for (const { id } of extras) assert.deepEqual(run.probesOf(id), []);
    assert.deepEqual(run.probesOf("tcp:modem"), []);
    // A list that differs in nothing but these does not begin the stream anew.
    assert.equal(run.beats.length, noBeat ? 0 : 1);
    const before = run.batches.length;
    run.replan({ burst: { id: 1, checks: [...extras.map(({ id }) => id), "icmp:a"] } });
    await settle();
    assert.deepEqual(
      run.batches.slice(before).map(({ targets, count }) => [count, targets]),
      [
        [
          5,
          [
            { id: "icmp:a", host: "192.0.2.1" },
            { id: "icmp:hop", host: "192.0.2.7" },
            { id: "icmp:large", host: "192.0.2.1", bytes: 1_472 },
          ],
        ],
      ],
    );
    assert.equal(run.probesOf("tcp:extra").length, 1);
  }
});

test("large packets that are wanted all the time go with the cycle, not with the heartbeat", async () => {
  const large: Check = { ...label, id: "icmp:large", kind: "icmp", host: "192.0.2.1", bytes: 1_472 };
  await using run = start({ checks: [icmp("icmp:a"), large] });
  await run.clock.advance(20_500);
  assert.deepEqual(run.beats[0]?.targets, [{ id: "icmp:a", host: "192.0.2.1" }]);
  assert.equal(run.probesOf("icmp:large").length, 2);
  assert.equal(run.probesOf("icmp:a").length, 0);
});

test("a requested cycle runs at once; the gateway's has its checks only", async () => {
  await using run = start({ checks: [tcp("tcp:a"), gateway] });
  await run.clock.advance(5_000);
  run.replan({ cycle: { id: 1, scope: "gateway" } });
  await run.clock.advance(1_000);
  run.replan({ cycle: { id: 2, scope: "all" } });
  await run.clock.advance(1_000);
  assert.deepEqual(
    run.of("cycle").map(({ requested, startedAt }) => [requested, startedAt - run.startedAt]),
    [
      [false, 0],
      [true, 5_000],
      [true, 6_000],
    ],
  );
  assert.equal(run.probesOf("tcp:a").length, 2);
  assert.equal(run.probesOf("tcp:gateway").length, 3);
});

test("a cycle that takes longer than the interval is not run beside the next one", async () => {
  let inside = 0;
  let most = 0;
  await using run = start({
    checks: [tcp("tcp:slow")],
    intervalMs: 1_000,
    tcp: async (clock) => {
      inside += 1;
      most = Math.max(most, inside);
      await clock.sleep(4_500);
      inside -= 1;
      return ok;
    },
  });
  await run.clock.advance(30_000);
  assert.equal(most, 1);
  const cycles = run.of("cycle").length;
  assert.ok(cycles >= 5 && cycles <= 7, `${cycles} cycles`);
});

test("not more than 32 probes of a cycle are under way at once", async () => {
  let inside = 0;
  let most = 0;
  const checks = Array.from({ length: 200 }, (_, index) => tcp(`tcp:${index}`));
  await using run = start({
    checks,
    tcp: async (clock) => {
      inside += 1;
      most = Math.max(most, inside);
      await clock.sleep(1_000);
      inside -= 1;
      return ok;
    },
  });
  await run.clock.advance(15_000);
  assert.equal(most, 32);
  assert.equal(run.of("probe").length, 200);
});

test("a burst starts at once beside a running cycle: five packets, and a failed check once more", async () => {
  const outcomes = [down, ok];
  await using run = start({
    checks: [icmp("icmp:a"), icmp("icmp:b"), tcp("tcp:slow"), http("http:a")],
    tcp: async (clock, timeoutMs) => {
      await clock.sleep(timeoutMs);
      return down;
    },
    http: async () => outcomes.shift() ?? ok,
  });
  await run.clock.advance(1_000);
  const before = run.probesOf("http:a").length;
  outcomes.unshift(down);
  run.replan({ burst: { id: 1, checks: ["icmp:b", "http:a", "tcp:slow", "icmp:gone"] } });
  await settle();
  assert.deepEqual(run.batches, [
    { targets: [{ id: "icmp:b", host: "192.0.2.1" }], count: 5, spacingMs: 200, timeoutMs: 1_500 },
  ]);
  assert.equal(run.probesOf("http:a").length - before, 2);
  await run.clock.advance(3_000);
  // Twice 1.5 s by the burst, while the cycle's own still waits for its 5 s.
  assert.equal(run.probesOf("tcp:slow").length, 2);
  assert.equal(run.of("cycle").length, 0);
});

test("a check still in a burst waits for it, and only the newest burst runs then", async () => {
  let calls = 0;
  await using run = start({
    checks: [icmp("icmp:a"), icmp("icmp:b")],
    batch: async (clock) => {
      calls += 1;
      await clock.sleep(2_000);
    },
  });
  await settle();
  const burst = async (id: number, checks: string[]) => {
    run.replan({ burst: { id, checks } });
    await settle();
  };
  await burst(1, ["icmp:a"]);
  await burst(2, ["icmp:a", "icmp:b"]);
  assert.equal(calls, 2);
  await burst(3, ["icmp:a"]);
  await burst(4, ["icmp:a"]);
  assert.equal(calls, 2);
  await run.clock.advance(2_000);
  assert.equal(calls, 3);
});

test("an inactive plan stops everything, and an active one begins with a full cycle", async () => {
  await using run = start({ checks: [icmp("icmp:a"), tcp("tcp:a")] });
  await run.clock.advance(2_000);
  run.replan({ active: false });
  await settle();
  assert.equal(run.beating(), 0);
  const before = run.seen.length;
  run.replan({ burst: { id: 5, checks: ["icmp:a"] } });
  await run.clock.advance(100_000);
  assert.equal(run.seen.length, before);
  run.replan({ active: true });
  await run.clock.advance(1_000);
  assert.equal(run.beating(), 1);
  assert.equal(run.of("cycle").length, 2);
});

test("a probe that is stopped in the middle says nothing", async () => {
  await using run = start({ checks: [tcp("tcp:a")], tcp: async (clock) => clock.sleep(3_000).then(() => down) });
  await run.clock.advance(1_000);
  run.replan({ active: false });
  await run.clock.advance(10_000);
  assert.deepEqual(run.of("probe"), []);
});

test("a bug in one probe is no measurement and one line in the log; the rest goes on", async () => {
  await using run = start({
    checks: [tcp("tcp:bug"), http("http:stuck"), gateway],
    tcp: async (_clock, _timeoutMs, check) => {
      if (check.id === "tcp:bug") throw new Error("a bug");
      return ok;
    },
    http: () => new Promise(() => {}),
  });
  await run.clock.advance(60_000);
  const reasons = (id: string) => new Set(run.probesOf(id).map(({ outcome }) => (outcome.ok ? "ok" : outcome.reason)));
  assert.deepEqual(reasons("tcp:bug"), new Set(["internal"]));
  assert.deepEqual(reasons("http:stuck"), new Set(["internal"]));
  assert.deepEqual(reasons("tcp:gateway"), new Set(["ok"]));
  assert.ok(run.of("cycle").length >= 3);
  assert.equal(run.errors.length, 2);
});

test("a bug in the ICMP engine does not end the runner", async () => {
  await using run = start({
    checks: [icmp("icmp:a"), tcp("tcp:a")],
    heartbeatMs: 0,
    batch: () => Promise.reject(new Error("a bug")),
  });
  await settle();
  run.replan({ burst: { id: 1, checks: ["icmp:a"] } });
  await run.clock.advance(20_500);
  assert.equal(run.of("cycle").length, 2);
});

test("the own link is told when it changes, and every ten seconds", async () => {
  let now: LinkFacts = facts;
  await using run = start({ checks: [], link: async () => ({ ...now }) });
  await run.clock.advance(9_500);
  assert.equal(run.of("link").length, 1);
  now = { ...facts, carrier: false };
  await run.clock.advance(1_000);
  assert.deepEqual(
    run.of("link").map((each) => each.facts.carrier),
    [true, false],
  );
  await run.clock.advance(10_000);
  assert.equal(run.of("link").length, 3);
});

test("a link that can't be read ends nothing", async () => {
  await using run = start({ checks: [tcp("tcp:a")], link: () => Promise.reject(new Error("a bug")) });
  await run.clock.advance(20_500);
  assert.equal(run.of("cycle").length, 2);
  assert.equal(run.errors.length, 1);
});

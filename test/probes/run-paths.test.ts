import assert from "node:assert/strict";
import { test } from "node:test";
import type { TraceTarget } from "../../src/model/types.ts";
import type { TracePlan } from "../../src/model/view.ts";
import type { Trace, TraceJob } from "../../src/probes/path/trace.ts";
import type { FakeClock } from "../fakes/fake-clock.ts";
import { start } from "./run-harness.ts";

const targets = ["192.0.2.1", "192.0.2.2", "192.0.2.3"].map(
  (host, index): TraceTarget => ({ slug: `t${index}`, host }),
);
const noRound: TracePlan["round"] = { id: 0, mode: "manual", targets: [], count: 0 };

/** A tracer that takes as long as its packets and counts who runs beside whom. */
function slowTracer(clock: () => FakeClock) {
  const jobs: (TraceJob & { readonly at: number })[] = [];
  let running = 0;
  let most = 0;
  const trace: Trace = async (job, signal) => {
    jobs.push({ ...job, at: clock().monotonic() });
    running += 1;
    most = Math.max(most, running);
    const startedAt = clock().now();
    await clock().sleep(job.count * job.intervalMs, signal);
    running -= 1;
    if (job.host === "192.0.2.66") return { ok: false, broken: false, reason: "there is no route" };
    return { ok: true, address: job.host, startedAt, hops: [], reached: true, tool: "mtr", text: "report" };
  };
  return { trace, jobs, most: () => most };
}

function watched(plan: Partial<TracePlan>) {
  const holder: { clock?: FakeClock } = {};
  const tracer = slowTracer(() => holder.clock as FakeClock);
  const run = start(
    { trace: { baselineMs: 0, baselineTargets: targets, round: noRound, ...plan } },
    { trace: tracer.trace },
  );
  holder.clock = run.clock;
  const ask = (round: Partial<TracePlan["round"]>) => {
    const full = { id: 1, mode: "intensive" as const, targets, count: 60, ...round };
    run.replan({ trace: { baselineMs: 0, baselineTargets: targets, ...plan, round: full } });
  };
  return { run, tracer, ask };
}

test("the baseline begins soon after the start with a quick look, one target after the other, and again each interval", async () => {
  const { run, tracer } = watched({ baselineMs: 900_000 });
  await using _ = run;
  await run.clock.advance(1_400);
  assert.equal(tracer.jobs.length, 0);
  await run.clock.advance(25_000);
  assert.deepEqual(
    tracer.jobs.map(({ host, count }) => [host, count]),
    targets.map(({ host }) => [host, 2]),
  );
  assert.equal(tracer.most(), 1);
  assert.ok((tracer.jobs[0]?.at ?? 0) <= 2_000);
  const seen = run.of("path");
  assert.deepEqual(
    seen.map(({ target, mode }) => [target.slug, mode]),
    [
      ["t0", "baseline"],
      ["t1", "baseline"],
      ["t2", "baseline"],
    ],
  );
  assert.equal((seen[0]?.at ?? 0) - (seen[0]?.startedAt ?? 0), 2_000);
  await run.clock.advance(850_000);
  assert.equal(tracer.jobs.length, 3);
  await run.clock.advance(60_000);
  assert.deepEqual(
    tracer.jobs.slice(3).map(({ count }) => count),
    [5, 5, 5],
  );
});

test("without a baseline nothing is traced by itself", async () => {
  const { run, tracer } = watched({ baselineMs: 0 });
  await using _ = run;
  await run.clock.advance(2_000_000);
  assert.equal(tracer.jobs.length, 0);
});

test("a round goes to all its targets at once, a little apart, and holds the baseline back", async () => {
  const { run, tracer, ask } = watched({ baselineMs: 60_000 });
  await using _ = run;
  await run.clock.advance(1_000);
  ask({});
  await run.clock.advance(2_000);
  assert.deepEqual(
    tracer.jobs.map(({ host, count, at }) => [host, count, at]),
    [
      ["192.0.2.1", 60, 1_000],
      ["192.0.2.2", 60, 1_300],
      ["192.0.2.3", 60, 1_600],
    ],
  );
  await run.clock.advance(55_000);
  assert.equal(tracer.jobs.length, 3);
  await run.clock.advance(6_000);
  assert.deepEqual(
    run.of("path").map(({ mode, text }) => [mode, /3 traces ran at once/.test(text)]),
    targets.map(() => ["intensive", true]),
  );
  await run.clock.advance(20_000);
  assert.ok(tracer.jobs.length > 3);
});

test("a short round sends so slowly that shared hops can answer all traces", async () => {
  const { run, tracer, ask } = watched({});
  await using _ = run;
  ask({ mode: "manual", count: 10 });
  await run.clock.advance(35_000);
  assert.deepEqual(
    tracer.jobs.map(({ intervalMs }) => intervalMs),
    [3_000, 3_000, 3_000],
  );
  assert.deepEqual(
    run.of("path").map(({ text }) => text),
    ["report", "report", "report"],
  );
});

test("cycles keep their rhythm while traces run", async () => {
  const { run, ask } = watched({ baselineMs: 60_000 });
  await using _ = run;
  ask({});
  await run.clock.advance(61_000);
  assert.equal(run.of("cycle").length, 4);
});

test("at most four traces run at a time", async () => {
  const { run, tracer, ask } = watched({});
  await using _ = run;
  ask({ targets: Array.from({ length: 10 }, (_each, n) => ({ slug: `n${n}`, host: `198.51.100.${n}` })) });
  await run.clock.advance(250_000);
  assert.deepEqual([tracer.jobs.length, tracer.most()], [10, 4]);
});

test("who asks again while a trace runs gets that one", async () => {
  const { run, tracer, ask } = watched({});
  await using _ = run;
  ask({ id: 1, mode: "manual", count: 10 });
  await run.clock.advance(1_000);
  ask({ id: 2, mode: "manual", count: 10 });
  await run.clock.advance(100_000);
  assert.equal(tracer.jobs.length, 3);
  ask({ id: 3, mode: "manual", count: 10 });
  await run.clock.advance(100_000);
  assert.equal(tracer.jobs.length, 6);
});

test("a path that can't be traced is told with its reason, and a bug is logged", async () => {
  const { run, ask } = watched({});
  await using _ = run;
  ask({ targets: [{ slug: "", host: "192.0.2.66" }], count: 1 });
  await run.clock.advance(5_000);
  assert.deepEqual(
    run.of("path-failed").map(({ reason, target }) => [reason, target.host]),
    [["there is no route", "192.0.2.66"]],
  );
});

test("an inactive plan stops the traces, and what they found is not told", async () => {
  const { run, tracer, ask } = watched({ baselineMs: 60_000 });
  await using _ = run;
  ask({});
  await run.clock.advance(10_000);
  run.replan({ active: false });
  await run.clock.advance(600_000);
  assert.equal(tracer.jobs.length, 3);
  assert.deepEqual([...run.of("path"), ...run.of("path-failed")], []);
});

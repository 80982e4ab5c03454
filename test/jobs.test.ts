import assert from "node:assert/strict";
import { test } from "node:test";
import { createJobs, type JobResult, type JobTable } from "../src/jobs.ts";
import type { Observation } from "../src/model/types.ts";
import { FakeClock, settle } from "./fakes/fake-clock.ts";
import { keptLog } from "./history/place.ts";

const done: JobResult = { event: "hops_discovered", text: "found" };

function jobs(table: JobTable) {
  const seen: Observation[] = [];
  const log = keptLog();
  const stop = new AbortController();
  const clock = new FakeClock(1_000);
  return {
    seen,
    log,
    stop,
    clock,
    ...createJobs({ table, clock, log, emit: (each) => seen.push(each), signal: stop.signal }),
  };
}

test("a command begins its job, and the result is an observation", async () => {
  const { seen, start, settled } = jobs({ discover_hops: async () => done });
  start({ name: "run_test", scope: "all" });
  start({ name: "discover_hops" });
  await settled();
  assert.deepEqual(seen, [{ type: "job", at: 1_000, ...done }]);
});

test("never two of one kind at once, but again when the first has ended", async () => {
  let begun = 0;
  let finish = () => {};
  const { start, settled, seen } = jobs({
    discover_hops: async () => {
      begun += 1;
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return done;
    },
  });
  start({ name: "discover_hops" });
  start({ name: "discover_hops" });
  assert.equal(begun, 1);
  finish();
  await settled();
  start({ name: "discover_hops" });
  assert.equal(begun, 2);
  finish();
  await settled();
  assert.equal(seen.length, 2);
});

test("a job that fails is logged, and one that was stopped says nothing", async () => {
  const { start, settled, seen, log, stop, clock } = jobs({
    discover_hops: async () => Promise.reject(new Error("no")),
    analyze: async (_command, signal) => {
      await clock.sleep(1e9, signal);
      return { event: "analysis_ready", text: "half" };
    },
  });
  start({ name: "discover_hops" });
  start({ name: "analyze" });
  await settle();
  stop.abort();
  await settled();
  assert.deepEqual([seen, log.lines], [[], ["error a job failed"]]);
});

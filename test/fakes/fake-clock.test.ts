import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "./fake-clock.ts";

test("sleeps end in the order in which they fall due, each at its own moment", async () => {
  const clock = new FakeClock(1000);
  const seen: string[] = [];
  const loop = async () => {
    for (let n = 0; n < 3; n += 1) {
      await clock.sleep(100);
      seen.push(`loop@${clock.now()}`);
    }
  };
  const looping = loop();
  clock.after(150, () => seen.push(`once@${clock.monotonic()}`));
  await clock.advance(300);
  await looping;
  assert.deepEqual(seen, ["loop@1100", "once@150", "loop@1200", "loop@1300"]);
  assert.equal(clock.pending, 0);
});

test("an abort ends a sleep and takes its timer away", async () => {
  const clock = new FakeClock();
  const stop = new AbortController();
  const sleeping = clock.sleep(1000, stop.signal);
  stop.abort();
  await sleeping;
  assert.equal(clock.pending, 0);
  await clock.sleep(1000, stop.signal);
});

test("a cancelled timer never runs", async () => {
  const clock = new FakeClock();
  const cancel = clock.after(10, () => assert.fail("ran"));
  cancel();
  await clock.advance(20);
});

test("a step of the wall clock moves timestamps but neither durations nor timers", async () => {
  const clock = new FakeClock(1000);
  let ranAt = 0;
  clock.after(50, () => {
    ranAt = clock.now();
  });
  clock.stepWall(-600);
  assert.deepEqual([clock.now(), clock.monotonic()], [400, 0]);
  await clock.advance(49);
  assert.equal(ranAt, 0);
  await clock.advance(1);
  assert.deepEqual([ranAt, clock.monotonic()], [450, 50]);
});

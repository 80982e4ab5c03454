import assert from "node:assert/strict";
import { test } from "node:test";
import { SourceError } from "../../../src/sources/source.ts";
import { FakeClock } from "../../fakes/fake-clock.ts";
import { gaps, listener, nobody, start } from "../run-harness.ts";

test("reports and what is none are told as they come", async () => {
  const clock = new FakeClock();
  const source = listener(async (heard, signal) => {
    await clock.sleep(1_000, signal);
    heard.reading({ ...nobody, coverage: "partial" });
    heard.rejected("192.0.2.9", "nonsense");
    await clock.sleep(1e9, signal);
  });
  const run = start(clock, source);
  const began = clock.now();
  await clock.advance(5_000);
  assert.deepEqual(run.seen, [
    { type: "reading", at: began + 1_000, source: "macupd", reading: { clients: [], coverage: "partial" } },
    { type: "report-rejected", at: began + 1_000, source: "macupd", from: "192.0.2.9", text: "nonsense" },
  ]);
  await run.stop();
});

test("a port that is taken is told once and tried again, less often, until it is free", async () => {
  const clock = new FakeClock();
  const began: number[] = [];
  const source = listener(async (heard, signal) => {
    began.push(clock.monotonic());
    if (began.length < 5) throw new SourceError("refused", "port 2056 is taken");
    heard.reading(nobody);
    await clock.sleep(1e9, signal);
  });
  await using run = start(clock, source);
  await clock.advance(200_000);
  assert.deepEqual(gaps(began), [5_000, 10_000, 20_000, 20_000]);
  assert.deepEqual(run.failures(), ["refused", "refused", "refused", "refused"]);
  assert.deepEqual(
    run.lines.map(({ level }) => level),
    ["warn", "info"],
  );
});

test("a listener that fails after it has heard something begins again soon", async () => {
  const clock = new FakeClock();
  const began: number[] = [];
  const source = listener(async (heard) => {
    began.push(clock.monotonic());
    heard.reading(nobody);
    throw new SourceError("unreachable", "the interface is gone");
  });
  await using _run = start(clock, source);
  await clock.advance(21_000);
  assert.deepEqual(gaps(began), [5_000, 5_000, 5_000, 5_000]);
});

test("a listener that stops by itself, or that has a bug, is told and begun again", async () => {
  const clock = new FakeClock();
  let turns = 0;
  const source = listener(async () => {
    turns += 1;
    if (turns === 2) throw new TypeError("a bug");
  });
  await using run = start(clock, source);
  await clock.advance(20_000);
  assert.equal(turns, 3);
  assert.deepEqual(
    run.lines.map(({ level }) => level),
    ["error"],
  );
});

test("what a listener says after its turn has ended is not heard", async () => {
  const clock = new FakeClock();
  const source = listener(async (heard) => {
    clock.after(1_000, () => heard.reading(nobody));
    throw new SourceError("refused", "taken");
  });
  await using run = start(clock, source);
  await clock.advance(4_000);
  assert.equal(run.readings(), 0);
});

test("a report of more clients than any home has is not believed", async () => {
  const clock = new FakeClock();
  const clients = Array.from({ length: 20_001 }, () => ({ mac: "00:00:5e:00:53:01", connected: true }));
  const source = listener(async (heard, signal) => {
    heard.reading({ clients, coverage: "partial" });
    await clock.sleep(1e9, signal);
  });
  await using run = start(clock, source);
  await clock.advance(1_000);
  assert.deepEqual(run.failures(), ["protocol"]);
});

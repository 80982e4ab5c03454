import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { ClientSighting } from "../../src/model/devices/sighting.ts";
import { SourceError } from "../../src/sources/source.ts";
import { FakeClock } from "../fakes/fake-clock.ts";
import { forever, gaps, listener, newTrace, nobody, router, start } from "./run-harness.ts";

const gone = () => new SourceError("unreachable", "Alien can't be reached");

suite("polling", () => {
  test("a source is read at its interval, and each reading says when it was read", async () => {
    const clock = new FakeClock();
    const trace = newTrace();
    const takes = 3_000;
    const poll = async () => {
      await clock.sleep(takes);
      return nobody;
    };
    await using run = start(clock, router(clock, trace, { poll }));
    const began = clock.now();
    await clock.advance(25_000);
    assert.deepEqual(trace.polledAt, [0, 10_000, 20_000]);
    assert.deepEqual(
      run.seen.map(({ at }) => at - began),
      [3_000, 13_000, 23_000],
    );
  });

  test("a poll that takes longer than the interval is followed by the next, never joined by it", async () => {
    const clock = new FakeClock();
    const trace = newTrace();
    const poll = async () => {
      await clock.sleep(7_000);
      return nobody;
    };
    await using _run = start(clock, router(clock, trace, { intervalMs: 5_000, poll }));
    await clock.advance(22_000);
    assert.deepEqual(trace.polledAt, [0, 7_000, 14_000, 21_000]);
    assert.equal(trace.most, 1);
  });

  test("several sources do not begin at the same moment, and all have begun within a second", async () => {
    const clock = new FakeClock();
    const traces = ["a", "b", "c"].map((id) => ({ id, trace: newTrace() }));
    const sources = traces.map(({ id, trace }) => router(clock, trace, { id, poll: async () => nobody }));
    await using _run = start(clock, ...sources);
    await clock.advance(1_000);
    const begun = traces.map(({ trace }) => trace.polledAt[0]);
    assert.equal(new Set(begun).size, 3);
    assert.ok(begun.every((at) => at !== undefined));
  });

  test("what fails is told to the model each time, and to the log when it is lost and when it is back", async () => {
    const clock = new FakeClock();
    const trace = newTrace();
    const poll = async (number: number) => {
      if (number === 1 || number === 2) throw gone();
      return nobody;
    };
    await using run = start(clock, router(clock, trace, { poll }));
    await clock.advance(60_000);
    assert.deepEqual(
      run.seen.slice(0, 4).map(({ type }) => type),
      ["reading", "source-failed", "source-failed", "reading"],
    );
    assert.deepEqual(run.lines, [
      {
        level: "warn",
        message: "a source can't be read",
        fields: { source: "alien", code: "unreachable", message: "Alien can't be reached" },
      },
      { level: "info", message: "a source can be read again", fields: { source: "alien" } },
    ]);
  });

  test("retries come at the interval first and then less often, at least each twenty seconds", async () => {
    const clock = new FakeClock();
    const trace = newTrace();
    const poll = async () => {
      throw gone();
    };
    await using _run = start(clock, router(clock, trace, { poll }));
    await clock.advance(200_000);
    assert.deepEqual(
      gaps(trace.polledAt),
      [10_000, 20_000, 20_000, 20_000, 20_000, 20_000, 20_000, 20_000, 20_000, 20_000],
    );
  });

  test("a long interval is not shortened by failing", async () => {
    const clock = new FakeClock();
    const trace = newTrace();
    const poll = async () => {
      throw gone();
    };
    await using _run = start(clock, router(clock, trace, { intervalMs: 120_000, poll }));
    await clock.advance(400_000);
    assert.deepEqual(gaps(trace.polledAt), [120_000, 120_000, 120_000]);
  });

  test("a refused password is tried less often after the third time, and someone is told", async () => {
    const clock = new FakeClock();
    const trace = newTrace();
    const poll = async () => {
      throw new SourceError("auth", "Alien refused the password");
    };
    await using run = start(clock, router(clock, trace, { intervalMs: 2_000, poll }));
    await clock.advance(600_000);
    assert.deepEqual(gaps(trace.polledAt), [2_000, 4_000, 60_000, 120_000, 240_000]);
    assert.deepEqual(
      run.lines.map(({ level }) => level),
      ["error"],
    );
  });

  test("a router that was off and then refuses the password is told twice: the second is for someone to mend", async () => {
    const clock = new FakeClock();
    const poll = async (number: number) => {
      throw number < 2 ? gone() : new SourceError("auth", "Alien refused the password");
    };
    await using run = start(clock, router(clock, newTrace(), { poll }));
    await clock.advance(600_000);
    assert.deepEqual(
      run.lines.map(({ level }) => level),
      ["warn", "error"],
    );
  });

  test("a session that somebody else keeps taking is asked for at the interval", async () => {
    const clock = new FakeClock();
    const trace = newTrace();
    const poll = async () => {
      throw new SourceError("busy", "a browser is logged in");
    };
    await using _run = start(clock, router(clock, trace, { poll }));
    await clock.advance(45_000);
    assert.deepEqual(gaps(trace.polledAt), [10_000, 10_000, 10_000, 10_000]);
  });

  test("a bug in one source is told with its stack, and once; it gets a new driver, and the others live on", async () => {
    const clock = new FakeClock();
    const [bad, good] = [newTrace(), newTrace()];
    const poll = async () => {
      throw new TypeError("x is undefined");
    };
    await using run = start(
      clock,
      router(clock, bad, { id: "bad", poll }),
      router(clock, good, { id: "good", poll: async () => nobody }),
    );
    await clock.advance(80_000);
    assert.deepEqual(run.failures(), ["protocol", "protocol", "protocol", "protocol", "protocol"]);
    assert.equal(run.lines.length, 1);
    assert.equal(run.lines[0]?.level, "error");
    assert.ok(run.lines[0] !== undefined && "error" in run.lines[0].fields);
    assert.ok(run.lines[0].fields.error instanceof TypeError);
    assert.ok(run.seen.every((each) => each.type !== "source-failed" || !each.message.includes("undefined")));
    assert.deepEqual([bad.opened, bad.closed], [5, 5]);
    assert.deepEqual([good.polledAt.length, good.opened], [8, 1]);
  });

  test("a driver that can't even be made is a bug like any other", async () => {
    const clock = new FakeClock();
    const source = router(clock, newTrace(), { poll: async () => nobody });
    let attempts = 0;
    const open = () => {
      attempts += 1;
      if (attempts === 1) throw new Error("no such thing");
      return source.open();
    };
    await using run = start(clock, { ...source, open });
    await clock.advance(15_000);
    assert.deepEqual(run.failures(), ["protocol"]);
    assert.equal(run.readings(), 1);
  });

  test("no more clients than any home has are believed", async () => {
    const clock = new FakeClock();
    const clients: readonly ClientSighting[] = Array.from({ length: 20_001 }, () => ({
      mac: "00:00:5e:00:53:01",
      connected: true,
    }));
    const poll = async (number: number) => ({ ...nobody, clients: number === 0 ? clients : clients.slice(1) });
    await using run = start(clock, router(clock, newTrace(), { poll }));
    await clock.advance(15_000);
    assert.deepEqual(run.failures(), ["protocol"]);
    assert.equal(run.readings(), 1);
  });
});

suite("deadlines", () => {
  for (const [intervalMs, deadlineMs] of [
    [1_000, 10_000],
    [8_000, 16_000],
    [600_000, 30_000],
  ] as const) {
    test(`a source of ${intervalMs} ms has ${deadlineMs} ms for its answer`, async () => {
      const clock = new FakeClock();
      let abortedAt = 0;
      const poll = async (_number: number, signal: AbortSignal) => {
        await clock.sleep(1e9, signal);
        abortedAt ||= clock.monotonic();
        throw signal.reason;
      };
      await using run = start(clock, router(clock, newTrace(), { intervalMs, poll }));
      await clock.advance(deadlineMs);
      assert.equal(abortedAt, deadlineMs);
      assert.deepEqual(run.failures(), ["timeout"]);
      assert.deepEqual(
        run.lines.map(({ level }) => level),
        ["warn"],
      );
    });
  }

  test("what the driver itself says of a poll that took too long is told", async () => {
    const clock = new FakeClock();
    const poll = async (_number: number, signal: AbortSignal) => {
      await clock.sleep(1e9, signal);
      throw new SourceError("timeout", "Alien let us in and then said nothing");
    };
    await using run = start(clock, router(clock, newTrace(), { poll }));
    await clock.advance(20_000);
    assert.ok(run.seen[0]?.type === "source-failed" && run.seen[0].message.includes("let us in"));
  });

  test("a poll that does not end is given up, and another driver asks; at most a few hang at a time", async () => {
    const clock = new FakeClock();
    const trace = newTrace();
    const release: (() => void)[] = [];
    const poll = () => new Promise<typeof nobody>((resolve) => release.push(() => resolve(nobody)));
    await using run = start(clock, router(clock, trace, { poll }));
    await clock.advance(1_000_000);
    assert.deepEqual([trace.opened, trace.closed, trace.polledAt.length], [3, 3, 3]);
    assert.ok(run.failures().length > 8);
    assert.ok(run.failures().every((code) => code === "timeout"));
    assert.equal(run.lines.filter(({ level }) => level === "error").length, 1);
    for (const end of release) end();
    await clock.advance(60_000);
    assert.equal(run.readings(), 0);
    assert.ok(trace.polledAt.length > 3);
  });
});

suite("the end", () => {
  test("a poll under way is stopped, its driver is closed, and nothing more is told", async () => {
    const clock = new FakeClock();
    const trace = newTrace();
    const poll = async (_number: number, signal: AbortSignal) => {
      await clock.sleep(1e9, signal);
      throw gone();
    };
    const run = start(clock, router(clock, trace, { poll }));
    await clock.advance(1_000);
    await run.stop();
    assert.deepEqual([trace.underWay, trace.closed, run.seen.length, run.lines.length], [0, 1, 0, 0]);
    assert.equal(clock.pending, 0);
  });

  test("between two polls it ends at once", async () => {
    const clock = new FakeClock();
    const trace = newTrace();
    const run = start(clock, router(clock, trace, { poll: async () => nobody }));
    await clock.advance(5_000);
    await run.stop();
    assert.deepEqual([trace.polledAt.length, trace.closed, clock.pending], [1, 1, 0]);
  });

  test("two seconds are enough, even for drivers that neither stop nor close", async () => {
    const clock = new FakeClock();
    const hanging = { poll: () => forever<typeof nobody>(), close: () => forever<void>() };
    const run = start(
      clock,
      router(clock, newTrace(), hanging),
      router(clock, newTrace(), { id: "idle", poll: async () => nobody, close: () => forever<void>() }),
      listener(() => forever()),
    );
    await clock.advance(5_000);
    await run.stop();
  });
});

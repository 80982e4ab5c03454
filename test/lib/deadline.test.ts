import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { describe, it } from "node:test";
import { type Deadline, untilAborted, withDeadline } from "../../src/lib/deadline.ts";
import { FakeClock } from "../fakes/fake-clock.ts";

const aborted = ({ signal }: Deadline) =>
  new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));

describe("a deadline", () => {
  it("aborts the work when its time is up, and says so", async () => {
    const clock = new FakeClock();
    const { signal } = new AbortController();
    const work = withDeadline({ clock, timeoutMs: 500, signal }, async (deadline) => {
      assert.equal(deadline.expired(), false);
      await aborted(deadline);
      return [deadline.expired(), clock.monotonic()];
    });
    await clock.advance(499);
    assert.equal(clock.pending, 1);
    await clock.advance(1);
    assert.deepEqual(await work, [true, 500]);
  });

  it("aborts the work when the caller stops it, which is no expiry", async () => {
    const clock = new FakeClock();
    const stop = new AbortController();
    const work = withDeadline({ clock, timeoutMs: 500, signal: stop.signal }, async (deadline) => {
      await aborted(deadline);
      return deadline.expired();
    });
    stop.abort();
    assert.equal(await work, false);
  });

  it("begins aborted when the caller had stopped before", async () => {
    const limits = { clock: new FakeClock(), timeoutMs: 500, signal: AbortSignal.abort() };
    assert.equal(await withDeadline(limits, async ({ signal }) => signal.aborted), true);
  });

  it("leaves neither a timer nor a listener behind, also when the work fails", async () => {
    const clock = new FakeClock();
    const { signal } = new AbortController();
    const limits = { clock, timeoutMs: 500, signal };
    await withDeadline(limits, async () => undefined);
    await assert.rejects(
      withDeadline(limits, () => Promise.reject(new Error("no"))),
      /no/,
    );
    assert.equal(clock.pending, 0);
    assert.equal(getEventListeners(signal, "abort").length, 0);
  });
});

describe("waiting for what can't be stopped", () => {
  it("ends with the work's own result, and leaves no listener behind", async () => {
    const { signal } = new AbortController();
    assert.equal(await untilAborted(Promise.resolve(7), signal), 7);
    await assert.rejects(untilAborted(Promise.reject(new Error("no")), signal), /no/);
    assert.equal(getEventListeners(signal, "abort").length, 0);
  });

  it("ends when it is stopped, and what the work does later disturbs nobody", async () => {
    const stop = new AbortController();
    let fail = (_error: Error) => {};
    const work = new Promise<never>((_resolve, reject) => {
      fail = reject;
    });
    const waiting = untilAborted(work, stop.signal);
    stop.abort();
    await assert.rejects(waiting, { name: "AbortError" });
    fail(new Error("late"));
    await assert.rejects(untilAborted(Promise.resolve(), stop.signal), { name: "AbortError" });
  });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Request } from "../../src/history/protocol.ts";
import { createQueue } from "../../src/history/queue.ts";
import { createWriter } from "../../src/history/writer.ts";
import { FakeClock } from "../fakes/fake-clock.ts";
import { keptLog } from "./place.ts";

const minute = 60_000;

/** A writer whose worker keeps what it is sent and answers when the test says. */
function desk() {
  const clock = new FakeClock();
  const log = keptLog();
  const queue = createQueue(10_000);
  const writer = createWriter({ queue, clock, log });
  const sent: Request[] = [];
  let replaced = 0;
  const open = () =>
    writer.open({
      post: (request) => {
        sent.push(request);
      },
      replaceFile: () => {
        replaced += 1;
      },
    });
  open();
  const give = (at: number) => {
    queue.addSample({ at, check: "icmp:a", ok: true, rttMs: 1 });
    writer.wake();
  };
  const last = () => {
    const request = sent.at(-1);
    if (request?.type !== "append") throw new Error("no batch was sent");
    return request;
  };
  const fail = (code: "full" | "corrupt" | "invalid") =>
    writer.hear({ type: "failed", seq: last().seq, code, message: "why" });
  return { clock, log, queue, writer, sent, open, give, last, fail, replaced: () => replaced };
}

test("samples of a second go together, and one batch at a time", async () => {
  const { clock, writer, sent, give, last } = desk();
  give(1);
  give(2);
  await clock.advance(999);
  assert.equal(sent.length, 0);
  await clock.advance(1);
  assert.equal(last().batch.samples[0]?.length, 8);
  give(3);
  await clock.advance(5_000);
  assert.equal(sent.length, 1);
  writer.hear({ type: "committed", seq: last().seq });
  await clock.advance(1_000);
  assert.equal(sent.length, 2);
});

test("a thousand samples do not wait for the second, only for what is given in the same turn", async () => {
  const { clock, queue, sent, give, last } = desk();
  for (let at = 0; at < 1_000; at += 1) give(at);
  queue.setMemory({ n: 1_000 });
  await clock.advance(0);
  assert.equal(sent.length, 1);
  assert.equal(last().batch.memory, '{"n":1000}');
});

test("a batch that was refused is tried again each ten seconds, unchanged; one warning, one line when it works", async () => {
  const { clock, log, writer, sent, give, last, fail } = desk();
  give(1);
  await clock.advance(1_000);
  const first = structuredClone(last().batch);
  for (let round = 1; round <= 3; round += 1) {
    fail("full");
    give(round);
    await clock.advance(9_999);
    assert.equal(sent.length, round);
    await clock.advance(1);
    assert.equal(sent.length, round + 1);
    assert.deepEqual(last().batch, first);
  }
  assert.equal(writer.failing, true);
  writer.hear({ type: "committed", seq: last().seq });
  assert.equal(writer.failing, false);
  assert.deepEqual(log.lines, [
    "warn history: nothing can be written at the moment; what is measured waits",
    "info history: it is written again",
  ]);
});

test("what was on its way to a worker that crashed goes to the next one, with the names of all checks", async () => {
  const { clock, writer, open, sent, give, last } = desk();
  give(1);
  await clock.advance(1_000);
  writer.hear({ type: "committed", seq: last().seq });
  give(2);
  await clock.advance(1_000);
  assert.deepEqual(last().batch.checks, []);
  writer.lose();
  await clock.advance(5_000);
  open();
  await clock.advance(1_000);
  assert.equal(sent.length, 3);
  assert.equal(last().batch.samples[0]?.[0], 2);
  assert.deepEqual(last().batch.checks, [[0, "icmp:a"]]);
});

test("a batch that can never be stored is dropped with an error, and does not hold up the next", async () => {
  const { clock, log, give, last, fail } = desk();
  give(1);
  await clock.advance(1_000);
  fail("invalid");
  give(2);
  await clock.advance(1_000);
  assert.equal(last().batch.samples[0]?.[0], 2);
  assert.deepEqual(log.lines, ["error history: a batch does not fit and is dropped"]);
});

test("a damaged file is replaced", async () => {
  const { clock, give, fail, replaced } = desk();
  give(1);
  await clock.advance(1_000);
  fail("corrupt");
  assert.equal(replaced(), 1);
});

test("housekeeping goes on slice by slice until nothing is left, then once a minute, and rests while writing fails", async () => {
  const { clock, writer, sent, give, fail } = desk();
  const slices = () => sent.filter(({ type }) => type === "maintain").length;
  await clock.advance(minute);
  assert.equal(slices(), 1);
  writer.hear({ type: "maintained", more: true });
  await clock.advance(50);
  assert.equal(slices(), 2);
  writer.hear({ type: "maintained", more: false });
  await clock.advance(minute - 1);
  assert.equal(slices(), 2);
  await clock.advance(1);
  assert.equal(slices(), 3);
  give(1);
  await clock.advance(1_000);
  fail("full");
  writer.hear({ type: "maintained", more: false });
  await clock.advance(minute + 5_000);
  assert.equal(slices(), 3);
});

test("closing commits what waits, then closes the file", async () => {
  const { writer, sent, give, last } = desk();
  give(1);
  const closed = writer.close(3_000);
  writer.hear({ type: "committed", seq: last().seq });
  assert.deepEqual(
    sent.map(({ type }) => type),
    ["append", "close"],
  );
  writer.hear({ type: "closed" });
  await closed;
});

test("a disk that hangs does not hold up the end for more than the deadline", async () => {
  const { clock, log, writer, give } = desk();
  give(1);
  let ended = false;
  const closed = writer.close(3_000).then(() => {
    ended = true;
  });
  await clock.advance(2_999);
  assert.equal(ended, false);
  await clock.advance(1);
  await closed;
  assert.equal(clock.pending, 0);
  assert.equal(log.lines.length, 1);
});

test("closing on a full disk tries once more, then closes", async () => {
  const { clock, writer, sent, give, fail } = desk();
  give(1);
  await clock.advance(1_000);
  fail("full");
  const closed = writer.close(3_000);
  fail("full");
  assert.equal(sent.at(-1)?.type, "close");
  writer.hear({ type: "closed" });
  await closed;
});

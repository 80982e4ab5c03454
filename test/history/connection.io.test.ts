import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { connect } from "../../src/history/connection.ts";
import type { Reply } from "../../src/history/protocol.ts";
import { FakeClock } from "../fakes/fake-clock.ts";
import { eventually } from "../ha/eventually.ts";
import { keptLog, temporaryDirectory } from "./place.ts";
import { limits } from "./plain.ts";

test("a worker that ends unasked is told of, and another starts after a pause that grows", async (t) => {
  const clock = new FakeClock();
  const log = keptLog();
  const replies: Reply[] = [];
  let ready = 0;
  let lost = 0;
  const connection = await connect({
    file: join(temporaryDirectory(t), "netwarden.db"),
    limits,
    clock,
    log,
    onReply: (reply) => {
      replies.push(reply);
    },
    onReady: () => {
      ready += 1;
    },
    onLost: () => {
      lost += 1;
    },
  });
  t.after(() => connection.end());
  for (const [round, pauseMs] of [1_000, 2_000, 4_000].entries()) {
    connection.post({ type: "close" });
    await eventually("it is lost", () => lost === round + 1);
    assert.equal(log.lines.length, round + 1);
    await clock.advance(pauseMs - 1);
    assert.equal(clock.pending, 1);
    await clock.advance(1);
    await eventually("another is ready", () => ready === round + 2);
  }
  connection.post({ type: "query", seq: 7, query: { kind: "memory" } });
  await eventually("it answers", () => replies.some(({ type }) => type === "answer"));
});

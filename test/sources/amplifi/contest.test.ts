import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { afterLoss, type Contest, pauseLeftMs, uncontested } from "../../../src/sources/amplifi/contest.ts";

const minute = 60_000;

/** Sessions that live so long each, one after the other as soon as it may be; the pauses after each. */
function pausesAfter(livesMs: readonly number[]): number[] {
  let contest: Contest = uncontested;
  let now = 0;
  return livesMs.map((livedMs) => {
    const openedAt = now;
    now += livedMs;
    contest = afterLoss(contest, { now, openedAt });
    const pause = pauseLeftMs(contest, now);
    now += pause;
    return pause;
  });
}

describe("a session that others take", () => {
  it("is taken back twice, and then left to them for longer and longer, within bounds", () => {
    const pauses = pausesAfter(Array(9).fill(10_000));
    assert.deepEqual(
      pauses.map((ms) => ms / minute),
      [0, 0, 1, 2, 4, 8, 15, 15, 15],
    );
  });

  it("is left to them again after the first loss that follows a pause", () => {
    assert.deepEqual(pausesAfter([1_000, 1_000, 1_000, 4 * minute]).slice(-2), [minute, 2 * minute]);
  });

  it("is nobody's once it has lived long: sessions that expire are no contest", () => {
    assert.deepEqual(pausesAfter(Array(50).fill(30 * minute)), Array(50).fill(0));
    assert.deepEqual(pausesAfter([1, 1, 1, 5 * minute, 1, 1]), [0, 0, minute, 0, 0, minute]);
  });

  it("may be asked for once the pause is over", () => {
    const contest: Contest = { losses: 3, pauses: 1, until: 1_000 };
    assert.deepEqual([pauseLeftMs(contest, 999), pauseLeftMs(contest, 1_000), pauseLeftMs(contest, 2_000)], [1, 0, 0]);
  });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { createGate } from "../../src/lib/gate.ts";

test("never more than so many are inside, all get their turn in order, and a failure frees its place", async () => {
  const gate = createGate(2);
  const order: number[] = [];
  let inside = 0;
  let most = 0;
  const work = async (index: number) => {
    order.push(index);
    inside += 1;
    most = Math.max(most, inside);
    for (let turn = 0; turn < index % 3; turn += 1) await Promise.resolve();
    inside -= 1;
    if (index === 3) throw new Error("no");
    return index;
  };
  const results = await Promise.allSettled([0, 1, 2, 3, 4, 5, 6, 7].map((index) => gate.pass(() => work(index))));
  assert.equal(most, 2);
  assert.deepEqual(order, [0, 1, 2, 3, 4, 5, 6, 7]);
  assert.deepEqual(
    results.map(({ status }) => status === "fulfilled"),
    [true, true, true, false, true, true, true, true],
  );
});

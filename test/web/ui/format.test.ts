import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { duration, milliseconds, percent } from "../../../src/web/ui/format.ts";

describe("figures for people", () => {
  it("durations show their two largest units", () => {
    for (const [ms, words] of [
      [0, "0 s"],
      [-5_000, "0 s"],
      [8_900, "8 s"],
      [725_000, "12 min 5 s"],
      [3_600_000, "1 h"],
      [7_500_000, "2 h 5 min"],
      [90_061_000, "1 d 1 h"],
      [86_400_000 + 61_000, "1 d"],
    ] as const)
      assert.equal(duration(ms), words);
  });

  it("percentages never round a loss away", () => {
    assert.equal(percent(99.999), "99.9 %");
    assert.equal(percent(100), "100 %");
    assert.equal(percent(99.444, 2), "99.44 %");
    assert.equal(percent(0), "0 %");
    assert.equal(percent(1.66), "1.7 %");
  });

  it("what is unknown is a dash", () => {
    assert.equal(percent(undefined), "–");
    assert.equal(percent(Number.NaN), "–");
    assert.equal(milliseconds(undefined), "–");
    assert.equal(milliseconds(0.84), "0.8 ms");
    assert.equal(milliseconds(12.34), "12 ms");
  });
});

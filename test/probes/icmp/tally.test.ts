import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { ProbeOutcome } from "../../../src/model/types.ts";
import type { FpingLine } from "../../../src/probes/icmp/fping-line.ts";
import { createTally, type Tally } from "../../../src/probes/icmp/tally.ts";

const host = "192.0.2.2";
const timeoutMs = 750;
const noon = 1_768_478_400_000;

test("an answer is dated by its sending, a loss by the time it had", () => {
  const { tally, seen } = collect();
  tally.line({ kind: "reply", host, seq: 0, stamp: noon + 12, rttMs: 12 });
  tally.line({ kind: "lost", host, seq: 1, stamp: noon + 1_750 });
  assert.deepEqual(
    seen.map(({ at, outcome }) => [at - noon, outcome.ok]),
    [
      [0, true],
      [1_000, false],
    ],
  );
});

test("what is said of one packet twice counts once, also out of order", () => {
  const { tally, seen } = collect();
  for (const seq of [0, 1, 1, 3, 2, 2, 3, 0, 4]) tally.line(reply(seq));
  assert.deepEqual(seqs(seen), [0, 1, 3, 2, 4]);
});

test("a late answer to a packet that timed out does not count", () => {
  const { tally, seen } = collect();
  tally.line(lost(0));
  tally.line(reply(0));
  assert.deepEqual(
    seen.map(({ outcome }) => outcome.ok),
    [false],
  );
});

test("all checks that aim at one address get its outcome, other addresses none", () => {
  const { tally, seen } = collect({ checks: ["icmp:a", "icmp:b"] });
  tally.line({ ...reply(0), host: "192.0.2.3" });
  tally.line(reply(0));
  assert.deepEqual(
    seen.map(({ check }) => check),
    ["icmp:a", "icmp:b"],
  );
});

test("an ICMP error explains the losses of the next seconds, until an answer", () => {
  const { tally, seen } = collect();
  tally.line({ kind: "unreachable", host, detail: "host unreachable from 192.0.2.1" });
  for (const seq of [0, 1]) tally.line(lost(seq));
  for (const seq of [7]) tally.line(lost(seq));
  tally.line({ kind: "unreachable", host, detail: "network unreachable from 192.0.2.1" });
  tally.line(lost(8));
  tally.line(reply(9));
  tally.line(lost(10));
  const reasons = seen.map(({ outcome }) => (outcome.ok ? "ok" : outcome.reason));
  assert.deepEqual(reasons, ["unreachable", "unreachable", "timeout", "unreachable", "ok", "timeout"]);
});

test("a packet that fping could not send is unreachable, and dated", () => {
  const { tally, seen } = collect();
  tally.line(reply(0));
  tally.settle(2, noon + 2_000);
  tally.settle(3, noon + 3_000);
  tally.line(lost(2));
  assert.deepEqual(
    seen.slice(1).map(({ at, outcome }) => [at - noon, outcome.ok ? "ok" : outcome.reason]),
    [
      [1_000, "unreachable"],
      [2_000, "unreachable"],
      [3_000, "unreachable"],
    ],
  );
});

test("large packets: a router's word is no black hole, and what was not sent is not measured", () => {
  const seen: Seen[] = [];
  const parts = { checks: new Map([[host, ["icmp:a"]]]), periodMs: 1_000, timeoutMs, bytes: 1_472 };
  const tally = createTally(parts, (check, outcome, at) => seen.push({ check, outcome, at }));
  tally.line(lost(0));
  tally.line({ kind: "unreachable", host, detail: "unreachable (fragmentation needed) from 192.0.2.1" });
  tally.line(lost(1));
  tally.settle(2, noon + 2_000);
  const reasons = seen.map(({ outcome }) => (outcome.ok ? "ok" : outcome.reason));
  assert.deepEqual(reasons, ["timeout", "mismatch", "internal"]);
  assert.match(JSON.stringify(seen[1]), /fragmentation needed.*192\.0\.2\.1/);
});

test("each packet has exactly one outcome, whatever order and repetition", () => {
  const packets = fc.array(fc.record({ seq: fc.nat(31), ok: fc.boolean() }), { maxLength: 200 });
  fc.assert(
    fc.property(packets, (lines) => {
      const { tally, seen } = collect();
      for (const { seq, ok } of lines) tally.line(ok ? reply(seq) : lost(seq));
      tally.settle(31, noon + 31_000);
      assert.equal(seen.length, 32);
    }),
  );
});

interface Seen {
  readonly check: string;
  readonly outcome: ProbeOutcome;
  readonly at: number;
}

function collect({ checks = ["icmp:a"] }: { readonly checks?: readonly string[] } = {}): {
  readonly tally: Tally;
  readonly seen: readonly Seen[];
} {
  const seen: Seen[] = [];
  const parts = { checks: new Map([[host, checks]]), periodMs: 1_000, timeoutMs };
  const tally = createTally(parts, (check, outcome, at) => seen.push({ check, outcome, at }));
  return { tally, seen };
}

function reply(seq: number): FpingLine {
  return { kind: "reply", host, seq, stamp: noon + seq * 1_000, rttMs: 0 };
}

function lost(seq: number): FpingLine {
  return { kind: "lost", host, seq, stamp: noon + seq * 1_000 + timeoutMs };
}

function seqs(seen: readonly Seen[]): number[] {
  return seen.map(({ at }) => (at - noon) / 1_000);
}

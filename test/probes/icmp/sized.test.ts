import assert from "node:assert/strict";
import { test } from "node:test";
import type { ProbeOutcome } from "../../../src/model/types.ts";
import type { IcmpTarget } from "../../../src/probes/icmp/icmp.ts";
import { bySize, gatherSized, notSent, tooLarge } from "../../../src/probes/icmp/sized.ts";
import { collect, kindOf } from "./collect.ts";

const answered: ProbeOutcome = { ok: true, rttMs: 1 };
const silent: ProbeOutcome = { ok: false, reason: "timeout", detail: "no answer" };
const unreachable: ProbeOutcome = { ok: false, reason: "unreachable", detail: "host unreachable" };
const refused = notSent(1_472);
const told = tooLarge(1_472, "fragmentation needed from 192.0.2.1");

test("targets are grouped by the size of their packets", () => {
  const a: IcmpTarget = { id: "a", host: "192.0.2.1" };
  const b: IcmpTarget = { id: "b", host: "192.0.2.1", bytes: 1_472 };
  const c: IcmpTarget = { id: "c", host: "192.0.2.2" };
  assert.deepEqual(bySize([a, b, c]), [{ targets: [a, c] }, { bytes: 1_472, targets: [b] }]);
  assert.deepEqual(bySize([]), []);
});

const cases: readonly (readonly [string, readonly ProbeOutcome[], readonly string[]])[] = [
  ["silence alone is a black hole's", [silent, silent], ["timeout", "timeout"]],
  ["what a router said explains the others", [silent, told, refused], ["mismatch", "mismatch", "mismatch"]],
  ["a refusal of the kernel explains the silence before it", [silent, refused], ["internal", "internal"]],
  ["an answer is an answer", [answered, silent, answered], ["ok", "timeout", "ok"]],
  ["an answer before the path shrank stays one", [answered, told, refused], ["ok", "mismatch", "mismatch"]],
  ["an unreachable host is that at any size", [unreachable, refused], ["unreachable", "internal"]],
];
for (const [what, outcomes, expected] of cases)
  test(`of large packets: ${what}`, () => {
    const { seen, emit } = collect();
    const sized = gatherSized(emit);
    outcomes.forEach((outcome, index) => void sized.emit("icmp:a", outcome, index));
    sized.emit("icmp:b", silent, 7);
    assert.deepEqual(seen, []);
    sized.flush();
    sized.flush();
    const of = (id: string) => seen.filter(({ check }) => check === id);
    assert.deepEqual(of("icmp:a").map(kindOf), expected);
    assert.deepEqual(
      of("icmp:a").map(({ at }) => at),
      outcomes.map((_, index) => index),
    );
    assert.deepEqual(of("icmp:b").map(kindOf), ["timeout"], "another host's fate is its own");
  });

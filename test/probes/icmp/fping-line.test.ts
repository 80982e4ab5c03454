import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseFpingLine } from "../../../src/probes/icmp/fping-line.ts";

const stamp = 1_795_235_558_054.11;

test("an answer, a loss and an ICMP error are read", () => {
  const cases = [
    [
      "[1795235558.05411] 192.0.2.2  : [0], 64 bytes, 0.387 ms (0.387 avg, 0% loss)",
      { kind: "reply", host: "192.0.2.2", seq: 0, stamp, rttMs: 0.387 },
    ],
    [
      "[1795235558.05411] 2001:db8::1 : [12], 64 bytes, 1024 ms (NaN avg, 0% loss)",
      { kind: "reply", host: "2001:db8::1", seq: 12, stamp, rttMs: 1_024 },
    ],
    [
      "[1795235558.05411] 192.0.2.77 : [3], timed out (NaN avg, 100% loss)",
      { kind: "lost", host: "192.0.2.77", seq: 3, stamp },
    ],
    [
      "ICMP Host Unreachable from 192.0.2.1 for ICMP Echo sent to 192.0.2.77",
      { kind: "unreachable", host: "192.0.2.77", detail: "host unreachable from 192.0.2.1" },
    ],
    [
      "ICMP Unreachable (Communication Administratively Prohibited) from 10.0.0.1 for ICMP Echo sent to 1.1.1.1 (x)",
      {
        kind: "unreachable",
        host: "1.1.1.1",
        detail: "unreachable (communication administratively prohibited) from 10.0.0.1",
      },
    ],
  ] as const;
  for (const [line, expected] of cases) assert.deepEqual(parseFpingLine(line), expected);
});

test("duplicates, redirects, summaries and nonsense are nothing", () => {
  const lines = [
    "",
    "[",
    "192.0.2.2 : xmt/rcv/%loss = 8/4/50%, min/avg/max = 0.041/0.131/0.387",
    "192.0.2.2 : 0.1 - 0.2",
    "[1795235558.05411] 192.0.2.2 : duplicate for [0], 64 bytes, 0.387 ms",
    "[1795235558.05411] 192.0.2.2 : [x], 64 bytes, 0.387 ms",
    "[1795235558.05411] 192.0.2.2 : [-1], timed out",
    "[1795235558.05411] 192.0.2.2 : [1], 64 bytes, nan ms",
    "[1795235558.05411] 192.0.2.2 : [1], 64 bytes, 1e3 ms",
    "[now] 192.0.2.2 : [1], timed out",
    "[1795235558.05411]  : [1], timed out",
    "ICMP Redirect from 192.0.2.1 for ICMP Echo sent to 192.0.2.77",
    "ICMP Host Unreachable from 192.0.2.1 for something else",
    "fping: can't create socket (must run as root?)",
  ];
  for (const line of lines) assert.equal(parseFpingLine(line), undefined, line);
});

test("any text is either a well-formed line or nothing, also when it is cut", () => {
  const good = "[1795235558.05411] 192.0.2.2  : [7], 64 bytes, 0.387 ms (0.387 avg, 0% loss)";
  const texts = fc.oneof(
    fc.string(),
    fc.nat(good.length).map((end) => good.slice(0, end)),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const line = parseFpingLine(text);
      if (line === undefined || line.kind === "unreachable") return;
      assert.ok(Number.isSafeInteger(line.seq) && line.seq >= 0 && Number.isFinite(line.stamp) && line.host !== "");
      if (line.kind === "reply") assert.ok(line.rttMs >= 0);
    }),
  );
});

test("a huge hostile line is read in no time", () => {
  const startedAt = performance.now();
  for (const text of ["[".repeat(4_000), "[1] : [".repeat(600), `[1] a : [${"9".repeat(4_000)}], 64 bytes, 1 ms`]) {
    for (let round = 0; round < 1_000; round += 1) parseFpingLine(text);
  }
  assert.ok(performance.now() - startedAt < 1_000);
});

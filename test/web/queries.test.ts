import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parseCommand, parseHistoryQuery, parseOutagesQuery } from "../../src/web/queries.ts";

const now = 1_768_478_400_000;

describe("a span of time", () => {
  for (const [text, at] of [
    ["1768478400000", now],
    ["2026-01-15", Date.parse("2026-01-15T00:00:00Z")],
    ["2026-01-15T12:00:00Z", now],
    ["2026-01-15T13:00:00.000+01:00", now],
    ["2026-01-15T13:00:00 01:00", now],
  ] as const)
    it(`reads ${text}`, () => {
      assert.deepEqual(parseOutagesQuery({ from: text, to: String(now + 1) }, now), {
        ok: true,
        value: { from: at, to: now + 1 },
      });
    });

  it("is either a span that is not empty or a reason, whatever is asked", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom("from", "to", "target", "x"), fc.string()), (query) => {
        for (const parsed of [parseOutagesQuery(query, now), parseHistoryQuery(query, now)])
          assert.ok(parsed.ok ? parsed.value.from < parsed.value.to : parsed.error.length > 0);
      }),
    );
  });
});

describe("a command's body", () => {
  it("is a command or a reason, whatever is sent", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("run_test", "monitoring", "acknowledge", "ignore", "join"),
        fc.oneof(fc.string(), fc.json()),
        (name, body) => {
          const parsed = parseCommand(name, body);
          assert.ok(parsed !== undefined && (parsed.ok ? parsed.value.name === name : parsed.error.length > 0));
        },
      ),
    );
  });
});

import assert from "node:assert/strict";
import type { LookupAddress } from "node:dns";
import type { LookupFunction } from "node:net";
import { describe, it } from "node:test";
import { createAddressBook, createResolve, lookupFrom } from "../../src/lib/resolve.ts";
import { FakeClock } from "../fakes/fake-clock.ts";

const v4 = { address: "192.0.2.1", family: 4 } as const;
const v6 = { address: "2001:db8::1", family: 6 } as const;

/** A system's resolver whose answers a test gives one by one. */
function slowLookup() {
  const waiting: { host: string; answer: (found: LookupAddress[] | Error) => void }[] = [];
  const lookup: LookupFunction = (host, _options, callback) => {
    waiting.push({ host, answer: (found) => (found instanceof Error ? callback(found, []) : callback(null, found)) });
  };
  return { lookup, waiting };
}

describe("resolving a name", () => {
  it("takes an address for itself without asking", async () => {
    const { lookup, waiting } = slowLookup();
    const resolve = createResolve(lookup);
    assert.deepEqual(await resolve("192.0.2.1"), [v4]);
    assert.deepEqual(await resolve("2001:db8::1"), [v6]);
    assert.equal(waiting.length, 0);
  });

  it("shares the question that is under way, and keeps nothing afterwards", async () => {
    const { lookup, waiting } = slowLookup();
    const resolve = createResolve(lookup);
    const both = Promise.all([resolve("a.example"), resolve("a.example"), resolve("b.example")]);
    assert.deepEqual(
      waiting.map(({ host }) => host),
      ["a.example", "b.example"],
    );
    for (const { answer } of waiting) answer([v4, v6]);
    assert.deepEqual(await both, [
      [v4, v6],
      [v4, v6],
      [v4, v6],
    ]);
    const again = resolve("a.example");
    assert.equal(waiting.length, 3);
    waiting[2]?.answer(new Error("gone"));
    await assert.rejects(again, /gone/);
    void resolve("a.example");
    assert.equal(waiting.length, 4);
  });

  it("fails for a name without an address", async () => {
    const { lookup, waiting } = slowLookup();
    const asked = createResolve(lookup)("a.example");
    waiting[0]?.answer([]);
    await assert.rejects(asked, { code: "ENOTFOUND" });
  });
});

describe("an address book", () => {
  it("keeps what it knew while nobody answers, and asks in the background at most each minute", async () => {
    const clock = new FakeClock();
    const { lookup, waiting } = slowLookup();
    const book = createAddressBook({ clock, resolve: createResolve(lookup) });
    const first = book("a.example");
    waiting[0]?.answer([v4]);
    assert.deepEqual(await first, [v4]);
    await clock.advance(59_999);
    assert.deepEqual(await book("a.example"), [v4]);
    assert.equal(waiting.length, 1);
    await clock.advance(1);
    assert.deepEqual(await book("a.example"), [v4]);
    assert.deepEqual(await book("a.example"), [v4]);
    assert.equal(waiting.length, 2);
    waiting[1]?.answer(new Error("DNS is dead"));
    await clock.advance(60_000);
    assert.deepEqual(await book("a.example"), [v4]);
    waiting[2]?.answer([v6]);
    await clock.advance(0);
    assert.deepEqual(await book("a.example"), [v6]);
  });

  it("fails for a name that was never known, and asks again the next time", async () => {
    const { lookup, waiting } = slowLookup();
    const book = createAddressBook({ clock: new FakeClock(), resolve: createResolve(lookup) });
    for (const n of [0, 1]) {
      const asked = book("a.example");
      waiting[n]?.answer(new Error("DNS is dead"));
      await assert.rejects(asked, /DNS is dead/);
    }
  });
});

describe("a lookup as sockets want it", () => {
  const lookup = lookupFrom(async () => [v6, v4]);
  const call = (options: Parameters<LookupFunction>[1]) =>
    new Promise((resolve) => lookup("a.example", options, (error, ...found) => resolve(error ?? found)));

  it("gives all addresses, the first, or those of a family", async () => {
    assert.deepEqual(await call({ all: true }), [[v6, v4]]);
    assert.deepEqual(await call({}), ["2001:db8::1", 6]);
    assert.deepEqual(await call({ family: 4 }), ["192.0.2.1", 4]);
    assert.deepEqual(await call({ family: "IPv6", all: true }), [[v6]]);
  });

  it("fails when the family has none", async () => {
    const only6 = lookupFrom(async () => [v6]);
    const error = await new Promise((resolve) => only6("a.example", { family: 4 }, resolve));
    assert.ok(error instanceof Error && "code" in error && error.code === "ENOTFOUND");
  });
});

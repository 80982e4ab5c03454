import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { SourceError } from "../../../src/sources/source.ts";
import { encodeSentence } from "../../fakes/routeros/words.ts";
import { never, nothingEscapes, open, withClient, withRouter } from "./client-harness.ts";

nothingEscapes();

const rows = [
  { ".id": "*1", address: "10.0.0.5", comment: "Küche 📱" },
  { ".id": "*2", "host-name": "x".repeat(130) },
];

test("login and rows are the same wherever an answer is cut in two", async () => {
  let longest = 0;
  for (let at = 0; at <= longest; at += 1) {
    const chunk = (answer: Buffer) => {
      longest = Math.max(longest, answer.length);
      return [answer.subarray(0, at), answer.subarray(at)];
    };
    await withClient({ chunk, answer: () => ({ rows }) }, async (client) => {
      assert.deepEqual(await client.print("/ip/arp", [], never), { rows }, `cut at ${at}`);
    });
  }
  assert.ok(longest > 200);
});

for (const chunk of [1, 2, 3, 7, 11, 64, 1460])
  test(`login, rows, nothing and a trap in pieces of ${chunk} bytes`, async () => {
    const leases = Array.from({ length: 60 }, (_, n) => ({ address: `10.0.0.${n}`, comment: "y".repeat(n * 3) }));
    const answer = ({ path }: { path: string }) => {
      if (path === "/none/print") return { rows: [] };
      if (path === "/absent/print") return { trap: { message: "no such command prefix" } };
      return { rows: leases };
    };
    for (const legacyLogin of [false, true])
      await withClient({ chunk, legacyLogin, answer }, async (client) => {
        assert.deepEqual(await client.print("/none", [], never), { rows: [] });
        assert.deepEqual(await client.print("/absent", [], never), { missing: "absent" });
        assert.deepEqual(await client.print("/leases", [], never), { rows: leases });
      });
  });

test("the word for no rows and the end may come together or apart", async () => {
  for (const apart of [true, false]) {
    const chunk = (answer: Buffer) => {
      const at = answer.indexOf("!done") - 1;
      return apart && answer.includes("!empty") ? [answer.subarray(0, at), answer.subarray(at)] : [answer];
    };
    await withClient({ chunk }, async (client) => {
      assert.deepEqual(await client.print("/ip/arp", [], never), { rows: [] });
    });
  }
});

test("a name that is cut within a character is whole again", async () => {
  const chunk = (answer: Buffer) => {
    const at = answer.indexOf("ü") + 1;
    return [answer.subarray(0, at), answer.subarray(at)];
  };
  await withClient({ chunk, answer: () => ({ rows: [{ comment: "Küche" }] }) }, async (client) => {
    assert.deepEqual(await client.print("/ip/arp", [], never), { rows: [{ comment: "Küche" }] });
  });
});

test("an answer with flipped bytes settles one way or the other", async () => {
  const clean = Buffer.concat([
    encodeSentence(["!re", ".tag=2", "=address=10.0.0.1", `=comment=${"z".repeat(150)}`]),
    encodeSentence(["!trap", "=message=interrupted", ".tag=2"]),
    encodeSentence(["!done", ".tag=2"]),
  ]);
  const flips = fc.array(fc.tuple(fc.nat({ max: clean.length - 1 }), fc.nat({ max: 255 })), { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(flips, fc.integer({ min: 1, max: 90 }), async (changes, chunk) => {
      const raw = Buffer.from(clean);
      for (const [at, value] of changes) raw[at] = value;
      await withRouter({ answer: () => ({ raw, ending: "fin" }), chunk }, async (server) => {
        const client = await open(server);
        const [settled] = await Promise.allSettled([client.print("/ip/arp", [], never)]);
        assert.ok(settled.status === "fulfilled" || settled.reason instanceof SourceError);
        await client.close();
      });
    }),
    { numRuns: 150 },
  );
});

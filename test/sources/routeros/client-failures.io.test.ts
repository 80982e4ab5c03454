import assert from "node:assert/strict";
import { test } from "node:test";
import type { RouterosClient } from "../../../src/sources/routeros/client.ts";
import { FakeClock } from "../../fakes/fake-clock.ts";
import type { Reply, RouterosServer } from "../../fakes/routeros/wire.ts";
import { encodeSentence } from "../../fakes/routeros/words.ts";
import { failureOf, never, nothingEscapes, withClient } from "./client-harness.ts";

nothingEscapes();

const rows = [{ address: "10.0.0.1" }];
const row = (tag: string | Buffer | undefined) => encodeSentence(["!re", tag ?? "", "=address=10.0.0.1"]);

/** A session on a router whose `/ip/arp` is answered with `reply`; `asked` resolves when that question has come. */
async function withReply(
  reply: Reply | Promise<Reply>,
  work: (parts: {
    client: RouterosClient;
    server: RouterosServer;
    clock: FakeClock;
    asked: Promise<void>;
  }) => Promise<void>,
): Promise<void> {
  const clock = new FakeClock();
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  const answer = ({ path }: { path: string }): Reply | Promise<Reply> => {
    if (path !== "/ip/arp/print") return { rows };
    resolve();
    return reply;
  };
  await withClient({ answer, clock, cancels: false }, (client, server) => work({ client, server, clock, asked }));
}

const endings: readonly (readonly [what: string, reply: Reply, code: string, words: RegExp])[] = [
  ["closes the connection", "fin", "unreachable", /broke off the connection/],
  ["resets the connection", "reset", "unreachable", /broke off the connection/],
  ["closes after a row", { raw: row, ending: "fin" }, "unreachable", /broke off the connection/],
  ["closes within a word", { raw: Buffer.from([9, 0x21]), ending: "fin" }, "unreachable", /broke off/],
  ["resets after a row", { raw: row, ending: "reset" }, "unreachable", /broke off the connection/],
  ["says a fatal word", { fatal: "session terminated on request" }, "refused", /"session terminated on request"/],
  ["says a fatal word as a message", { fatal: "=message=going down" }, "refused", /"going down"/],
  ["sends a reserved control byte", { raw: Buffer.of(0xff) }, "protocol", /no answer of RouterOS's API/],
  ["sends a word of 4 GiB", { raw: Buffer.from([0xf0, 0xff, 0xff, 0xff, 0xff]) }, "protocol", /cut off/],
  ["turns to another protocol", { raw: Buffer.from("HTTP/1.1 500 \r\n") }, "protocol", /speaks HTTP/],
];
for (const [what, reply, code, words] of endings)
  test(`a router that ${what} while commands wait fails all of them, and the session is over`, async () => {
    await withReply(reply, async ({ client, server }) => {
      const waiting = [client.print("/ip/arp", [], never), client.print("/ip/arp", [], never)];
      for (const failure of await Promise.all(waiting.map(failureOf))) {
        assert.equal(failure.code, code);
        assert.match(failure.message, words);
      }
      assert.equal(client.alive, false);
      assert.equal((await failureOf(client.print("/ip/arp", [], never))).code, code);
      assert.ok(server.commands.length <= 3);
    });
  });

test("an answer that is whole counts, also when the connection ends right behind it", async () => {
  const raw = (tag: string | Buffer | undefined) => Buffer.concat([row(tag), encodeSentence(["!done", tag ?? ""])]);
  await withReply({ raw, ending: "fin" }, async ({ client }) => {
    assert.deepEqual(await client.print("/ip/arp", [], never), { rows });
  });
});

test("a router that never answers a command fails it at its deadline, and the session with it", async () => {
  await withReply("mute", async ({ client, clock, asked }) => {
    const waiting = failureOf(client.print("/ip/arp", [], never));
    await asked;
    await clock.advance(14_999);
    assert.ok(client.alive);
    await clock.advance(1);
    const failure = await waiting;
    assert.equal(failure.code, "timeout");
    assert.match(failure.message, /stopped answering/);
    assert.equal(client.alive, false);
    assert.equal(clock.pending, 0);
  });
});

test("a router that feeds an answer drop by drop fails it at its deadline all the same", async () => {
  await withReply({ raw: row }, async ({ client, server, clock, asked }) => {
    const waiting = failureOf(client.print("/ip/arp", [], never));
    await asked;
    for (let second = 0; second < 15; second += 1) {
      server.send(encodeSentence(["!re", ".tag=2", "=address=10.0.0.1"]));
      await clock.advance(1_000);
    }
    assert.equal((await waiting).code, "timeout");
  });
});

test("a session that nobody uses stays alive for hours, and says nothing meanwhile", async () => {
  await withReply("mute", async ({ client, server, clock }) => {
    const { length } = server.arrivals;
    await clock.advance(6 * 3_600_000);
    assert.ok(client.alive);
    assert.equal(server.arrivals.length, length);
    assert.deepEqual(await client.print("/interface", [], never), { rows });
  });
});

test("what is stopped before it is asked never goes out", async () => {
  await withReply("mute", async ({ client, server }) => {
    assert.equal((await failureOf(client.print("/ip/arp", [], AbortSignal.abort()))).code, "timeout");
    assert.deepEqual(await client.print("/interface", [], never), { rows });
    assert.ok(!server.commands.some(({ path }) => path === "/ip/arp/print"));
  });
});

test("a command that is stopped is taken back, its late answer is dropped, and the session goes on", async () => {
  const late = Promise.withResolvers<Reply>();
  await withReply(late.promise, async ({ client, server, asked }) => {
    const controller = new AbortController();
    const waiting = failureOf(client.print("/ip/arp", [], controller.signal));
    await asked;
    assert.deepEqual(await client.print("/interface", [], never), { rows });
    controller.abort();
    assert.equal((await waiting).code, "timeout");
    late.resolve({ rows: [{ address: "too late" }] });
    for (let n = 0; n < 3; n += 1) assert.deepEqual(await client.print("/interface", [], never), { rows });
    assert.deepEqual(
      server.commands.filter(({ path }) => path === "/cancel").map(({ attributes }) => attributes),
      [{ tag: "2" }],
    );
    assert.ok(client.alive);
  });
});

test("a command that is stopped while the router says nothing at all ends the session: it may be gone", async () => {
  await withReply("mute", async ({ client, asked }) => {
    const controller = new AbortController();
    const waiting = failureOf(client.print("/ip/arp", [], controller.signal));
    await asked;
    controller.abort();
    assert.equal((await waiting).code, "timeout");
    assert.equal(client.alive, false);
  });
});

test("answers to nothing are left alone, with a tag and without one", async () => {
  await withReply("mute", async ({ client, server }) => {
    for (const words of [["!re", ".tag=99", "=a=b"], ["!done", ".tag="], ["!trap", "=message=x"], ["!done"], ["!"]])
      server.send(encodeSentence(words));
    assert.deepEqual(await client.print("/interface", [], never), { rows });
  });
});

test("a router that sends answers to nothing without end is cut off", async () => {
  await withReply("mute", async ({ client, server, asked }) => {
    const waiting = failureOf(client.print("/ip/arp", [], never));
    await asked;
    const megabyte = encodeSentence(["!re", ".tag=99", Buffer.alloc(1_000_000, "=")]);
    server.send(Buffer.concat(Array.from({ length: 70 }, () => megabyte)));
    assert.equal((await waiting).code, "protocol");
  });
});

const tooMuch: readonly (readonly [what: string, (tag: string | Buffer | undefined) => Buffer])[] = [
  ["100,001 rows", (tag) => Buffer.concat(Array.from({ length: 100_002 }, () => encodeSentence(["!re", tag ?? ""])))],
  [
    "80 MB in large words",
    (tag) => {
      const sentence = encodeSentence(["!re", tag ?? "", Buffer.alloc(1_000_000, "=")]);
      return Buffer.concat(Array.from({ length: 80 }, () => sentence));
    },
  ],
  [
    "millions of tiny words",
    (tag) => {
      const sentence = encodeSentence(["!re", tag ?? "", ...Array.from({ length: 9_000 }, (_, n) => `=${n}=`)]);
      return Buffer.concat(Array.from({ length: 500 }, () => sentence));
    },
  ],
];
for (const [what, raw] of tooMuch)
  test(`an answer of ${what} is refused and its connection ended`, async () => {
    await withReply({ raw }, async ({ client }) => {
      const failure = await failureOf(client.print("/ip/arp", [], never));
      assert.equal(failure.code, "protocol");
      assert.match(failure.message, /cut off/);
      assert.equal(client.alive, false);
    });
  });

test("a trap keeps its category and the router's words; rows before it and more traps do not hide it", async () => {
  const raw = (tag: string | Buffer | undefined) =>
    Buffer.concat([
      row(tag),
      encodeSentence(["!trap", tag ?? "", "=category=4", "=message=failure:\r\n\u001b[31m disk\u2028full"]),
      encodeSentence(["!trap", tag ?? "", "=message=another"]),
      encodeSentence(["!done", tag ?? ""]),
    ]);
  await withReply({ raw }, async ({ client }) => {
    const failure = await failureOf(client.print("/ip/arp", [], never));
    assert.equal(failure.code, "protocol");
    assert.equal(failure.message, 'Hex answers /ip/arp with "failure: [31m disk full" (general)');
    assert.ok(client.alive);
    assert.deepEqual(await client.print("/interface", [], never), { rows });
  });
});

test("a trap without a message, and one with a strange category, are still traps", async () => {
  for (const words of [["!trap"], ["!trap", "=category=x", "=message="], ["!trap", "=category=99", "=message="]]) {
    const raw = (tag: string | Buffer | undefined) =>
      Buffer.concat([encodeSentence([...words, tag ?? ""]), encodeSentence(["!done", tag ?? ""])]);
    await withReply({ raw }, async ({ client }) => {
      assert.equal((await failureOf(client.print("/ip/arp", [], never))).message, 'Hex answers /ip/arp with ""');
    });
  }
});

test("a router that repeats the password in its words does not get it into a message", async () => {
  await withReply({ trap: { message: "bad argument secret" } }, async ({ client }) => {
    assert.match((await failureOf(client.print("/ip/arp", [], never))).message, /not shown/);
  });
});

test("a word of the router is shortened to what a person reads", async () => {
  await withReply({ trap: { message: "x".repeat(100_000) } }, async ({ client }) => {
    assert.ok((await failureOf(client.print("/ip/arp", [], never))).message.length < 200);
  });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeSentence } from "../../fakes/routeros/words.ts";
import { eventually } from "../../ha/eventually.ts";
import { failureOf, never, nothingEscapes, open, withClient, withRouter } from "./client-harness.ts";

nothingEscapes();

const rows = [
  { ".id": "*1", address: "10.0.0.5", "mac-address": "AA:BB:CC:00:00:01", "host-name": "a=b?c" },
  { ".id": "*2", address: "10.0.0.6", comment: "" },
];

for (const legacyLogin of [false, true])
  for (const tagLast of [false, true])
    test(`a ${legacyLogin ? "challenged" : "plain"} login and rows, the tag ${tagLast ? "last" : "first"}`, async () => {
      await withClient({ legacyLogin, tagLast, answer: () => ({ rows }) }, async (client) => {
        assert.deepEqual(await client.print("/ip/arp", [], never), { rows });
      });
    });

test("only the named properties are asked for, and only they come", async () => {
  await withClient({ answer: () => ({ rows }) }, async (client, server) => {
    assert.deepEqual(await client.print("/ip/arp", ["address", ".id"], never), {
      rows: rows.map((row) => ({ ".id": row[".id"], address: row.address })),
    });
    assert.equal(server.commands.at(-1)?.path, "/ip/arp/print");
    assert.deepEqual(server.commands.at(-1)?.properties, ["address", ".id"]);
  });
});

test("one connection serves all menus, many at once and each with its own answer", async () => {
  const release = Promise.withResolvers<void>();
  const answer = async ({ path }: { path: string }) => {
    if (path !== "/menu0/print") await release.promise;
    return { rows: [{ name: path }] };
  };
  await withClient({ answer }, async (client, server) => {
    const asked = Array.from({ length: 50 }, (_, n) => client.print(`/menu${n}`, [], never));
    assert.deepEqual(await asked[0], { rows: [{ name: "/menu0/print" }] });
    release.resolve();
    assert.deepEqual(
      await Promise.all(asked),
      asked.map((_, n) => ({ rows: [{ name: `/menu${n}/print` }] })),
    );
    assert.equal(server.accepted, 1);
  });
});

test("each command goes out in one piece", async () => {
  await withClient({ answer: () => ({ rows }) }, async (client, server) => {
    await client.print("/ip/dhcp-server/lease", ["address", "mac-address"], never);
    assert.equal(server.arrivals.length, server.commands.length);
  });
});

for (const message of ["no such command prefix", "no such command", "no such command or directory (caps-man)"])
  test(`a menu is absent when the router says "${message}"`, async () => {
    await withClient({ answer: () => ({ trap: { category: 0, message } }) }, async (client) => {
      assert.deepEqual(await client.print("/caps-man", [], never), { missing: "absent" });
      assert.ok(client.alive);
    });
  });

test("a menu is denied when the user's group may not see it", async () => {
  await withClient({ answer: () => ({ trap: { message: "not enough permissions (9)" } }) }, async (client) => {
    assert.deepEqual(await client.print("/system/health", [], never), { missing: "denied" });
  });
});

test("an empty menu is not an absent one, with and without the word for it", async () => {
  for (const saysEmpty of [true, false])
    await withClient({ saysEmpty }, async (client) => {
      assert.deepEqual(await client.print("/ip/arp", [], never), { rows: [] });
      assert.deepEqual(await client.print("/ip/arp", [], never), { rows: [] });
    });
});

const spelled: readonly (readonly [what: string, value: string | Buffer, text: string])[] = [
  ["UTF-8", "Küche Нина 📱", "Küche Нина 📱"],
  ["windows-1252", Buffer.from([0x4b, 0xfc, 0x80]), "Kü€"],
];
for (const [what, value, text] of spelled)
  test(`names in ${what} come as they were meant`, async () => {
    await withClient({ answer: () => ({ rows: [{ comment: value }] }) }, async (client) => {
      assert.deepEqual(await client.print("/ip/arp", [], never), { rows: [{ comment: text }] });
    });
  });

test("names in another code page come as they were meant where that is set", async () => {
  const answer = () => ({ rows: [{ comment: Buffer.from([0xcd, 0xe8, 0xed, 0xe0]) }] });
  await withRouter({ answer }, async (server) => {
    const client = await open(server, { access: { code_page: "windows-1251" } });
    assert.deepEqual(await client.print("/ip/arp", [], never), { rows: [{ comment: "Нина" }] });
    await client.close();
  });
});

test("a code page that nobody knows is said before anything is sent", async () => {
  await withRouter({}, async (server) => {
    assert.match((await failureOf(open(server, { access: { code_page: "klingon" } }))).message, /code_page/);
    assert.equal(server.accepted, 0);
  });
});

for (const legacyLogin of [false, true])
  test(`a password beyond ASCII is right as UTF-8 (${legacyLogin ? "challenged" : "plain"})`, async () => {
    await withRouter({ legacyLogin, password: "Größe-Нина" }, async (server) => {
      const client = await open(server, { access: { password: "Größe-Нина" } });
      await client.close();
      assert.equal(server.commands.length, legacyLogin ? 2 : 1);
    });
  });

test("a password that WinBox set in its code page is right at the second try", async () => {
  const wanted = Buffer.concat([Buffer.from("=password="), Buffer.from([0x47, 0x72, 0xf6])]);
  const login = ({ words }: { words: readonly Buffer[] }) =>
    words.some((word) => word.equals(wanted))
      ? ({ rows: [] } as const)
      : { trap: { message: "invalid user name or password (6)" } };
  await withRouter({ login }, async (server) => {
    await (await open(server, { access: { password: "Grö" } })).close();
    assert.equal(server.commands.length, 2);
    assert.equal((await failureOf(open(server, { access: { password: "Grä" } }))).code, "auth");
    assert.equal(server.commands.length, 4);
    assert.equal((await failureOf(open(server, { access: { password: "plain" } }))).code, "auth");
    assert.equal(server.commands.length, 5);
  });
});

test("a row takes no name of the language for its own", async () => {
  const answer = () => ({ rows: [{ ["__proto__"]: "x", constructor: "y", "": "z" }] });
  await withClient({ answer }, async (client) => {
    const told = await client.print("/ip/arp", [], never);
    assert.ok("rows" in told);
    assert.equal(Object.getPrototypeOf(told.rows[0]), Object.prototype);
    assert.equal(told.rows[0]?.["constructor"], "y");
  });
});

test("words that are no attributes, and replies that are not known yet, do no harm", async () => {
  const raw = (tag: string | Buffer | undefined) =>
    Buffer.concat([
      encodeSentence(["!new", tag ?? "", "=x=1"]),
      encodeSentence(["!re", "bare", "=flag", tag ?? "", "=address=10.0.0.1", ".section=3"]),
      encodeSentence(["!re"]),
      encodeSentence(["!done", tag ?? ""]),
    ]);
  await withClient({ answer: () => ({ raw }) }, async (client) => {
    assert.deepEqual(await client.print("/ip/arp", [], never), { rows: [{ flag: "", address: "10.0.0.1" }] });
  });
});

test("a router that restarts is met again by another session, any number of times", async () => {
  await withRouter({ answer: () => ({ rows }) }, async (server) => {
    for (const how of ["fin", "reset", "fin"] as const) {
      const client = await open(server);
      assert.deepEqual(await client.print("/ip/arp", [], never), { rows });
      server.drop(how);
      await eventually("the loss is noticed", () => !client.alive);
      await client.close();
    }
    await eventually("no connection is left", () => server.open === 0);
    assert.equal(server.accepted, 3);
  });
});

test("closing ends the connection and what waits, and may be done twice", async () => {
  await withRouter({ answer: () => "mute" }, async (server) => {
    const client = await open(server);
    assert.ok(client.alive);
    const waiting = failureOf(client.print("/ip/arp", [], never));
    await client.close();
    await client.close();
    assert.equal((await waiting).code, "unreachable");
    assert.equal(client.alive, false);
    assert.equal((await failureOf(client.print("/ip/arp", [], never))).code, "unreachable");
  });
});

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { describe, it, type TestContext } from "node:test";
import { systemClock } from "../../src/lib/clock.ts";
import type { Check } from "../../src/model/types.ts";
import { createDnsProbe } from "../../src/probes/dns.ts";
import { addresses, type DnsQuery, type DnsScript, reply, startDnsServer, truncated } from "../fakes/dns-server.ts";

type DnsCheck = Extract<Check, { kind: "dns" }>;

const patientMs = 5_000;
const probe = createDnsProbe({ clock: systemClock });

function checkOf(server: string, hostname = "www.example.com"): DnsCheck {
  return { id: "dns:x", role: "resolver", slug: "x", name: "X", kind: "dns", scope: "public", server, hostname };
}
async function serverOf(t: TestContext, script: DnsScript, options?: Parameters<typeof startDnsServer>[1]) {
  const server = await startDnsServer(script, options);
  t.after(() => server.close());
  return server;
}
const ask = (server: string, timeoutMs = patientMs, signal = new AbortController().signal) =>
  probe(checkOf(server), { timeoutMs, signal });

describe("a DNS probe", () => {
  it("takes an answer and tells the addresses", async (t) => {
    const { address, queries } = await serverOf(t, (query) => [addresses(query, "192.0.2.1", "192.0.2.2")]);
    const outcome = await ask(address);
    assert.ok(outcome.ok && outcome.rttMs > 0 && outcome.rttMs < patientMs);
    assert.equal(outcome.detail, "192.0.2.1, 192.0.2.2");
    assert.deepEqual(outcome.answers, ["192.0.2.1", "192.0.2.2"]);
    assert.deepEqual(
      queries.map(({ name, type, edns }) => [name, type, edns]),
      [["www.example.com", "A", true]],
    );
  });

  it("asks a resolver by IPv6 with a port", async (t) => {
    const { address } = await serverOf(t, (query) => [addresses(query, "192.0.2.1")], { host: "::1" });
    assert.equal((await ask(address)).ok, true);
  });

  it("uses another id each time", async (t) => {
    const { address, queries } = await serverOf(t, (query) => [addresses(query, "192.0.2.1")]);
    for (let n = 0; n < 8; n += 1) await ask(address);
    assert.ok(new Set(queries.map(({ id }) => id)).size >= 7);
  });

  it("takes the right answer after forged and garbled ones", async (t) => {
    const { address } = await serverOf(t, (query) => [
      reply(query, { id: query.id ^ 1, answers: [{ type: "A", name: query.name, data: "192.0.2.66" }] }),
      reply(query, { name: "evil.example", answers: [{ type: "A", name: "evil.example", data: "192.0.2.66" }] }),
      Buffer.from("garbage"),
      addresses(query, "192.0.2.1").subarray(0, 36),
      addresses(query, "192.0.2.1"),
    ]);
    assert.deepEqual(detailOf(await ask(address)), [true, "192.0.2.1"]);
  });

  it("asks once more when the first question was lost", async (t) => {
    const { address, queries } = await serverOf(t, (query) => (query.nth === 1 ? [] : [addresses(query, "192.0.2.1")]));
    assert.equal((await ask(address, 1_000)).ok, true);
    assert.equal(queries[0]?.id, queries[1]?.id);
  });

  it("asks no more than twice and tells a timeout when nobody answers", async (t) => {
    const { address, queries } = await serverOf(t, () => []);
    assert.deepEqual(await ask(address, 300), { ok: false, reason: "timeout", detail: "no answer in time" });
    assert.deepEqual(queries.map(({ type }) => type).toSorted(), ["A", "A", "TXT"]);
  });

  for (const [what, script] of [
    ["its version", (query: DnsQuery) => reply(query, { answers: [{ type: "TXT", name: query.name, data: "2.90" }] })],
    ["a refusal", (query: DnsQuery) => reply(query, { rcode: 5 })],
    ["an error without the question", (query: DnsQuery) => reply(query, { rcode: 1 }).subarray(0, 12)],
  ] as const)
    it(`tells that a silent resolver lives when it answers ${what} about itself, in no more time`, async (t) => {
      const { address, queries } = await serverOf(t, (query) => (query.type === "TXT" ? [script(query)] : []));
      const startedAt = performance.now();
      const outcome = await ask(address, 400);
      assert.equal(reasonOf(outcome), "upstream");
      assert.match(outcome.detail ?? "", /no answer in time.*lives/);
      assert.ok(performance.now() - startedAt < 1_400);
      assert.deepEqual(
        queries.filter(({ type }) => type === "TXT").map(({ name }) => name),
        ["version.bind"],
      );
    });

  it("takes the answer that comes after the one about the resolver itself", async (t) => {
    const { address } = await serverOf(t, (query) => {
      if (query.nth === 1) return [];
      return query.type === "TXT" ? [reply(query, { rcode: 5 })] : [addresses(query, "192.0.2.1")];
    });
    assert.equal((await ask(address, 1_000)).ok, true);
  });

  it("does not ask about the resolver what answers in time", async (t) => {
    for (const rcode of [0, 2, 5]) {
      const { address, queries } = await serverOf(t, (query) => [reply(query, { rcode })]);
      await ask(address);
      assert.ok(queries.every(({ type }) => type !== "TXT"));
    }
  });

  it("tells at most sixteen addresses, in order", async (t) => {
    const many = Array.from({ length: 40 }, (_, n) => `192.0.2.${100 + n}`);
    const { address } = await serverOf(t, (query) => [addresses(query, ...many.toReversed())]);
    const outcome = await ask(address);
    assert.ok(outcome.ok);
    assert.deepEqual(outcome.answers, many.slice(0, 16));
  });

  it("asks for a name below one that begins with an asterisk, another each time, and wants no address", async (t) => {
    const asked = async (script: DnsScript) => {
      const { address, queries } = await serverOf(t, script);
      const limits = { timeoutMs: patientMs, signal: new AbortController().signal };
      return { outcome: await probe(checkOf(address, "*.example.com"), limits), name: queries[0]?.name ?? "" };
    };
    const honest = await asked((query) => [reply(query, { rcode: 3 })]);
    const empty = await asked((query) => [reply(query)]);
    const liar = await asked((query) => [addresses(query, "203.0.113.66")]);
    const broken = await asked((query) => [reply(query, { rcode: 2 })]);
    const all = [honest, empty, liar, broken];
    assert.deepEqual(
      all.map(({ outcome }) => reasonOf(outcome)),
      ["ok", "ok", "mismatch", "rcode"],
    );
    assert.ok(all.every(({ name }) => /^nw[0-9a-z]+\.example\.com$/.test(name)));
    assert.equal(new Set(all.map(({ name }) => name)).size, 4);
    assert.equal(liar.outcome.detail, `203.0.113.66 for ${liar.name}, which does not exist`);
  });

  it("tells at once when nothing listens", async () => {
    const socket = createSocket("udp4");
    await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
    const { port } = socket.address();
    await new Promise<void>((resolve) => socket.close(() => resolve()));
    const outcome = await ask(`127.0.0.1:${port}`);
    assert.deepEqual(outcome, { ok: false, reason: "refused", detail: "refused (ECONNREFUSED)" });
  });

  for (const tcpPiece of [1, 3, 4_096]) {
    it(`goes on by TCP when the answer was cut, in pieces of ${tcpPiece}`, async (t) => {
      const script: DnsScript = (query) => [
        query.transport === "udp" ? truncated(query) : addresses(query, "192.0.2.7"),
      ];
      const server = await serverOf(t, script, { tcpPiece });
      assert.deepEqual(detailOf(await ask(server.address)), [true, "192.0.2.7"]);
      assert.deepEqual(
        server.queries.map(({ transport }) => transport),
        ["udp", "tcp"],
      );
    });
  }

  it("tells a protocol error when TCP answers another question or too much", async (t) => {
    const wrong = await serverOf(t, (query) => [
      query.transport === "udp" ? truncated(query) : reply(query, { id: query.id ^ 1 }),
    ]);
    const long = await serverOf(t, (query) => [query.transport === "udp" ? truncated(query) : Buffer.alloc(60_000)], {
      tcpPiece: 9_000,
    });
    for (const server of [wrong, long]) assert.equal(reasonOf(await ask(server.address)), "protocol");
  });

  it("asks an old forwarder without EDNS", async (t) => {
    const { address, queries } = await serverOf(t, (query) => [
      query.edns ? reply(query, { rcode: 1 }) : addresses(query, "192.0.2.1"),
    ]);
    assert.equal((await ask(address)).ok, true);
    assert.deepEqual(
      queries.map(({ edns }) => edns),
      [true, false],
    );
  });

  it("is content with IPv6 addresses for a name that has nothing else", async (t) => {
    const { address } = await serverOf(t, (query) => [
      reply(query, query.type === "AAAA" ? { answers: [{ type: "AAAA", name: query.name, data: "2001:db8::1" }] } : {}),
    ]);
    assert.deepEqual(detailOf(await ask(address)), [true, "2001:db8::1"]);
  });

  for (const [rcode, name] of [
    [3, "NXDOMAIN"],
    [2, "SERVFAIL"],
    [5, "REFUSED"],
  ] as const) {
    it(`tells ${name} by name`, async (t) => {
      const { address } = await serverOf(t, (query) => [reply(query, { rcode })]);
      assert.deepEqual(await ask(address), { ok: false, reason: "rcode", detail: `${name} for www.example.com` });
    });
  }

  it("tells an empty answer", async (t) => {
    const { address } = await serverOf(t, (query) => [reply(query)]);
    assert.deepEqual(await ask(address), { ok: false, reason: "rcode", detail: "an empty answer for www.example.com" });
  });

  for (const dead of ["0.0.0.0", "127.0.0.1", "127.9.9.9"]) {
    it(`takes ${dead} for no address of a public name`, async (t) => {
      const { address } = await serverOf(t, (query) => [addresses(query, dead)]);
      assert.equal(reasonOf(await ask(address)), "mismatch");
    });
  }

  it("takes IPv6's own-host addresses for none either", async (t) => {
    const { address } = await serverOf(t, (query) => [
      reply(query, {
        answers: [
          { type: "AAAA", name: query.name, data: "::1" },
          { type: "AAAA", name: query.name, data: "::" },
        ],
      }),
    ]);
    assert.equal(reasonOf(await ask(address)), "mismatch");
  });

  it("tells a protocol error when nothing but a malformed answer came", async (t) => {
    const { address } = await serverOf(t, (query) => [addresses(query, "192.0.2.1").subarray(0, 36)]);
    assert.equal(reasonOf(await ask(address, 200)), "protocol");
  });

  it("never takes noise for an answer", async (t) => {
    const { address } = await serverOf(t, (query) => {
      const id = Buffer.alloc(4, 0x81);
      id.writeUInt16BE(query.id);
      return Array.from({ length: 50 }, (_, n) => Buffer.concat([id, randomBytes(n * 8)]));
    });
    for (let n = 0; n < 5; n += 1) assert.equal((await ask(address, 60)).ok, false);
  });

  for (const server of [
    "",
    "localhost",
    "-x",
    "1.2.3",
    "127.0.0.1:0",
    "127.0.0.1:70000",
    "[::1",
    "[::1]:x",
    "https://",
  ]) {
    it(`could not measure with a resolver "${server}"`, async () => {
      assert.equal(reasonOf(await ask(server)), "internal");
    });
  }

  for (const hostname of ["", "a..b", `${"x".repeat(64)}.example`, "a b", "x.".repeat(130)]) {
    it(`could not measure with the name "${hostname.slice(0, 12)}"`, async () => {
      const limits = { timeoutMs: 200, signal: new AbortController().signal };
      assert.equal(reasonOf(await probe(checkOf("127.0.0.1:9", hostname), limits)), "internal");
    });
  }

  it("stops when told to, also within TCP, and leaves no connection", async (t) => {
    const stop = new AbortController();
    const server = await serverOf(t, (query) => {
      if (query.transport === "udp") return [truncated(query)];
      stop.abort();
      return [];
    });
    assert.deepEqual(await ask(server.address, patientMs, stop.signal), {
      ok: false,
      reason: "internal",
      detail: "stopped",
    });
    while (server.connections() > 0) await new Promise((resolve) => setImmediate(resolve));
    const before = server.queries.length;
    assert.equal(reasonOf(await ask(server.address, patientMs, AbortSignal.abort())), "internal");
    assert.equal(server.queries.length, before);
  });
});

function reasonOf(outcome: Awaited<ReturnType<typeof ask>>) {
  return outcome.ok ? "ok" : outcome.reason;
}

function detailOf(outcome: Awaited<ReturnType<typeof ask>>) {
  return [outcome.ok, outcome.detail];
}

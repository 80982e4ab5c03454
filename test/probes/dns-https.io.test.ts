import assert from "node:assert/strict";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { LookupFunction } from "node:net";
import { before, describe, it, type TestContext } from "node:test";
import { decode } from "dns-packet";
import { systemClock } from "../../src/lib/clock.ts";
import type { Check } from "../../src/model/types.ts";
import { createDnsProbe } from "../../src/probes/dns.ts";
import { addresses, type DnsQuery, reply } from "../fakes/dns-server.ts";
import { answering, hanging, startHttpServer } from "../fakes/http-server.ts";
import { type FakeCertificates, makeCertificates } from "../fakes/http-server-certificates.ts";

let certificates: FakeCertificates;
before(async () => {
  certificates = await makeCertificates();
});

const patient = { timeoutMs: 10_000, signal: new AbortController().signal };
const type = "application/dns-message";

function checkOf(server: string): Extract<Check, { kind: "dns" }> {
  const fixed = { id: "dns:doh", role: "resolver", slug: "doh", name: "DoH", kind: "dns", scope: "doh" } as const;
  return { ...fixed, server, hostname: "www.example.com" };
}

async function resolverOf(
  t: TestContext,
  handler: Parameters<typeof startHttpServer>[0],
  identity: "valid" | "expired" = "valid",
) {
  const server = await startHttpServer(handler, certificates[identity]);
  t.after(() => server.close());
  return server;
}
const ask = (url: string, limits = patient) =>
  createDnsProbe({ clock: systemClock, ca: certificates.ca })(checkOf(`${url}/dns-query`), limits);

describe("a DNS probe by HTTPS", () => {
  it("posts the question as RFC 8484 wants it and takes the answer", async (t) => {
    const server = await resolverOf(
      t,
      resolving((query) => addresses(query, "192.0.2.1")),
    );
    const outcome = await ask(server.url);
    assert.deepEqual([outcome.ok, outcome.detail], [true, "192.0.2.1"]);
    const [request] = server.requests;
    assert.deepEqual([request?.method, request?.url], ["POST", "/dns-query"]);
    assert.deepEqual([request?.headers["content-type"], request?.headers.accept], [type, type]);
    await server.idle();
  });

  it("tells what the resolver said", async (t) => {
    const { url } = await resolverOf(
      t,
      resolving((query) => reply(query, { rcode: 2 })),
    );
    assert.deepEqual(await ask(url), { ok: false, reason: "rcode", detail: "SERVFAIL for www.example.com" });
  });

  it("takes a page, a redirect, an error and another answer for none", async (t) => {
    const cases = [
      [answering(200, { "Content-Type": "text/html" }, "<h1>Log in</h1>"), "mismatch"],
      [answering(302, { Location: "https://portal.example/" }), "redirect"],
      [answering(503), "status"],
      [answering(200, { "Content-Type": type }, "noise"), "protocol"],
      [answering(200, { "Content-Type": type }, "x".repeat(9_000)), "protocol"],
      [resolving((query) => reply(query, { id: 7 })), "protocol"],
    ] as const;
    for (const [handler, reason] of cases) {
      const outcome = await ask((await resolverOf(t, handler)).url);
      assert.equal(outcome.ok ? "ok" : outcome.reason, reason, outcome.detail);
    }
  });

  it("does not ask over a certificate that has expired", async (t) => {
    const server = await resolverOf(t, hanging, "expired");
    const outcome = await ask(server.url);
    assert.equal(outcome.ok ? "ok" : outcome.reason, "tls");
    assert.equal(server.requests.length, 0);
  });

  it("tells a timeout, and a stop as nothing measured", async (t) => {
    const stop = new AbortController();
    const silent = await resolverOf(t, hanging);
    assert.deepEqual(await ask(silent.url, { ...patient, timeoutMs: 300 }), {
      ok: false,
      reason: "timeout",
      detail: "no answer in time",
    });
    const stopping = await resolverOf(t, () => stop.abort());
    const outcome = await ask(stopping.url, { ...patient, signal: stop.signal });
    assert.deepEqual(outcome, { ok: false, reason: "internal", detail: "stopped" });
    await stopping.idle();
  });

  it("could not measure before the resolver's own name was ever known, and needs no other resolver afterwards", async (t) => {
    const { port } = await resolverOf(
      t,
      resolving((query) => addresses(query, "192.0.2.1")),
    );
    let known = false;
    const lookup: LookupFunction = (_host, _options, callback) => {
      if (known) callback(null, [{ address: "127.0.0.1", family: 4 }]);
      else callback(Object.assign(new Error("no"), { code: "ENOTFOUND" }), []);
    };
    const probe = createDnsProbe({ clock: systemClock, ca: certificates.ca, lookup });
    const check = checkOf(`https://localhost:${port}/dns-query`);
    const first = await probe(check, patient);
    assert.equal(first.ok ? "ok" : first.reason, "internal");
    known = true;
    assert.equal((await probe(check, patient)).ok, true);
    known = false;
    assert.equal((await probe(check, patient)).ok, true);
  });
});

function resolving(answer: (query: DnsQuery) => Uint8Array) {
  return async (request: IncomingMessage, response: ServerResponse) => {
    const question = decode(Buffer.concat(await request.toArray()));
    const [{ name, type: asked } = { name: "", type: "A" }] = question.questions ?? [];
    const query = { id: question.id ?? -1, name, type: asked, edns: true, transport: "tcp", nth: 1 } as const;
    response.writeHead(200, { "Content-Type": type }).end(answer(query));
  };
}

import assert from "node:assert/strict";
import { createServer, type LookupFunction, type Socket } from "node:net";
import { before, describe, it, type TestContext } from "node:test";
import { systemClock } from "../../src/lib/clock.ts";
import type { Check } from "../../src/model/types.ts";
import { createHttpProbe } from "../../src/probes/http.ts";
import { answering, dripping, endless, hanging, portal, startHttpServer } from "../fakes/http-server.ts";
import { type FakeCertificates, makeCertificates } from "../fakes/http-server-certificates.ts";
import { closedPort } from "../fakes/tcp-listeners.ts";

type HttpCheck = Extract<Check, { kind: "http" }>;
type Identity = "valid" | "expired" | "notYetValid" | "otherHost" | "selfSigned";

let certificates: FakeCertificates;
before(async () => {
  certificates = await makeCertificates();
});

const patient = { timeoutMs: 10_000, signal: new AbortController().signal };

function fetchBy(
  url: string,
  { expect = "page", limits = patient }: { expect?: HttpCheck["expect"]; limits?: typeof patient } = {},
) {
  const check: HttpCheck = { id: "http:x", role: "site", slug: "x", name: "X", kind: "http", url, expect };
  return createHttpProbe({ clock: systemClock, ca: certificates.ca })(check, limits);
}

async function serverOf(t: TestContext, handler: Parameters<typeof startHttpServer>[0], identity?: Identity) {
  const server = await startHttpServer(handler, identity === undefined ? undefined : certificates[identity]);
  t.after(() => server.close());
  return server;
}

describe("an HTTP probe of a page", () => {
  it("is ok with a page over a verified connection, each time on a new one, and closes it", async (t) => {
    const server = await serverOf(t, answering(200, {}, "<p>Hello</p>"), "valid");
    for (let n = 0; n < 2; n += 1) {
      const outcome = await fetchBy(server.url);
      assert.ok(outcome.ok && outcome.rttMs > 0 && outcome.detail === "answered 200");
    }
    assert.equal(server.connections().made, 2);
    await server.idle();
  });

  it("reads no more than it needs of an endless page", async (t) => {
    const server = await serverOf(t, endless);
    assert.equal((await fetchBy(server.url)).ok, true);
    await server.idle();
  });

  it("tells a page that stalls after its headers from one that never came", async (t) => {
    const limits = { ...patient, timeoutMs: 300 };
    const drip = await serverOf(t, dripping);
    const dripped = await fetchBy(drip.url, { limits });
    assert.equal(reasonOf(dripped), "timeout");
    assert.match(dripped.detail ?? "", /^answered 200, then stalled after [1-9]\d* bytes$/);
    await drip.idle();
    for (const [body, bytes] of [
      ["", 0],
      ["x".repeat(900), 900],
    ] as const) {
      const stall = await serverOf(t, (_request, response) => {
        response.writeHead(200, { "Content-Length": "40000" }).flushHeaders();
        response.write(body);
      });
      const stalled = { ok: false, reason: "timeout", detail: `answered 200, then stalled after ${bytes} bytes` };
      assert.deepEqual(await fetchBy(stall.url, { limits }), stalled);
    }
    const hang = await serverOf(t, hanging, "valid");
    assert.deepEqual(await fetchBy(hang.url, { limits }), {
      ok: false,
      reason: "timeout",
      detail: "connected, but no answer in time",
    });
    await hang.idle();
    const mute = new URL(await rawServer(t, () => undefined));
    mute.protocol = "https:";
    const handshake = { ok: false, reason: "timeout", detail: "connected, but the TLS handshake stalled" };
    assert.deepEqual(await fetchBy(mute.href, { limits }), handshake);
    const lost = createHttpProbe({ clock: systemClock, lookup: () => undefined });
    const check: HttpCheck = {
      ...{ id: "http:x", role: "site", slug: "x", name: "X", kind: "http", expect: "page" },
      url: "https://shop.example/",
    };
    assert.deepEqual(await lost(check, limits), { ok: false, reason: "timeout", detail: "no connection in time" });
  });

  for (const status of [403, 404, 500, 503]) {
    it(`tells that ${status} was answered`, async (t) => {
      const { url } = await serverOf(t, answering(status, {}, "sorry"));
      assert.deepEqual(await fetchBy(url), { ok: false, reason: "status", detail: `answered ${status}` });
    });
  }

  it("takes 511 for a network that wants a login", async (t) => {
    const { url } = await serverOf(t, answering(511));
    assert.equal(reasonOf(await fetchBy(url)), "mismatch");
  });

  it("believes a redirect over a verified connection, and does not follow it", async (t) => {
    const server = await serverOf(t, answering(302, { Location: "https://elsewhere.example/" }), "valid");
    assert.equal((await fetchBy(server.url)).ok, true);
    assert.equal(server.requests.length, 1);
  });

  for (const [location, ok] of [
    ["https://127.0.0.1/", true],
    ["/index.html", true],
    ["https://WWW.127.0.0.1.example/", false],
    ["http://login.example/?from=127.0.0.1", false],
    ["//login.example/", false],
  ] as const) {
    it(`over plain HTTP ${ok ? "believes" : "does not believe"} a redirect to ${location}`, async (t) => {
      const { url } = await serverOf(t, answering(301, { Location: location }));
      const outcome = await fetchBy(url);
      assert.equal(reasonOf(outcome), ok ? "ok" : "redirect");
      if (!ok) assert.match(outcome.detail ?? "", /^sent to (login|www\.127\.0\.0\.1)\.example: a captive portal\?$/);
    });
  }

  it("believes a redirect from a name to its www. variant", async (t) => {
    const { port } = await serverOf(t, answering(301, { Location: "https://www.shop.example/" }));
    const lookup: LookupFunction = (_host, _options, callback) => callback(null, [{ address: "127.0.0.1", family: 4 }]);
    const check: HttpCheck = {
      ...{ id: "http:x", role: "site", slug: "x", name: "X", kind: "http", expect: "page" },
      url: `http://shop.example:${port}/`,
    };
    assert.equal((await createHttpProbe({ clock: systemClock, lookup })(check, patient)).ok, true);
  });

  it("sees a captive portal and does not follow it to its login page", async (t) => {
    const server = await serverOf(t, portal("http://portal.example/login"));
    assert.deepEqual(await fetchBy(server.url), {
      ok: false,
      reason: "redirect",
      detail: "sent to portal.example: a captive portal?",
    });
    assert.deepEqual(
      server.requests.map(({ url }) => url),
      ["/"],
    );
  });

  for (const [page, reason] of [
    ['<html><meta HTTP-EQUIV="refresh" content="0; URL=http://login.example/?u=1"></html>', "redirect"],
    ['<meta content="0;url=//login.example/" http-equiv=refresh>', "redirect"],
    ['<meta http-equiv="refresh" content="5; url=/index.html">', "ok"],
    ['<meta name="description" content="how to refresh your url=http://login.example/">', "ok"],
    ["<!-- <WISPAccessGatewayParam> <Redirect> -->", "mismatch"],
    ["<form action=http://login.example/><input type=password></form>", "ok"],
  ] as const) {
    it(`takes a page over plain HTTP that says ${page.slice(0, 40)}… for ${reason}`, async (t) => {
      assert.equal(reasonOf(await fetchBy((await serverOf(t, answering(200, {}, page))).url)), reason);
      assert.equal(reasonOf(await fetchBy((await serverOf(t, answering(200, {}, page), "valid")).url)), "ok");
    });
  }

  it("reads a hostile page in no time", async (t) => {
    for (const page of ["<meta ", "<meta refresh ", "<meta refresh url=", "refresh url=x "].map((part) =>
      part.repeat(10_000),
    )) {
      const { url } = await serverOf(t, answering(200, {}, page));
      assert.equal(reasonOf(await fetchBy(url, { limits: { ...patient, timeoutMs: 5_000 } })), "ok");
    }
  });

  for (const [identity, said] of [
    ["expired", /^the certificate has expired \(CERT_HAS_EXPIRED\)$/],
    ["notYetValid", /^the certificate is not valid yet.* \(CERT_NOT_YET_VALID\)$/],
    ["otherHost", /^the certificate is for another host \(ERR_TLS_CERT_ALTNAME_INVALID\)$/],
    ["selfSigned", /^a self-signed certificate \(DEPTH_ZERO_SELF_SIGNED_CERT\)$/],
  ] as const) {
    it(`does not accept a certificate that is ${identity}, and asks nothing over it`, async (t) => {
      const server = await serverOf(t, answering(200, {}, "hi"), identity);
      const outcome = await fetchBy(server.url);
      assert.equal(reasonOf(outcome), "tls");
      assert.match(outcome.detail ?? "", said);
      assert.equal(server.requests.length, 0);
    });
  }

  it("does not accept an authority that it was not told of", async (t) => {
    const { url } = await serverOf(t, answering(200), "valid");
    const check: HttpCheck = { id: "http:x", role: "site", slug: "x", name: "X", kind: "http", url, expect: "page" };
    const outcome = await createHttpProbe({ clock: systemClock })(check, patient);
    assert.equal(reasonOf(outcome), "tls");
  });

  it("tells a TLS error when plain HTTP answers on a TLS port", async (t) => {
    const { port } = await serverOf(t, answering(200));
    assert.equal(reasonOf(await fetchBy(`https://127.0.0.1:${port}/`)), "tls");
  });

  it("tells refused, reset and what is no HTTP apart", async (t) => {
    assert.equal(reasonOf(await fetchBy(`http://127.0.0.1:${await closedPort()}/`)), "refused");
    const reset = await rawServer(t, (socket) => socket.resetAndDestroy());
    assert.equal(reasonOf(await fetchBy(reset)), "reset");
    const noise = await rawServer(t, (socket) => socket.end("220 mail.example ESMTP\r\n"));
    assert.equal(reasonOf(await fetchBy(noise)), "protocol");
    const headers = await rawServer(t, (socket) => socket.end(`HTTP/1.1 200 OK\r\nX: ${"y".repeat(40_000)}\r\n\r\n`));
    assert.equal(reasonOf(await fetchBy(headers)), "protocol");
  });

  it("tells a name that does not resolve, asked anew each time", async () => {
    let asked = 0;
    const lookup: LookupFunction = (_host, _options, callback) => {
      asked += 1;
      callback(Object.assign(new Error("no"), { code: "ENOTFOUND" }), []);
    };
    const probe = createHttpProbe({ clock: systemClock, lookup });
    const check: HttpCheck = {
      ...{ id: "http:x", role: "site", slug: "x", name: "X", kind: "http", expect: "page" },
      url: "https://shop.example/",
    };
    const expected = { ok: false, reason: "rcode", detail: "name not resolved (ENOTFOUND)" };
    for (let n = 0; n < 2; n += 1) assert.deepEqual(await probe(check, patient), expected);
    assert.equal(asked, 2);
  });

  for (const url of ["", "ftp://127.0.0.1/", "file:///etc/passwd", "127.0.0.1"]) {
    it(`could not measure "${url}"`, async () => assert.equal(reasonOf(await fetchBy(url)), "internal"));
  }

  it("stops when told to, which says nothing about the page", async (t) => {
    const stop = new AbortController();
    const server = await serverOf(t, () => stop.abort());
    const limits = { ...patient, signal: stop.signal };
    assert.deepEqual(await fetchBy(server.url, { limits }), { ok: false, reason: "internal", detail: "stopped" });
    await server.idle();
  });

  it("says nothing of the user, the password and the query", async (t) => {
    const { port } = await serverOf(t, answering(500));
    for (const url of [
      `http://ann:geheim@127.0.0.1:${port}/?token=geheim`,
      "https://ann:geheim@127.0.0.1:1/?token=geheim",
    ]) {
      assert.doesNotMatch(JSON.stringify(await fetchBy(url)), /geheim/);
    }
  });
});

describe("an HTTP probe that expects no content", () => {
  const expect = "no_content";

  it("is ok with 204 alone", async (t) => {
    const { url } = await serverOf(t, answering(204));
    assert.equal((await fetchBy(url, { expect })).ok, true);
  });

  for (const [status, headers, body, reason] of [
    [200, {}, "<h1>Log in</h1>", "mismatch"],
    [200, {}, "", "mismatch"],
    [302, { Location: "http://portal.example/" }, "", "redirect"],
    [302, {}, "", "redirect"],
    [511, {}, "log in", "mismatch"],
    [404, {}, "", "status"],
    [503, {}, "", "status"],
  ] as const) {
    it(`tells ${reason} of ${status} ${body === "" ? "without" : "with"} a page`, async (t) => {
      const { url } = await serverOf(t, answering(status, headers, body));
      assert.equal(reasonOf(await fetchBy(url, { expect })), reason);
    });
  }
});

async function rawServer(t: TestContext, answer: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => answer(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/`;
}

function reasonOf(outcome: Awaited<ReturnType<typeof fetchBy>>) {
  return outcome.ok ? "ok" : outcome.reason;
}

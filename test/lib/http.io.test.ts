import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { createServer } from "node:net";
import { before, describe, it, type TestContext } from "node:test";
import { inspect } from "node:util";
import { gzipSync } from "node:zlib";
import { systemClock } from "../../src/lib/clock.ts";
import { createHttpClient, HttpError } from "../../src/lib/http.ts";
import { createResolve, lookupFrom } from "../../src/lib/resolve.ts";
import { answering, dripping, endless, hanging, startHttpServer } from "../fakes/http-server.ts";
import { type FakeCertificates, makeCertificates } from "../fakes/http-server-certificates.ts";
import { closedPort } from "../fakes/tcp-listeners.ts";

let certificates: FakeCertificates;
before(async () => {
  certificates = await makeCertificates();
});

const patient = { clock: systemClock, timeoutMs: 10_000, signal: new AbortController().signal };

function clientOf(t: TestContext, changes: Partial<Parameters<typeof createHttpClient>[0]> = {}) {
  const defaults = { tls: { mode: "verify" }, keepAlive: true, maxRedirects: 5, cookies: "keep" } as const;
  const client = createHttpClient({ ...defaults, lookup: lookupFrom(createResolve()), ...changes });
  t.after(() => client.close());
  return client;
}
async function serverOf(t: TestContext, ...how: Parameters<typeof startHttpServer>) {
  const server = await startHttpServer(...how);
  t.after(() => server.close());
  return server;
}
const text = (body: Uint8Array) => Buffer.from(body).toString();
const coded = (code: HttpError["code"]) => (error: unknown) => error instanceof HttpError && error.code === code;

describe("the HTTP client", () => {
  it("sends what it is given and gives back status, headers and body, whatever the status", async (t) => {
    const server = await serverOf(t, async (request, response) => {
      const body = Buffer.concat(await request.toArray());
      response.writeHead(418, { "X-Said": "yes", "Content-Type": "text/plain" }).end(`${request.method} ${body}`);
    });
    const headers = { "X-Asked": "yes" };
    const response = await clientOf(t).request(
      { url: `${server.url}/a?b=1`, method: "POST", body: "hello", headers },
      patient,
    );
    assert.deepEqual([response.status, text(response.body), response.cut], [418, "POST hello", false]);
    assert.deepEqual([response.headers["x-said"], response.url], ["yes", `${server.url}/a?b=1`]);
    assert.deepEqual([server.requests[0]?.url, server.requests[0]?.headers["x-asked"]], ["/a?b=1", "yes"]);
  });

  it("keeps one connection for one request after the other, until it is closed", async (t) => {
    const server = await serverOf(t, answering(200, {}, "ok"));
    const client = clientOf(t);
    for (let n = 0; n < 3; n += 1) await client.request({ url: server.url }, patient);
    assert.deepEqual(server.connections(), { made: 1, open: 1 });
    client.close();
    await server.idle();
  });

  it("keeps cookies of every hop and takes a POST's redirect as GET without a body", async (t) => {
    const server = await serverOf(t, (request, response) => {
      if (request.url === "/login") {
        response.writeHead(302, {
          Location: "/welcome",
          "Set-Cookie": ["sid=1; Path=/", "Bad; =;", "far=2; Domain=evil.example"],
        });
      } else response.writeHead(200, { "Set-Cookie": "seen=yes; HttpOnly" });
      response.end();
    });
    const client = clientOf(t);
    const form = { "Content-Type": "application/x-www-form-urlencoded" };
    const response = await client.request(
      { url: `${server.url}/login`, method: "POST", body: "p=geheim", headers: form },
      patient,
    );
    assert.deepEqual([response.status, response.url], [200, `${server.url}/welcome`]);
    await client.request({ url: server.url }, patient);
    const seen = server.requests.map(({ method, headers }) => [method, headers.cookie, headers["content-type"]]);
    assert.deepEqual(seen, [
      ["POST", undefined, form["Content-Type"]],
      ["GET", "sid=1", undefined],
      ["GET", "sid=1; seen=yes", undefined],
    ]);
  });

  it("has no memory of cookies where it is not wanted", async (t) => {
    const server = await serverOf(t, answering(200, { "Set-Cookie": "sid=1" }));
    const client = clientOf(t, { cookies: "ignore" });
    for (let n = 0; n < 2; n += 1) await client.request({ url: server.url }, patient);
    assert.equal(server.requests[1]?.headers.cookie, undefined);
  });

  it("stays usable when a peer hands out ever more cookies", async (t) => {
    let n = 0;
    const server = await serverOf(t, (_request, response) => {
      const lines = Array.from({ length: 100 }, () => `c${n++}=x`);
      response.writeHead(200, { "Set-Cookie": lines }).end();
    });
    const client = clientOf(t);
    for (let m = 0; m < 12; m += 1) await client.request({ url: server.url }, patient);
    const counts = server.requests.map(({ headers }) => (headers.cookie ?? "").split("; ").length);
    assert.ok(Math.max(...counts) <= 1_000 && counts[11] === 100, String(counts));
  });

  it("repeats a POST where the redirect says so (308)", async (t) => {
    const server = await serverOf(t, async (request, response) => {
      if (request.url === "/old") return response.writeHead(308, { Location: "/new" }).end();
      return response.end(Buffer.concat(await request.toArray()));
    });
    const response = await clientOf(t).request({ url: `${server.url}/old`, method: "POST", body: "again" }, patient);
    assert.equal(text(response.body), "again");
  });

  it("gives a redirect to another origin back instead of following it", async (t) => {
    const other = await serverOf(t, answering(200));
    const server = await serverOf(t, answering(307, { Location: other.url }));
    const response = await clientOf(t).request({ url: server.url, method: "POST", body: "geheim" }, patient);
    assert.equal(response.status, 307);
    assert.equal(other.requests.length, 0);
  });

  it("follows no more redirects than allowed", async (t) => {
    const server = await serverOf(t, answering(302, { Location: "/again" }));
    const response = await clientOf(t, { maxRedirects: 3 }).request({ url: server.url }, patient);
    assert.equal(response.status, 302);
    assert.equal(server.requests.length, 4);
  });

  it("refuses a body that is too long, also one that only unpacks to that, and ends its connection", async (t) => {
    const bomb = gzipSync(Buffer.alloc(5_000_000));
    const packed = await serverOf(t, (_request, response) =>
      response.writeHead(200, { "Content-Encoding": "gzip" }).end(bomb),
    );
    const pouring = await serverOf(t, endless);
    for (const server of [packed, pouring]) {
      await assert.rejects(clientOf(t).request({ url: server.url }, patient), coded("too_large"));
    }
    await pouring.idle();
  });

  it("cuts a longer body where that is wanted, and no other", async (t) => {
    const server = await serverOf(t, answering(200, {}, "0123456789"));
    const ask = (maxBytes: number) => clientOf(t).request({ url: server.url, maxBytes, longer: "cut" }, patient);
    const shorter = await ask(4);
    assert.deepEqual([text(shorter.body), shorter.cut], ["0123", true]);
    const whole = await ask(10);
    assert.deepEqual([text(whole.body), whole.cut], ["0123456789", false]);
  });

  it("holds its deadline against a server that hangs or drips, and closes the connection", async (t) => {
    for (const [handler, status] of [
      [hanging, undefined],
      [dripping, 200],
    ] as const) {
      const server = await serverOf(t, handler);
      const error = await clientOf(t)
        .request({ url: server.url }, { ...patient, timeoutMs: 200 })
        .catch((e: unknown) => e);
      assert.ok(error instanceof HttpError && error.code === "timeout");
      assert.equal(error.status, status);
      await server.idle();
    }
  });

  it("stops when the caller no longer wants it", async (t) => {
    const stop = new AbortController();
    const server = await serverOf(t, () => stop.abort());
    await assert.rejects(
      clientOf(t).request({ url: server.url }, { ...patient, signal: stop.signal }),
      coded("aborted"),
    );
    await server.idle();
  });

  it("tells a body that ends too early as a reset", async (t) => {
    const server = await serverOf(t, (_request, response) => {
      response.writeHead(200, { "Content-Length": 100 });
      response.write("half", () => response.destroy());
    });
    await assert.rejects(clientOf(t).request({ url: server.url }, patient), coded("reset"));
  });

  it("ignores a proxy of the environment", async (t) => {
    const server = await serverOf(t, answering(200, {}, "direct"));
    const proxy = await serverOf(t, answering(200, {}, "by proxy"));
    for (const name of ["HTTP_PROXY", "http_proxy"]) process.env[name] = proxy.url;
    t.after(() => {
      for (const name of ["HTTP_PROXY", "http_proxy"]) delete process.env[name];
    });
    const response = await clientOf(t).request({ url: server.url }, patient);
    assert.deepEqual([text(response.body), proxy.requests.length], ["direct", 0]);
  });

  it("holds nothing secret in its errors", async (t) => {
    const url = `http://ann:geheim1@127.0.0.1:${await closedPort()}/path?token=geheim2`;
    const request = { url, method: "POST", body: "geheim3", headers: { Authorization: "geheim4" } } as const;
    const error = await clientOf(t)
      .request(request, patient)
      .catch((e: unknown) => e);
    assert.ok(error instanceof HttpError && error.code === "refused" && error.detail === "ECONNREFUSED");
    assert.match(error.message, /^refused \(ECONNREFUSED\) at http:\/\/127\.0\.0\.1:\d+\/path$/);
    assert.doesNotMatch(inspect(error, { depth: 9, showHidden: true }), /geheim/);
  });

  it("fails for an address that is none", async (t) => {
    for (const url of ["", "http://", "gopher://127.0.0.1/"]) {
      await assert.rejects(clientOf(t).request({ url }, patient), coded("local"));
    }
  });
});

describe("the HTTP client over TLS", () => {
  it("verifies by default, and does not where it is told not to", async (t) => {
    const server = await serverOf(t, answering(200), certificates.selfSigned);
    await assert.rejects(clientOf(t).request({ url: server.url }, patient), coded("tls"));
    const insecure = clientOf(t, { tls: { mode: "insecure" } });
    assert.equal((await insecure.request({ url: server.url }, patient)).status, 200);
  });

  it("sends nothing to a server whose certificate is not the pinned one", async (t) => {
    const server = await serverOf(t, answering(200), certificates.selfSigned);
    const { fingerprint256 } = new X509Certificate(certificates.selfSigned.cert);
    for (const fingerprint of [fingerprint256, fingerprint256.replaceAll(":", "").toLowerCase()]) {
      const pinned = clientOf(t, { tls: { mode: "pin", fingerprint } });
      for (let n = 0; n < 2; n += 1) assert.equal((await pinned.request({ url: server.url }, patient)).status, 200);
    }
    assert.deepEqual([server.requests.length, server.connections().made], [4, 2]);
    const other = new X509Certificate(certificates.valid.cert).fingerprint256;
    for (const fingerprint of [other, ""]) {
      const client = clientOf(t, { tls: { mode: "pin", fingerprint } });
      await assert.rejects(client.request({ url: server.url }, patient), coded("tls"));
    }
    assert.equal(server.requests.length, 4);
  });

  it("gives a pinned connection up when it is closed within the handshake", async (t) => {
    const ended = new Promise<void>((resolve) => {
      silent.on("connection", (socket) => {
        socket.on("error", () => undefined).once("close", () => resolve());
        client.close();
      });
    });
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    t.after(() => silent.close());
    const client = clientOf(t, { tls: { mode: "pin", fingerprint: "00" } });
    const address = silent.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    await assert.rejects(client.request({ url: `https://127.0.0.1:${port}/` }, patient), coded("reset"));
    await ended;
  });
});

const silent = createServer();

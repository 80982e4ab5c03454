import assert from "node:assert/strict";
import { before, test } from "node:test";
import { FakeClock } from "../../fakes/fake-clock.ts";
import { type FakeCertificates, makeCertificates } from "../../fakes/http-server-certificates.ts";
import type { Reply, RouterosServerOptions } from "../../fakes/routeros/wire.ts";
import { encodeSentence } from "../../fakes/routeros/words.ts";
import { closedPort, silentPort } from "../../fakes/tcp-listeners.ts";
import { eventually } from "../../ha/eventually.ts";
import { failureOf, nothingEscapes, open, withRouter } from "./client-harness.ts";

nothingEscapes();

let certificates: FakeCertificates;
before(async () => {
  certificates = await makeCertificates();
});

/** The failure of a login to a router like this; its connection must be closed behind it. */
async function loginFailure(options: Partial<RouterosServerOptions>) {
  return await withRouter(options, async (server) => {
    const failure = await failureOf(open(server));
    assert.match(failure.message, new RegExp(`^Hex \\(127\\.0\\.0\\.1:${server.port}\\) `));
    return failure;
  });
}

/** Whoever comes a second time finds a closed door: that one tries TLS. */
const onlyOnce = (connection: number) => (connection === 1 ? "serve" : "fin");
const invalid = "invalid user name or password (6)";
const refusals: readonly (readonly [
  what: string,
  options: Partial<RouterosServerOptions>,
  code: string,
  words: RegExp,
])[] = [
  ["a wrong password", { password: "other" }, "auth", /check user name and password.*"api"/],
  ["a wrong password, challenged", { password: "other", legacyLogin: true }, "auth", /check user name and password/],
  ["a wrong user", { user: "other" }, "auth", /invalid user name or password/],
  ["a trap of an old release", { login: () => ({ trap: { message: "cannot log in" } }) }, "auth", /"cannot log in"/],
  ["a fatal word for the password", { login: () => ({ fatal: invalid }) }, "auth", /invalid user name/],
  ["a user without the right", { login: () => ({ trap: { message: "not allowed (9)" } }) }, "auth", /"api"/],
  ["another fatal word", { login: () => ({ fatal: "too many sessions" }) }, "refused", /"too many sessions"/],
  ["another trap", { login: () => ({ trap: { message: "no such command" } }) }, "protocol", /"no such command"/],
  ["a challenge that is none", { login: () => ({ rows: [], done: { ret: "xyz" } }) }, "protocol", /check the port/],
  ["a closed connection at the login", { login: () => "fin", accept: onlyOnce }, "unreachable", /allowed ones/],
  ["a reset connection at the login", { login: () => "reset", accept: onlyOnce }, "unreachable", /allowed ones/],
  ["a closed connection at once", { accept: () => "fin" }, "unreachable", /allowed ones/],
  ["an HTTP server", { accept: () => Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n") }, "protocol", /speaks HTTP/],
  ["an SSH server", { accept: () => Buffer.from("SSH-2.0-ROSSSH\r\n") }, "protocol", /speaks SSH.*8728/],
];
for (const [what, options, code, words] of refusals)
  test(`opening tells ${what}`, async () => {
    const failure = await loginFailure(options);
    assert.equal(failure.code, code);
    assert.match(failure.message, words);
  });

test("opening tells a connection that is reset at once", async () => {
  // Whether the connection was made before it was reset is a matter of luck.
  assert.equal((await loginFailure({ accept: () => "reset" })).code, "unreachable");
});

test("a login answered by rows without an end is cut off", async () => {
  const raw = Buffer.concat(Array.from({ length: 100_002 }, () => encodeSentence(["!re", ".tag=1"])));
  assert.equal((await loginFailure({ login: () => ({ raw }) })).code, "protocol");
});

test("opening tells a port that refuses", async () => {
  const failure = await failureOf(open({ port: await closedPort() }));
  assert.equal(failure.code, "refused");
  assert.match(failure.message, /switch on its service api \(/);
  const overTls = await failureOf(open({ port: await closedPort() }, { access: { tls: "insecure" } }));
  assert.match(overTls.message, /switch on its service api-ssl \(/);
});

test("opening tells a name without an address", async () => {
  const lookup = (_host: string, _options: unknown, callback: (error: Error, address: string) => void) =>
    callback(Object.assign(new Error("no such name"), { code: "ENOTFOUND" }), "");
  const failure = await failureOf(open({ port: 1 }, { access: { host: "router.lan:8728" }, parts: { lookup } }));
  assert.equal(failure.code, "unreachable");
  assert.match(failure.message, /^Hex \(router\.lan:8728\) has a name without an address \(ENOTFOUND\)/);
});

test("without a port it is the service's usual one", async () => {
  const seen: string[] = [];
  const lookup = (_host: string, _options: unknown, callback: (error: Error, address: string) => void) =>
    callback(Object.assign(new Error("no such name"), { code: "ENOTFOUND" }), "");
  for (const tls of ["off", "verify", "anonymous"] as const)
    seen.push((await failureOf(open({ port: 1 }, { access: { host: "router.lan", tls }, parts: { lookup } }))).message);
  assert.deepEqual(
    seen.map((message) => /:(\d+)\)/.exec(message)?.[1]),
    ["8728", "8729", "8729"],
  );
});

test("opening tells an address that swallows everything, at the deadline and with nothing left behind", async () => {
  const silent = await silentPort();
  const clock = new FakeClock();
  try {
    const opening = failureOf(open(silent, { parts: { clock } }));
    await clock.advance(10_000);
    const failure = await opening;
    assert.equal(failure.code, "timeout");
    assert.match(failure.message, /does not answer: check that it is on/);
    assert.equal(clock.pending, 0);
  } finally {
    await silent.close();
  }
});

const mute: readonly (readonly [what: string, tls: "off" | "insecure", words: RegExp])[] = [
  ["the API", "off", /the port is not that of api$/],
  ["TLS", "insecure", /does not answer in TLS/],
];
for (const [what, tls, words] of mute)
  test(`opening tells a router that takes the connection and says nothing, where ${what} is expected`, async () => {
    const clock = new FakeClock();
    const accepted = Promise.withResolvers<void>();
    const accept = () => {
      accepted.resolve();
      return "mute" as const;
    };
    await withRouter({ accept }, async (server) => {
      const opening = failureOf(open(server, { access: { tls }, parts: { clock } }));
      await accepted.promise;
      // The client may learn of the connection after the router.
      for (let turn = 0; turn < 10; turn += 1) await clock.advance(0);
      await clock.advance(10_000);
      const failure = await opening;
      assert.equal(failure.code, "timeout");
      assert.match(failure.message, words);
      assert.equal(clock.pending, 0);
    });
  });

test("a login that is fed drop by drop ends at the deadline", async () => {
  const clock = new FakeClock();
  const asked = Promise.withResolvers<void>();
  const login = (): Reply => {
    asked.resolve();
    return { raw: Buffer.from([3]) };
  };
  await withRouter({ login }, async (server) => {
    const opening = failureOf(open(server, { parts: { clock } }));
    await asked.promise;
    await clock.advance(10_000);
    assert.equal((await opening).code, "timeout");
  });
});

test("opening that is stopped ends at once and leaves no connection", async () => {
  const accepted = Promise.withResolvers<void>();
  const accept = () => {
    accepted.resolve();
    return "mute" as const;
  };
  for (const tls of ["off", "insecure"] as const)
    await withRouter({ accept }, async (server) => {
      const controller = new AbortController();
      const opening = failureOf(open(server, { access: { tls }, parts: { signal: controller.signal } }));
      await accepted.promise;
      controller.abort();
      assert.equal((await opening).code, "timeout");
    });
  const stopped = failureOf(open({ port: 1 }, { parts: { signal: AbortSignal.abort() } }));
  assert.equal((await stopped).code, "timeout");
});

test("opening a plain session on the port of TLS tells so", async () => {
  for (const tls of [certificates.valid, "anonymous"] as const)
    await withRouter({ tls }, async (server) => {
      const failure = await failureOf(open(server));
      assert.equal(failure.code, "tls");
      assert.match(failure.message, /wants TLS on this port: set tls: pin/);
      await eventually("no connection is left", () => server.open === 0);
    });
  // A server that says so itself, by an alert.
  await withRouter({ accept: () => Buffer.from([0x15, 3, 3, 0, 2, 2, 70]) }, async (server) => {
    assert.equal((await failureOf(open(server))).code, "tls");
  });
});

test("a plain port that ends the login is not waited for when it says nothing to TLS either", async () => {
  const clock = new FakeClock();
  const second = Promise.withResolvers<void>();
  const accept = (connection: number) => {
    if (connection === 1) return "serve";
    second.resolve();
    return "mute";
  };
  await withRouter({ login: () => "fin", accept }, async (server) => {
    const opening = failureOf(open(server, { parts: { clock } }));
    await second.promise;
    await clock.advance(3_000);
    assert.equal((await opening).code, "unreachable");
    assert.equal(clock.pending, 0);
  });
});

test("opening a session over TLS on the plain port tells so", async () => {
  await withRouter({ accept: () => encodeSentence(["!fatal", "not logged in"]) }, async (server) => {
    const failure = await failureOf(open(server, { access: { tls: "insecure" } }));
    assert.equal(failure.code, "tls");
    assert.match(failure.message, /does not speak TLS on this port.*tls: off/);
  });
  for (const how of ["fin", "reset"] as const)
    await withRouter({ accept: () => how }, async (server) => {
      const failure = await failureOf(open(server, { access: { tls: "insecure" } }));
      if (failure.code === "unreachable") return; // reset before the connection was made
      assert.equal(failure.code, "tls");
      assert.match(failure.message, /breaks off the TLS handshake/);
    });
});

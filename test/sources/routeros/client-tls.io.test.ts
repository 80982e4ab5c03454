import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { before, test } from "node:test";
import type { RouterosAccess } from "../../../src/sources/routeros/client.ts";
import { type FakeCertificates, makeCertificates } from "../../fakes/http-server-certificates.ts";
import { eventually } from "../../ha/eventually.ts";
import { failureOf, never, nothingEscapes, open, withRouter } from "./client-harness.ts";

nothingEscapes();

type Identity = "valid" | "expired" | "notYetValid" | "otherHost" | "selfSigned";
let certificates: FakeCertificates;
before(async () => {
  certificates = await makeCertificates();
});

const fingerprintOf = (identity: Identity) => new X509Certificate(certificates[identity].cert).fingerprint256;

/** Reads a menu over TLS, and sees that nothing is left open afterwards. */
async function reads(identity: Identity | "anonymous", access: Partial<RouterosAccess>): Promise<void> {
  const tls = identity === "anonymous" ? identity : certificates[identity];
  const answer = () => ({ rows: [{ address: "10.0.0.1" }] });
  await withRouter({ tls, answer }, async (server) => {
    const client = await open(server, { access, parts: { ca: certificates.ca } });
    assert.deepEqual(await client.print("/ip/arp", [], never), { rows: [{ address: "10.0.0.1" }] });
    await client.close();
    await eventually("no connection is left", () => server.open === 0);
  });
}

/** The failure, and that the router never got to see a login. */
async function refuses(identity: Identity | "anonymous", access: Partial<RouterosAccess>) {
  const tls = identity === "anonymous" ? identity : certificates[identity];
  return await withRouter({ tls }, async (server) => {
    const failure = await failureOf(open(server, { access, parts: { ca: certificates.ca } }));
    await eventually("no connection is left", () => server.open === 0);
    assert.deepEqual(server.arrivals, [], "nothing was said to it");
    assert.equal(failure.code, "tls");
    return failure.message;
  });
}

test("a valid certificate is verified, by address and by name", async () => {
  await reads("valid", { tls: "verify" });
  const answer = () => ({ rows: [] });
  await withRouter({ tls: certificates.valid, answer }, async (server) => {
    const access = { tls: "verify", host: `localhost:${server.port}` } as const;
    await (await open(server, { access, parts: { ca: certificates.ca } })).close();
  });
});

for (const identity of ["expired", "notYetValid", "otherHost", "selfSigned"] as const) {
  test(`a certificate that is not valid (${identity}) is refused before the password is sent`, async () => {
    assert.match(await refuses(identity, { tls: "verify" }), /certificate that is not valid here \(.+\): set tls: pin/);
  });

  test(`a certificate that is not valid (${identity}) will do when any will do`, async () => {
    await reads(identity, { tls: "insecure" });
  });

  test(`a certificate that is not valid (${identity}) will do when it is the pinned one`, async () => {
    await reads(identity, { tls: "pin", fingerprint: fingerprintOf(identity) });
  });
}

test("a pinned fingerprint may be written in any of the usual ways", async () => {
  const fingerprint = fingerprintOf("selfSigned");
  for (const spelled of [fingerprint.toLowerCase(), fingerprint.replaceAll(":", ""), fingerprint])
    await reads("selfSigned", { tls: "pin", fingerprint: spelled });
});

test("another certificate than the pinned one is refused before the password is sent, also a valid one", async () => {
  const message = await refuses("valid", { tls: "pin", fingerprint: fingerprintOf("selfSigned") });
  assert.match(message, /another certificate than the pinned one/);
  assert.ok(message.includes(fingerprintOf("valid")), "it tells the one that it found");
});

test("pinning without a fingerprint refuses, and tells the one to set", async () => {
  assert.ok((await refuses("selfSigned", { tls: "pin" })).includes(fingerprintOf("selfSigned")));
});

test("a router without a certificate is read by anonymous Diffie-Hellman when that is asked for", async () => {
  await reads("anonymous", { tls: "anonymous" });
});

for (const tls of ["verify", "pin", "insecure"] as const)
  test(`a router without a certificate is told when ${tls} is asked for`, async () => {
    assert.match(await refuses("anonymous", { tls, fingerprint: "00".repeat(32) }), /has no certificate for api-ssl/);
  });

test("a router with a certificate is told when anonymous is asked for", async () => {
  assert.match(await refuses("selfSigned", { tls: "anonymous" }), /offers no TLS without a certificate: set tls: pin/);
});

test("a connection over TLS that breaks ends what waits", async () => {
  for (const how of ["fin", "reset"] as const) {
    const asked = Promise.withResolvers<void>();
    const answer = () => {
      asked.resolve();
      return "mute" as const;
    };
    await withRouter({ tls: certificates.selfSigned, answer }, async (server) => {
      const client = await open(server, { access: { tls: "insecure" } });
      const waiting = failureOf(client.print("/ip/arp", [], never));
      await asked.promise;
      server.drop(how);
      assert.equal((await waiting).code, "unreachable");
      assert.equal(client.alive, false);
    });
  }
});

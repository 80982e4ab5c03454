import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { before, describe, it } from "node:test";
import { originOf } from "../../../src/sources/amplifi/session.ts";
import type { AmplifiFailure } from "../../fakes/amplifi/failures.ts";
import { type FakeCertificates, makeCertificates } from "../../fakes/http-server-certificates.ts";
import { closedPort } from "../../fakes/tcp-listeners.ts";
import { failureOf, open, patient, start } from "./harness.ts";

const list = "/info-async.php";

describe("an AmpliFi that answers wrongly", () => {
  const table: readonly (readonly [AmplifiFailure, string, string, RegExp])[] = [
    ["html", list, "protocol", /gave a web page for the list/],
    ["html", "/login.php", "protocol", /gave a web page for the login page: is it an AmpliFi\?/],
    ["html", "/info.php", "protocol", /gave a web page for the page info\.php/],
    ["object", list, "protocol", /gave something else/],
    ["cut-json", list, "protocol", /gave a list that breaks off/],
    ["cut-connection", list, "protocol", /cut its answer off/],
    ["huge", list, "protocol", /more than 4194304 bytes/],
    ["huge", "/login.php", "protocol", /more than 1048576 bytes/],
    ["to-https", "/login.php", "protocol", /a redirect \(to https: set "tls"/],
    ["elsewhere", list, "protocol", /a redirect for the list/],
    ["elsewhere", "/login.php", "protocol", /a redirect for the login page/],
    ["error-500", list, "protocol", /answered 500 to \/info-async\.php/],
    ["error-500", "/login.php", "protocol", /answered 500 to \/login\.php/],
    ["elsewhere", "POST /login.php", "protocol", /a redirect for the answer to the login/],
    ["error-500", "POST /login.php", "protocol", /answered 500 to \/login\.php/],
    ["close", list, "unreachable", /closed the connection without an answer/],
    ["close", "/login.php", "unreachable", /closed the connection without an answer/],
  ];
  for (const [failure, path, code, message] of table)
    it(`by ${failure} at ${path} is told as ${code}, and is read again once it is well`, async (t) => {
      const { fake, source } = await start(t);
      fake.fail(path, failure);
      for (let n = 0; n < 3; n += 1) {
        const error = await failureOf(source.poll(patient));
        assert.equal(error.code, code);
        assert.match(error.message, message);
        assert.ok(!`${error.message} ${error.stack}`.includes("geheim"));
      }
      await fake.server.idle();
      fake.fail(path);
      assert.deepEqual((await source.poll(patient)).clients, []);
    });

  for (const failure of ["mute", "drip"] as const)
    for (const path of [list, "/login.php", "/info.php"])
      it(`by ${failure} at ${path} runs out of time, and holds no connection`, async (t) => {
        const { fake, source, clock } = await start(t);
        fake.fail(path, failure);
        const asked = fake.nextRequest(path);
        const polling = failureOf(source.poll(patient));
        await asked;
        await clock.advance(8_000);
        assert.equal((await polling).code, "timeout");
        await fake.server.idle();
        fake.fail(path);
        await source.poll(patient);
      });

  for (const failure of ["mute", "drip", "huge"] as const)
    it(`by ${failure} is given up as soon as nobody waits for it`, async (t) => {
      const { fake, source } = await start(t);
      await source.poll(patient);
      fake.fail(list, failure);
      const stop = new AbortController();
      const asked = fake.nextRequest(list);
      const polling = failureOf(source.poll(stop.signal));
      await asked;
      stop.abort();
      const { code } = await polling;
      assert.ok(code === "timeout" || (failure === "huge" && code === "protocol"), code);
      await fake.server.idle();
    });

  it("with a list that is none of its own is told so, and `raw` shows it", async (t) => {
    const { fake, source } = await start(t);
    fake.answerWith('[{"clients":[]}]');
    assert.equal((await failureOf(source.poll(patient))).code, "protocol");
    assert.deepEqual(await source.raw(patient), { "info-async.php": [{ clients: [] }] });
  });

  it("that is off, or has a name that nobody knows, is told as such", async (t) => {
    const refused = open(t, { host: `127.0.0.1:${await closedPort()}` });
    assert.equal((await failureOf(refused.source.poll(patient))).code, "refused");
    const unknown = open(t, { host: "no-such-router.invalid" });
    assert.equal((await failureOf(unknown.source.poll(patient))).code, "unreachable");
  });

  it("asks nothing once it was aborted", async (t) => {
    const { fake, source } = await start(t);
    assert.equal((await failureOf(source.poll(AbortSignal.abort()))).code, "timeout");
    assert.deepEqual(fake.asked, []);
  });
});

describe("where an AmpliFi is asked", () => {
  for (const [host, tls, origin] of [
    ["192.168.1.1", "off", "http://192.168.1.1"],
    ["192.168.1.1:8080", "off", "http://192.168.1.1:8080"],
    ["amplifi.lan", "pin", "https://amplifi.lan"],
    ["fe80::1", "insecure", "https://[fe80::1]"],
    ["[fd00::1]:8443", "verify", "https://[fd00::1]:8443"],
  ] as const)
    it(`for ${host} with tls ${tls} is ${origin}`, () => assert.equal(originOf({ host, tls }), origin));
});

describe("what an AmpliFi says, unparsed,", () => {
  it("is its list, with nothing secret", async (t) => {
    const { fake, source } = await start(t);
    const raw = await source.raw(patient);
    assert.deepEqual(Object.keys(raw), ["info-async.php"]);
    assert.ok(JSON.stringify(raw).includes(fake.network.router.mac));
    assert.ok(!JSON.stringify(raw).includes("geheim"));
  });
});

describe("an AmpliFi over TLS", () => {
  let certificates: FakeCertificates;
  before(async () => {
    certificates = await makeCertificates();
  });
  const fingerprintOf = (pem: string) => new X509Certificate(pem).fingerprint256;

  it("with a self-signed certificate is read when any is taken, or the pinned one", async (t) => {
    const { fake } = await start(t, { tls: certificates.selfSigned });
    await open(t, fake, { tls: "insecure" }).source.poll(patient);
    const fingerprint = fingerprintOf(certificates.selfSigned.cert);
    for (const pin of [fingerprint, fingerprint.replaceAll(":", "").toLowerCase()]) {
      const { source } = open(t, fake, { tls: "pin", fingerprint: pin });
      assert.equal((await source.poll(patient)).router?.mac, fake.network.router.mac);
    }
  });

  it("with another certificate than the pinned one never hears the password", async (t) => {
    const { fake } = await start(t, { tls: certificates.selfSigned });
    const { source } = open(t, fake, { tls: "pin", fingerprint: fingerprintOf(certificates.valid.cert) });
    const error = await failureOf(source.poll(patient));
    assert.equal(error.code, "tls");
    assert.match(error.message, /certificate that is not the one of "fingerprint"/);
    assert.deepEqual(fake.asked, []);
  });

  it("with a self-signed certificate is not read when it must be valid", async (t) => {
    const { fake } = await start(t, { tls: certificates.selfSigned });
    const error = await failureOf(open(t, fake, { tls: "verify" }).source.poll(patient));
    assert.deepEqual([error.code, fake.asked], ["tls", []]);
    assert.match(error.message, /self-signed certificate: set "tls" to "pin"/);
  });

  it("that speaks none is told as such, and the other way round", async (t) => {
    const plain = await start(t);
    assert.equal((await failureOf(open(t, plain.fake, { tls: "insecure" }).source.poll(patient))).code, "tls");
    const { fake } = await start(t, { tls: certificates.selfSigned });
    const { code } = await failureOf(open(t, fake).source.poll(patient));
    assert.ok(["protocol", "unreachable"].includes(code), code);
  });
});

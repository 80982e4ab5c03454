import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { errorCode, networkFailure } from "../../src/lib/network-error.ts";

const failing = (code: string) => Object.assign(new Error(`secret ${code}`), { code });

describe("an error of the network", () => {
  const cases = [
    ["ETIMEDOUT", "timeout"],
    ["ECONNREFUSED", "refused"],
    ["EHOSTUNREACH", "unreachable"],
    ["ENETUNREACH", "unreachable"],
    ["ENETDOWN", "unreachable"],
    ["ECONNRESET", "reset"],
    ["EPIPE", "reset"],
    ["CERT_HAS_EXPIRED", "tls"],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "tls"],
    ["ERR_SSL_WRONG_VERSION_NUMBER", "tls"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "tls"],
    ["ENOTFOUND", "unresolved"],
    ["EAI_AGAIN", "unresolved"],
    ["HPE_INVALID_CONSTANT", "protocol"],
  ] as const;
  for (const [code, failure] of cases) {
    it(`${code} means ${failure}`, () => {
      assert.equal(networkFailure(failing(code)), failure);
      assert.equal(errorCode(failing(code)), code);
    });
  }

  for (const code of ["EMFILE", "ENFILE", "EADDRNOTAVAIL", "EAFNOSUPPORT", "EPERM", "EACCES", "ERR_SOCKET_BAD_PORT"]) {
    it(`${code} is this machine's own`, () => assert.equal(networkFailure(failing(code)), "local"));
  }

  it("without a code is this machine's own", () => {
    for (const error of [new TypeError("x"), "x", undefined, { code: "ECONNREFUSED" }]) {
      assert.equal(networkFailure(error), "local");
      assert.equal(errorCode(error), "unknown error");
    }
  });

  it("of several addresses is the one that came from a peer", () => {
    const all = new AggregateError([
      failing("EADDRNOTAVAIL"),
      new AggregateError([failing("ETIMEDOUT"), failing("ECONNREFUSED")]),
    ]);
    assert.equal(networkFailure(all), "refused");
    assert.equal(errorCode(all), "ECONNREFUSED");
  });

  it("is found behind the error that wraps it", () => {
    const wrapped = Object.assign(new Error("Request failed", { cause: failing("EHOSTUNREACH") }), {
      code: "ERR_NETWORK",
    });
    assert.equal(networkFailure(wrapped), "unreachable");
  });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { joinHostPort, splitHostPort } from "../../src/lib/host-port.ts";

const cases: readonly (readonly [text: string, host: string, port: number])[] = [
  ["192.168.88.1", "192.168.88.1", 8728],
  ["192.168.88.1:8000", "192.168.88.1", 8000],
  ["router.lan:1", "router.lan", 1],
  ["fe80::1", "fe80::1", 8728],
  ["[fe80::1]", "fe80::1", 8728],
  ["[fe80::1]:65535", "fe80::1", 65_535],
  ["router.lan:65536", "router.lan", 8728],
  ["router.lan:0", "router.lan", 8728],
  ["router.lan:", "router.lan", 8728],
  ["router.lan:x", "router.lan", 8728],
];

for (const [text, host, port] of cases) {
  test(`the host and port of "${text}"`, () => {
    assert.deepEqual(splitHostPort(text, 8728), { host, port });
  });
}

test("what was joined is split into the same", () => {
  for (const host of ["10.0.0.1", "router.lan", "2001:db8::1"]) {
    assert.deepEqual(splitHostPort(joinHostPort({ host, port: 99 }), 1), { host, port: 99 });
  }
});

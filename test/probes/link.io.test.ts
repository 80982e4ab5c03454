import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createLinkSystem } from "../../src/probes/link/system.ts";
import { createLinkReader } from "../../src/probes/link.ts";

test("this machine's own link is read", async () => {
  const facts = await createLinkReader({ gateway: "auto" })();
  assert.ok(facts.interface === undefined || typeof facts.carrier === "boolean");
  const own = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
  assert.ok(facts.addresses.every((address) => own.includes(address)));
});

test("files are read whole up to a limit; what is missing or unreadable is absent", async () => {
  const root = mkdtempSync(join(tmpdir(), "nwp-link-"));
  try {
    mkdirSync(join(root, "proc/net"), { recursive: true });
    writeFileSync(join(root, "proc/net/route"), "x".repeat(100_000));
    writeFileSync(join(root, "proc/net/arp"), "x".repeat(3_000_000));
    const system = createLinkSystem(root);
    assert.equal((await system.read("proc/net/route"))?.length, 100_000);
    assert.ok(((await system.read("proc/net/arp"))?.length ?? 0) < 1_000_000);
    assert.equal(await system.read("proc/net"), undefined);
    assert.equal(await system.read("proc/none"), undefined);
    assert.deepEqual(await system.list("proc"), ["net"]);
    assert.deepEqual(await system.list("none"), []);
  } finally {
    rmSync(root, { recursive: true });
  }
});

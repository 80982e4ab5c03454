import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { RouterosClient } from "../../../src/sources/routeros/client.ts";
import { never, nothingEscapes, open } from "./client-harness.ts";

nothingEscapes();

/** Runs `work` on a router with so many leases that lives in a process of its own: what is measured here is the client's. */
async function withLeases(count: number, work: (client: RouterosClient) => Promise<void>): Promise<void> {
  const script = fileURLToPath(new URL("./servers/leases.ts", import.meta.url));
  const router = fork(script, [String(count)]);
  try {
    const port = await new Promise<number>((resolve, reject) => {
      router.once("message", (message) => resolve(Number(message)));
      router.once("exit", (code) => reject(new Error(`the router ended with ${code}`)));
    });
    const client = await open({ port });
    await work(client);
    await client.close();
  } finally {
    router.disconnect();
  }
}

async function poll(client: RouterosClient): Promise<number> {
  const told = await client.print("/ip/dhcp-server/lease", [], never);
  return "rows" in told ? told.rows.length : 0;
}

test("5,000 leases are read in at most 150 ms of CPU", async () => {
  await withLeases(5_000, async (client) => {
    assert.equal(await poll(client), 5_000);
    const before = process.cpuUsage();
    for (let n = 0; n < 10; n += 1) assert.equal(await poll(client), 5_000);
    const { user, system } = process.cpuUsage(before);
    assert.ok((user + system) / 1_000 / 10 <= 150, `${(user + system) / 1_000 / 10} ms a poll`);
  });
});

test("nothing is left of 1,000 polls", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const heapUsed = () => {
    collect();
    return process.memoryUsage().heapUsed / 1_048_576;
  };
  await withLeases(200, async (client) => {
    for (let n = 0; n < 100; n += 1) await poll(client);
    const before = heapUsed();
    for (let n = 0; n < 1_000; n += 1) await poll(client);
    const grown = heapUsed() - before;
    // A row that stayed of each poll would already be more.
    assert.ok(grown < 1, `${grown.toFixed(1)} MiB more`);
  });
});

import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createRouterosSource } from "../../../src/sources/routeros/routeros.ts";
import type { PollingSource } from "../../../src/sources/source.ts";
import { FakeClock } from "../../fakes/fake-clock.ts";
import { never } from "./driver-harness.ts";

/** Runs `work` on a router that lives in a process of its own: what is measured here is the driver's. */
async function withRouter(leases: number, work: (source: PollingSource) => Promise<void>): Promise<void> {
  const router = fork(fileURLToPath(new URL("./servers/router.ts", import.meta.url)), [String(leases)]);
  try {
    const host = await new Promise<string>((resolve, reject) => {
      router.once("message", (message) => resolve(String(message)));
      router.once("exit", (code) => reject(new Error(`the router ended with ${code}`)));
    });
    const nothing = () => undefined;
    const log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
    const access = { kind: "routeros", name: "Hex", host, username: "api", password: "secret", tls: "off" } as const;
    const options = { ...access, fingerprint: "", code_page: "windows-1252" };
    const source = createRouterosSource(options, { clock: new FakeClock(), log });
    try {
      await work(source);
    } finally {
      await source.close();
    }
  } finally {
    router.disconnect();
  }
}

test("5,000 leases with their ARP entries are polled in at most 150 ms of CPU", async () => {
  await withRouter(5_000, async (source) => {
    for (let n = 0; n < 5; n += 1) assert.equal((await source.poll(never)).clients.length, 5_000);
    const before = process.cpuUsage();
    for (let n = 0; n < 10; n += 1) await source.poll(never);
    const { user, system } = process.cpuUsage(before);
    const eachMs = (user + system) / 1_000 / 10;
    assert.ok(eachMs <= 150, `${eachMs} ms a poll`);
  });
});

test("nothing is left of 1,000 polls", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const heapMiB = () => {
    collect();
    return process.memoryUsage().heapUsed / 1_048_576;
  };
  await withRouter(100, async (source) => {
    for (let n = 0; n < 100; n += 1) await source.poll(never);
    const before = heapMiB();
    for (let n = 0; n < 1_000; n += 1) await source.poll(never);
    const grown = heapMiB() - before;
    // One sighting that stayed of each poll would already be more.
    assert.ok(grown < 1, `${grown.toFixed(1)} MiB more`);
  });
});

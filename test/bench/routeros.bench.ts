// 5,000 leases polled from a simulated RouterOS: our session on node-routeros beside node-routeros alone, and what stays in
// memory after many polls. The router runs in a process of its own, so the figures are the client's alone.
//   node_modules/.bin/node --expose-gc test/bench/routeros.bench.ts [POLLS] [LEASES]
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { RouterOSAPI } from "node-routeros";
import { systemClock } from "../../src/lib/clock.ts";
import { openRouteros } from "../../src/sources/routeros/client.ts";

const [polls = 1_000, leases = 5_000] = process.argv.slice(2).map(Number);
const never = new AbortController().signal;
const menu = "/ip/dhcp-server/lease";

const script = fileURLToPath(new URL("../sources/routeros/servers/leases.ts", import.meta.url));
const router = fork(script, [String(leases)]);
try {
  const port = await new Promise<number>((resolve) => router.once("message", (message) => resolve(Number(message))));
  await ours(port);
  await plain(port);
} finally {
  router.disconnect();
}

async function ours(port: number): Promise<void> {
  const access = {
    name: "Hex",
    host: `127.0.0.1:${port}`,
    username: "api",
    password: "secret",
    tls: "off",
    fingerprint: "",
    code_page: "windows-1252",
  } as const;
  const client = await openRouteros(access, { clock: systemClock, signal: never });
  await series("this program", polls, async () => {
    const told = await client.print(menu, [], never);
    return "rows" in told ? told.rows.length : 0;
  });
  await client.close();
}

async function plain(port: number): Promise<void> {
  const api = new RouterOSAPI({ host: "127.0.0.1", port, user: "api", password: "secret", timeout: 60 });
  api.on("error", () => undefined);
  await api.connect();
  await series("node-routeros alone", Math.min(polls, 50), async () => (await api.write(`${menu}/print`)).length);
  await api.close();
}

/** Prints CPU and wall time a poll after a warm-up, and how memory grew from then to the end. */
async function series(name: string, count: number, poll: () => Promise<number>): Promise<void> {
  let rows = 0;
  for (let n = 0; n < 20; n += 1) rows = await poll();
  const before = memory();
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  for (let n = 0; n < count; n += 1) await poll();
  const wall = (performance.now() - startedAt) / count;
  const { user, system } = process.cpuUsage(cpu);
  const after = memory();
  console.log(
    `${name}: ${rows} rows, ${count} polls; a poll ${((user + system) / 1_000 / count).toFixed(0)} ms CPU, ${wall.toFixed(0)} ms wall; ` +
      `heap ${before.heap} -> ${after.heap} MiB, resident ${before.rss} -> ${after.rss} MiB`,
  );
}

function memory() {
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  const mib = (bytes: number) => Math.round(bytes / 1_048_576);
  return { heap: mib(heapUsed), rss: mib(rss) };
}

import { connect, createServer, type Socket } from "node:net";
import { Worker } from "node:worker_threads";

/** A port of the loopback on which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await new Promise<number>((resolve) =>
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    }),
  );
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

/**
 * A port of the loopback that swallows connection attempts without any answer, as a firewall does: a listener that never accepts
 * and whose queue is full.
 */
export async function silentPort(): Promise<{ readonly port: number; close(): Promise<void> }> {
  const worker = new Worker(neverAccepts, { eval: true });
  const port = await new Promise<number>((resolve, reject) => worker.once("message", resolve).once("error", reject));
  const fillers: Socket[] = [];
  // The kernel lets one more in than the queue holds; the rest get no answer.
  for (let n = 0; n < 8; n += 1) fillers.push(connect(port, "127.0.0.1").on("error", () => undefined));
  await Promise.any(fillers.map((filler) => new Promise((resolve) => filler.once("connect", resolve))));
  return {
    port,
    close: async () => {
      for (const filler of fillers) filler.destroy();
      await worker.terminate();
    },
  };
}

const neverAccepts = `
const { parentPort } = require("node:worker_threads");
const server = require("node:net").createServer();
server.listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
  parentPort.postMessage(server.address().port);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});
`;

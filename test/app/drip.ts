import type { AddressInfo } from "node:net";
import { connect, createServer, type Socket } from "node:net";

/** A way to a port of the loopback on which answers may come a byte at a time. */
export interface DrippingWay {
  /** `127.0.0.1:port`. */
  readonly host: string;
  /** From now on, or not any more; what waits then comes at once. */
  drip(slow: boolean): void;
  close(): Promise<void>;
}

const msAByte = 100;

/** `to` is `127.0.0.1:port`. */
export async function startDrippingWay(to: string): Promise<DrippingWay> {
  const port = Number(to.split(":").at(-1));
  const sockets = new Set<Socket>();
  const flushes = new Set<() => void>();
  let isSlow = false;
  const server = createServer((socket) => {
    const other = connect(port, "127.0.0.1");
    let waiting = Buffer.alloc(0);
    const pour = (most: number) => {
      if (waiting.length === 0 || socket.destroyed) return;
      socket.write(waiting.subarray(0, most));
      waiting = waiting.subarray(most);
    };
    const flush = () => pour(waiting.length);
    const timer = setInterval(() => pour(1), msAByte);
    flushes.add(flush);
    other.on("data", (bytes) => {
      waiting = Buffer.concat([waiting, bytes]);
      if (!isSlow) flush();
    });
    socket.pipe(other);
    for (const [one, its] of [
      [socket, other],
      [other, socket],
    ] as const) {
      sockets.add(one);
      one.on("error", () => its.destroy());
      one.on("close", () => {
        clearInterval(timer);
        flushes.delete(flush);
        sockets.delete(one);
        its.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    drip: (slow) => {
      isSlow = slow;
      if (!slow) for (const flush of flushes) flush();
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

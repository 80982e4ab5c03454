import { connect, createServer, type Socket } from "node:net";

/** Hands connections to `host:port` on to a port of the loopback, where the fakes are: for a program that lives elsewhere. */
export interface Relay {
  /** `host:port`. */
  readonly host: string;
  /** Ends all connections and takes no more, until `open`. */
  cut(): void;
  open(): void;
  close(): Promise<void>;
}

/** `to` is `127.0.0.1:port`. */
export async function startRelay(address: string, to: string): Promise<Relay> {
  const port = Number(to.split(":").at(-1));
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((socket) => {
    if (isCut) {
      socket.destroy();
      return;
    }
    const other = connect(port, "127.0.0.1");
    for (const [one, its] of [
      [socket, other],
      [other, socket],
    ] as const) {
      sockets.add(one);
      one.on("error", () => its.destroy());
      one.on("close", () => {
        sockets.delete(one);
        its.destroy();
      });
      one.pipe(its);
    }
  });
  const own = await new Promise<number>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, address, () => {
      const bound = server.address();
      resolve(typeof bound === "object" && bound !== null ? bound.port : 0);
    });
  });
  const cut = () => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    host: `${address}:${own}`,
    cut,
    open: () => {
      isCut = false;
    },
    close: async () => {
      cut();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

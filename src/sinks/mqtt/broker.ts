import { createServer, type Server } from "node:net";
import { Aedes } from "aedes";

/** The broker within: for whoever has none, and for trying things out. Loopback only; it forgets all when it stops. */
export interface EmbeddedBroker {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

const portsTried = 20;

/** Listens on the first free port from `port` on. It speaks MQTT 3.1.1. Throws when none of 20 ports is free. */
export async function startBroker(port: number): Promise<EmbeddedBroker> {
  const aedes = await Aedes.createBroker({ connectTimeout: 10_000, queueLimit: 10_000 });
  // A client that breaks the protocol is cut off by aedes; nothing of it may end the program.
  aedes.on("clientError", () => {});
  aedes.on("connectionError", () => {});
  const server = createServer(aedes.handle);
  server.maxConnections = 100;
  const used = await listen(server, port);
  server.on("error", () => {});
  return { url: `mqtt://127.0.0.1:${used}`, port: used, close: () => close(server, aedes) };
}

async function listen(server: Server, first: number): Promise<number> {
  for (let port = first; ; port += 1) {
    try {
      return await listenOn(server, port);
    } catch (error) {
      const inUse = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
      if (!inUse || port >= first + portsTried) throw error;
    }
  }
}

function listenOn(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

function close(server: Server, aedes: Aedes): Promise<void> {
  return new Promise((resolve) => {
    aedes.close(() => server.close(() => resolve()));
  });
}

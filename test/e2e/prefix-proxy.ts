import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A proxy that puts a server below a path, as Home Assistant's ingress does: the server never sees the prefix. */
export interface PrefixProxy {
  readonly url: string;
  close(): Promise<void>;
}

/** Listens on a free port of loopback; `/` is a page that frames what lies below `prefix`. */
export async function startPrefixProxy(prefix: string, targetPort: () => number): Promise<PrefixProxy> {
  const server = createServer((incoming, outgoing) => {
    const path = incoming.url ?? "/";
    if (path === "/") {
      outgoing.writeHead(200, { "content-type": "text/html" });
      outgoing.end(
        `<!doctype html><title>Frame</title><link rel="icon" href="data:,"><iframe src="${prefix}"></iframe>`,
      );
      return;
    }
    if (!path.startsWith(prefix)) {
      outgoing.writeHead(404);
      outgoing.end();
      return;
    }
    const options = {
      host: "127.0.0.1",
      port: targetPort(),
      method: incoming.method,
      path: `/${path.slice(prefix.length)}`,
    };
    const onward = request({ ...options, headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
      answer.on("close", () => outgoing.destroy());
    });
    onward.on("error", () => {
      if (!outgoing.headersSent) outgoing.writeHead(502);
      outgoing.end();
    });
    outgoing.on("close", () => onward.destroy());
    incoming.pipe(onward);
  });
  await listening(server);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listening(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
}

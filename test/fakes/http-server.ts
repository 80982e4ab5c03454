import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";

export interface FakeHttpServer {
  readonly port: number;
  /** `http://127.0.0.1:port`, or with `https`. */
  readonly url: string;
  readonly requests: readonly IncomingMessage[];
  /** Connections that were ever made, and that are open now. */
  connections(): { readonly made: number; readonly open: number };
  /** Resolves when no connection is open. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** A web server on the loopback; over TLS when a key and a certificate are given. */
export async function startHttpServer(
  handler: RequestListener,
  tls?: { readonly key: string; readonly cert: string },
): Promise<FakeHttpServer> {
  const sockets = new Set<Socket>();
  const requests: IncomingMessage[] = [];
  let waiting: (() => void)[] = [];
  let made = 0;
  const listener: RequestListener = (request, response) => {
    requests.push(request);
    response.on("error", () => undefined);
    handler(request, response);
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  server.keepAliveTimeout = 60_000;
  server.on("connection", (socket: Socket) => {
    made += 1;
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => {
      sockets.delete(socket);
      if (sockets.size > 0) return;
      for (const done of waiting) done();
      waiting = [];
    });
  });
  server.on("tlsClientError", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    requests,
    connections: () => ({ made, open: sockets.size }),
    idle: () => new Promise((resolve) => (sockets.size === 0 ? resolve() : waiting.push(resolve))),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Answers with a status, headers and a text. */
export function answering(status: number, headers: Record<string, string> = {}, body = ""): RequestListener {
  return (_request, response) => response.writeHead(status, headers).end(body);
}

/** Takes the request and says nothing, ever. */
export const hanging: RequestListener = () => {};

/** Sends the headers at once and then a byte at a time, without an end. */
export const dripping: RequestListener = (_request, response) => {
  response.writeHead(200, { "Content-Type": "text/plain" });
  const timer = setInterval(() => response.write("."), 5);
  response.once("close", () => clearInterval(timer));
};

/** Sends as much as the other side takes, without an end. */
export const endless: RequestListener = (_request, response) => {
  response.writeHead(200, { "Content-Type": "text/plain" });
  const block = Buffer.alloc(16_384, "x");
  const pour = () => {
    while (!response.destroyed && response.write(block));
  };
  response.on("drain", pour);
  pour();
};

/** A network that wants a login: whatever was asked for, go to its page, and that one says 200. */
export function portal(login: string): RequestListener {
  return (request, response) => {
    if (request.url === "/login") return response.writeHead(200).end("<h1>Please log in</h1>");
    return response.writeHead(302, { Location: login }).end();
  };
}

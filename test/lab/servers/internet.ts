// The Internet of the lab in one process: web (80, 443 with DNS over HTTPS) and name servers on every address of `inet`.
// A line of JSON on stdin sets how it behaves (ServerMode); each is acknowledged by a line on stdout.
//   node internet.ts KEY_FILE CERT_FILE
import { createSocket } from "node:dgram";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { createServer as createTcpServer } from "node:net";
import { createInterface } from "node:readline";
import type { ServerMode } from "../faults.ts";
import { addresses } from "../topology.ts";
import { answer } from "./zone.ts";

const [keyFile = "", certFile = ""] = process.argv.slice(2);
let mode: ServerMode = {};
const slowMs = 1500;

const reply = (query: Buffer, send: (response: Buffer) => void) => {
  const response = answer(query, mode.dns);
  if (response !== undefined) setTimeout(() => send(response), mode.dns === "slow" ? slowMs : 0);
};

const resolvers = [...addresses.targets, addresses.providerResolver].map((address) => {
  const socket = createSocket("udp4");
  socket.on("message", (query, { port, address: peer }) => reply(query, (out) => socket.send(out, port, peer)));
  return new Promise<void>((resolve) => socket.bind(53, address, resolve));
});

const overTcp = createTcpServer((socket) => {
  socket.on("error", () => undefined);
  socket.once("data", (chunk) =>
    reply(chunk.subarray(2), (response) => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(response.length);
      socket.end(Buffer.concat([length, response]));
    }),
  );
});

const secure = createSecureServer({ key: readFileSync(keyFile), cert: readFileSync(certFile) }, page);
const listening = [
  new Promise<void>((resolve) => overTcp.listen(53, "0.0.0.0", resolve)),
  new Promise<void>((resolve) => createServer(page).listen(80, "0.0.0.0", resolve)),
  new Promise<void>((resolve) => secure.listen(443, "0.0.0.0", resolve)),
];

createInterface({ input: process.stdin }).on("line", (line) => {
  mode = JSON.parse(line) as ServerMode;
  console.log("set");
});
await Promise.all([...resolvers, ...listening]);
console.log("ready");

function page(request: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://lab");
  if (mode.web === "503") response.writeHead(503).end("overloaded");
  else if (mode.web === "hang") request.resume();
  else if (pathname === "/dns-query") overHttps(request, response, searchParams.get("dns"));
  else if (/gen(erate)?_204/.test(pathname)) response.writeHead(204).end();
  else response.setHeader("content-type", "text/html").end("<!doctype html><title>Example</title><p>Hello");
}

function overHttps(request: IncomingMessage, response: ServerResponse, query: string | null): void {
  const send = (out: Buffer) => response.setHeader("content-type", "application/dns-message").end(out);
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => reply(query === null ? Buffer.concat(chunks) : Buffer.from(query, "base64url"), send));
}

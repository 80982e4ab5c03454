// The Internet of the lab in one process: web (80, 443 with DNS over HTTPS) and name servers on every address of `inet`.
// A line of JSON on stdin sets how it behaves (ServerMode); each is acknowledged by a line on stdout.
//   node internet.ts DIRECTORY_OF_CERTIFICATES
import { createSocket } from "node:dgram";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { createServer as createTcpServer, type Socket } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { ServerMode } from "../fault.ts";
import { addresses, addresses6 } from "../topology.ts";
import { answer } from "./zone.ts";

const [dir = ""] = process.argv.slice(2);
let mode: ServerMode = {};
const slowNamesMs = 1_500;
const slowPagesMs = 2_000;
const certificate = (name: string) => ({
  key: readFileSync(join(dir, "server.key")),
  cert: readFileSync(join(dir, `${name}.pem`)),
});

const provider = new Set<string>(addresses.providerResolvers);
const reply = (query: Buffer, server: string, send: (response: Buffer) => void) => {
  const concerned = mode.dnsOf === undefined || provider.has(server);
  const dns = concerned ? mode.dns : undefined;
  const response = dns === "silent" ? undefined : answer(query, dns);
  if (response !== undefined) setTimeout(() => send(response), dns === "slow" ? slowNamesMs : 0);
};

const resolvers = [...addresses.targets, ...addresses.providerResolvers, ...addresses6.targets].map((address) => {
  const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
  socket.on("message", (query, { port, address: peer }) => {
    reply(query, address, (out) => socket.send(out, port, peer, () => undefined));
  });
  return new Promise<void>((resolve) => socket.bind(53, address, resolve));
});

const overTcp = createTcpServer((socket) => {
  socket.on("error", () => undefined);
  socket.once("data", (chunk) =>
    reply(chunk.subarray(2), ownAddress(socket), (response) => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(response.length);
      socket.end(Buffer.concat([length, response]));
    }),
  );
});

const secure = createSecureServer(certificate("right"), page);
const parked = (_: IncomingMessage, response: ServerResponse) => response.end("<title>This domain is for sale</title>");
const listening = [
  [overTcp, 53],
  [createServer(page), 80],
  [secure, 443],
  [createServer(parked), 8080],
  [createSecureServer(certificate("wrong_name"), parked), 8443],
] as const;

createInterface({ input: process.stdin }).on("line", (line) => {
  mode = JSON.parse(line) as ServerMode;
  secure.setSecureContext(certificate(mode.certificate ?? "right"));
  console.log("set");
});
const open = listening.map(([server, port]) => new Promise<void>((resolve) => server.listen(port, "::", resolve)));
await Promise.all([...resolvers, ...open]);
console.log("ready");

function page(request: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://lab");
  if (mode.web === "503") response.writeHead(503).end("overloaded");
  else if (mode.web === "hang") request.resume();
  else if (pathname === "/dns-query") overHttps(request, response, searchParams.get("dns"));
  else setTimeout(() => content(pathname, response), mode.web === "slow" ? slowPagesMs : 0);
}

/** As long as a real page is: it does not fit one packet. */
function content(pathname: string, response: ServerResponse): void {
  if (/gen(erate)?_204/.test(pathname)) response.writeHead(204).end();
  else {
    const text = "<p>This domain is for use in illustrative examples in documents.\n".repeat(200);
    response.setHeader("content-type", "text/html").end(`<!doctype html><title>Example Domain</title>\n${text}`);
  }
}

/** Who holds the wire can't change these answers: only a resolver's own fault shows here. */
function overHttps(request: IncomingMessage, response: ServerResponse, query: string | null): void {
  const send = (out: Buffer) => response.setHeader("content-type", "application/dns-message").end(out);
  const whole = (message: Buffer) => {
    const out = mode.dns?.startsWith("hijack") === true ? answer(message, undefined) : undefined;
    return out === undefined ? reply(message, ownAddress(request.socket), send) : send(out);
  };
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => whole(query === null ? Buffer.concat(chunks) : Buffer.from(query, "base64url")));
}

function ownAddress({ localAddress = "" }: Socket): string {
  return localAddress.replace("::ffff:", "");
}

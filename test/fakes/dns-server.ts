import { createSocket } from "node:dgram";
import { createServer, type Socket } from "node:net";
import { type Answer, decode, encode } from "dns-packet";

/** One question as it came in. `nth` counts from 1 over all transports. */
export interface DnsQuery {
  readonly id: number;
  readonly name: string;
  readonly type: string;
  readonly edns: boolean;
  readonly transport: "udp" | "tcp";
  readonly nth: number;
}

/** The messages to send for a query, in this order; none is silence. */
export type DnsScript = (query: DnsQuery) => readonly Uint8Array[];

export interface FakeDnsServer {
  /** `127.0.0.1:port`, the same port by UDP and TCP. */
  readonly address: string;
  readonly queries: readonly DnsQuery[];
  /** TCP connections that are open now. */
  connections(): number;
  close(): Promise<void>;
}

/** A resolver on the loopback that answers by a script. By TCP each message goes out in pieces of `tcpPiece` bytes. */
export async function startDnsServer(
  script: DnsScript,
  { host = "127.0.0.1", tcpPiece = 1 }: { readonly host?: string; readonly tcpPiece?: number } = {},
): Promise<FakeDnsServer> {
  const queries: DnsQuery[] = [];
  const sockets = new Set<Socket>();
  const repliesTo = (message: Buffer, transport: "udp" | "tcp") => {
    const { id = 0, questions = [], additionals = [] } = decode(message);
    const { name = "", type = "" } = questions[0] ?? {};
    const edns = additionals.some((record) => record.type === "OPT");
    const query = { id, name, type, edns, transport, nth: queries.length + 1 };
    queries.push(query);
    return script(query);
  };

  const tcp = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket.on("error", () => undefined).once("close", () => sockets.delete(socket)));
    let received = Buffer.alloc(0);
    socket.on("data", async (bytes: Buffer) => {
      received = Buffer.concat([received, bytes]);
      if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return;
      const replies = repliesTo(received.subarray(2, 2 + received.readUInt16BE(0)), "tcp");
      received = Buffer.alloc(0);
      for (const reply of replies) await writeInPieces(socket, framed(reply), tcpPiece);
    });
  });
  const udp = createSocket(host.includes(":") ? "udp6" : "udp4");
  udp.on("message", (message, from) => {
    for (const reply of repliesTo(message, "udp")) udp.send(reply, from.port, from.address);
  });
  const port = await listenOnBoth(tcp, udp, host);
  return {
    address: host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`,
    queries,
    connections: () => sockets.size,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await Promise.all([
        new Promise<void>((resolve) => udp.close(() => resolve())),
        new Promise<void>((resolve) => tcp.close(() => resolve())),
      ]);
    },
  };
}

/** A whole answer to a query, changed where a test wants it to be. */
export function reply(
  query: DnsQuery,
  {
    answers = [],
    rcode = 0,
    id = query.id,
    name = query.name,
    flags = 0x8180,
  }: {
    readonly answers?: readonly Answer[];
    readonly rcode?: number;
    readonly id?: number;
    readonly name?: string;
    readonly flags?: number;
  } = {},
): Uint8Array {
  const questions = [{ name, type: query.type as "A" }];
  return encode({ type: "response", id, flags: flags | rcode, questions, answers: [...answers] });
}

/** A query's answer with these IPv4 addresses. */
export function addresses(query: DnsQuery, ...found: readonly string[]): Uint8Array {
  return reply(query, { answers: found.map((data) => ({ type: "A", name: query.name, ttl: 60, data })) });
}

/** An answer that says: too long for UDP. */
export function truncated(query: DnsQuery): Uint8Array {
  return reply(query, { flags: 0x8180 | 0x0200 });
}

function framed(message: Uint8Array): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}

async function writeInPieces(socket: Socket, bytes: Buffer, piece: number): Promise<void> {
  for (let at = 0; at < bytes.length && !socket.destroyed; at += piece) {
    await new Promise<void>((resolve) => socket.write(bytes.subarray(at, at + piece), () => resolve()));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A port that is free for TCP may be taken for UDP: then the next one. */
async function listenOnBoth(
  tcp: ReturnType<typeof createServer>,
  udp: ReturnType<typeof createSocket>,
  host: string,
): Promise<number> {
  for (;;) {
    await new Promise<void>((resolve, reject) => tcp.once("error", reject).listen(0, host, () => resolve()));
    const address = tcp.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const bound = await new Promise<boolean>((resolve) => {
      const taken = () => resolve(false);
      udp.once("error", taken).bind(port, host, () => {
        udp.off("error", taken);
        resolve(true);
      });
    });
    if (bound) return port;
    await new Promise<void>((resolve) => tcp.close(() => resolve()));
  }
}

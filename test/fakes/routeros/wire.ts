import { createHash, randomBytes } from "node:crypto";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { createServer as createTlsServer, TLSSocket } from "node:tls";
import { encodeSentence, sentenceReader, type Word } from "./words.ts";

/** A command as it came. `properties` is what `.proplist` asks for; empty: everything. */
export interface Command {
  /** `/ip/arp/print`. */
  readonly path: string;
  /** `=name=value` words, `.proplist` not among them. */
  readonly attributes: Readonly<Record<string, string>>;
  /** `?…` words, without the question mark. */
  readonly queries: readonly string[];
  readonly properties: readonly string[];
  readonly words: readonly Buffer[];
  readonly tag?: string;
}

export type FakeRow = Readonly<Record<string, Word>>;
export interface Trap {
  readonly category?: number;
  readonly message: string;
}

/**
 * What the router does with a command. `rows` goes on to `!done`, with `!trap` before it where there is `trap`, and with
 * `!empty` (7.18 and later) where there are no rows; of each row only what `.proplist` names is sent. `raw` is sent as it is, and
 * the connection ended behind it where there is an `ending`.
 * "fin" and "reset" end the connection; "mute" never answers.
 */
export type Reply =
  | { readonly rows: readonly FakeRow[]; readonly trap?: Trap; readonly done?: FakeRow }
  | { readonly trap: Trap }
  | { readonly fatal: string }
  | { readonly raw: Buffer | ((tag: Word | undefined) => Buffer); readonly ending?: "fin" | "reset" }
  | "mute"
  | "fin"
  | "reset";

export interface RouterosServerOptions {
  readonly user: string;
  readonly password: string;
  /** Its own certificate, or none at all: anonymous Diffie-Hellman, TLS 1.2, as a router without a certificate has. */
  readonly tls?: { readonly key: string; readonly cert: string } | "anonymous";
  /** As before 6.43: a challenge, and its answer. */
  readonly legacyLogin?: boolean;
  /** Says `!empty` where there are no rows, as 7.18 and later do. Default true. */
  readonly saysEmpty?: boolean;
  /** Where `.tag` stands in a reply: behind the first word (default) or at the end. */
  readonly tagLast?: boolean;
  /** How each answer is cut: bytes a segment, or the pieces themselves. */
  readonly chunk?: number | ((answer: Buffer) => readonly Buffer[]);
  /** Answers `/cancel` by ending the other command as "interrupted". False: it takes no notice. Default true. */
  readonly cancels?: boolean;
  /** What happens to a connection before any command; the default is to serve it. Bytes are sent, then it serves. */
  readonly accept?: (connection: number) => "serve" | "mute" | "fin" | "reset" | Buffer;
  /** Instead of the check of user and password; undefined: the check. */
  readonly login?: (command: Command) => Reply | undefined;
  /** A promise makes a late answer: it is sent also when the command was cancelled where `cancels` is false. */
  readonly answer: (command: Command) => Reply | Promise<Reply>;
}

export interface RouterosServer {
  readonly port: number;
  /** All that came, logins among them. */
  readonly commands: readonly Command[];
  /** Bytes of each arrival, so that a test can see how a sentence was written. */
  readonly arrivals: readonly number[];
  /** Open connections now, and all that ever were. */
  readonly open: number;
  readonly accepted: number;
  /** Ends all connections that there are. */
  drop(how: "fin" | "reset"): void;
  /** Bytes to all connections that there are, unasked. */
  send(bytes: Buffer): void;
  close(): Promise<void>;
}

/** Anonymous suites of TLS 1.2, the ones that a RouterOS without a certificate offers. */
const anonymousCiphers = "ADH-AES256-SHA256:AECDH-AES128-SHA:ADH-AES256-SHA:@SECLEVEL=0";

/** A router's API on a port of the loopback: framing, login, tags, traps and all the ways to fail. It knows no menu. */
export async function startRouterosServer(options: RouterosServerOptions): Promise<RouterosServer> {
  // Below TLS, and above it.
  const sockets = new Set<Socket>();
  const served = new Set<Socket>();
  const log = { commands: [] as Command[], arrivals: [] as number[], accepted: 0 };
  const welcome = (socket: Socket) => {
    log.accepted += 1;
    served.add(socket);
    socket.once("close", () => served.delete(socket));
    const first = options.accept?.(log.accepted) ?? "serve";
    if (first === "fin" || first === "reset") return end(socket, first);
    if (Buffer.isBuffer(first)) socket.write(first);
    if (first === "mute") return void socket.resume();
    serve(socket, options, log);
  };
  const track = (socket: Socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("error", () => undefined);
    socket.once("close", () => sockets.delete(socket));
  };
  const server =
    options.tls === undefined
      ? createServer(welcome)
      : createTlsServer(
          options.tls === "anonymous"
            ? { ciphers: anonymousCiphers, maxVersion: "TLSv1.2", minVersion: "TLSv1.2", dhparam: "auto" }
            : options.tls,
          (socket) => {
            socket.on("error", () => undefined);
            welcome(socket);
          },
        );
  server.on("connection", track);
  server.on("tlsClientError", () => undefined);
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    commands: log.commands,
    arrivals: log.arrivals,
    get open() {
      return sockets.size;
    },
    get accepted() {
      return log.accepted;
    },
    drop: (how) => {
      for (const socket of how === "reset" ? sockets : served) end(socket, how);
    },
    send: (bytes) => {
      for (const socket of served) socket.write(bytes);
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

interface Session {
  readonly socket: Socket;
  readonly options: RouterosServerOptions;
  readonly waiting: Map<string, () => void>;
  loggedIn: boolean;
  challenge: Buffer;
  sending: Promise<void>;
}

function serve(socket: Socket, options: RouterosServerOptions, log: { commands: Command[]; arrivals: number[] }): void {
  const read = sentenceReader();
  const session: Session = {
    socket,
    options,
    waiting: new Map(),
    loggedIn: false,
    challenge: randomBytes(16),
    sending: Promise.resolve(),
  };
  socket.on("data", (bytes) => {
    log.arrivals.push(bytes.length);
    for (const words of read(bytes)) {
      const command = readCommand(words);
      log.commands.push(command);
      handle(session, command).catch((error) => socket.destroy(error));
    }
  });
}

function readCommand(words: readonly Buffer[]): Command {
  const [path = "", ...rest] = words.map((word) => word.toString("utf8"));
  const pairs = rest.filter((word) => word.startsWith("=")).map(pairOf);
  const { ".proplist": proplist, ...attributes } = Object.fromEntries(pairs);
  const tag = rest.find((word) => word.startsWith(".tag="))?.slice(5);
  return {
    path,
    attributes,
    queries: rest.filter((word) => word.startsWith("?")).map((word) => word.slice(1)),
    properties: proplist === undefined ? [] : proplist.split(","),
    words,
    ...(tag === undefined ? {} : { tag }),
  };
}

function pairOf(word: string): [string, string] {
  const equals = word.indexOf("=", 1);
  return equals < 0 ? [word.slice(1), ""] : [word.slice(1, equals), word.slice(equals + 1)];
}

async function handle(session: Session, command: Command): Promise<void> {
  const { options, waiting } = session;
  if (command.path === "/login") return await send(session, command, login(session, command));
  if (!session.loggedIn) return await send(session, command, { fatal: "not logged in" });
  if (command.path === "/cancel") return await cancel(session, command);
  const reply = options.answer(command);
  if (!(reply instanceof Promise)) return await send(session, command, reply);
  // Only the first of the two is sent: what was cancelled is over.
  const cancelled = new Promise<"cancelled">((resolve) => {
    if (command.tag !== undefined) waiting.set(command.tag, () => resolve("cancelled"));
  });
  const outcome = await Promise.race([reply, cancelled]);
  if (command.tag !== undefined) waiting.delete(command.tag);
  await send(session, command, outcome === "cancelled" ? interrupted : outcome);
}

/** What a cancelled command ends with; its category is from memory. */
const interrupted: Reply = { trap: { category: 2, message: "interrupted" } };

async function cancel(session: Session, command: Command): Promise<void> {
  if (session.options.cancels === false) return;
  const stop = session.waiting.get(command.attributes["tag"] ?? "");
  stop?.();
  await new Promise((resolve) => setImmediate(resolve));
  const unknown: Reply = { trap: { message: "unknown tag" } };
  await send(session, command, stop === undefined ? unknown : { rows: [], done: {} });
}

function login(session: Session, command: Command): Reply {
  const { options, challenge } = session;
  const own = options.login?.(command);
  if (own !== undefined) return own;
  const { name, password, response } = command.attributes;
  if (options.legacyLogin === true && response === undefined)
    return { rows: [], done: { ret: challenge.toString("hex") } };
  const digest = createHash("md5")
    .update(Buffer.of(0))
    .update(options.password, "utf8")
    .update(challenge)
    .digest("hex");
  const right = options.legacyLogin === true ? response === `00${digest}` : password === options.password;
  session.loggedIn = name === options.user && right;
  return session.loggedIn ? { rows: [], done: {} } : { trap: { message: "invalid user name or password (6)" } };
}

async function send(session: Session, command: Command, reply: Reply): Promise<void> {
  if (reply === "mute") return;
  if (reply === "fin" || reply === "reset") {
    await session.sending;
    return end(session.socket, reply);
  }
  const bytes = encodeReply(session.options, command, reply);
  session.sending = session.sending.then(() => writeCut(session.socket, bytes, session.options.chunk));
  await session.sending;
  if ("fatal" in reply) end(session.socket, "fin");
  if ("raw" in reply && reply.ending !== undefined) end(session.socket, reply.ending);
}

function encodeReply(options: RouterosServerOptions, command: Command, reply: Exclude<Reply, string>): Buffer {
  const tag = command.tag === undefined ? [] : [`.tag=${command.tag}`];
  if ("raw" in reply) return Buffer.isBuffer(reply.raw) ? reply.raw : reply.raw(tag[0]);
  // The reason is a bare word without a tag (from memory).
  if ("fatal" in reply) return encodeSentence(["!fatal", reply.fatal]);
  const sentence = (word: string, row: FakeRow) => {
    const pairs = Object.entries(row).map(([name, value]) => pairWord(name, value));
    return encodeSentence(options.tagLast === true ? [word, ...pairs, ...tag] : [word, ...tag, ...pairs]);
  };
  const { rows, done = {} } = "rows" in reply ? reply : { rows: [] };
  const shown = command.properties.length === 0 ? rows : rows.map((row) => only(row, command.properties));
  const says = [...shown.map((row) => sentence("!re", row))];
  const { trap } = reply;
  const category = trap?.category;
  if (trap !== undefined)
    says.push(
      sentence("!trap", { ...(category === undefined ? {} : { category: `${category}` }), message: trap.message }),
    );
  else if (rows.length === 0 && command.path.endsWith("/print") && options.saysEmpty !== false)
    says.push(sentence("!empty", {}));
  return Buffer.concat([...says, sentence("!done", done)]);
}

function pairWord(name: string, value: Word): Word {
  return typeof value === "string" ? `=${name}=${value}` : Buffer.concat([Buffer.from(`=${name}=`), value]);
}

function only(row: FakeRow, properties: readonly string[]): FakeRow {
  return Object.fromEntries(Object.entries(row).filter(([name]) => properties.includes(name)));
}

/** Each piece in a turn of the event loop of its own: a reader in the same process gets it alone. */
async function writeCut(socket: Socket, bytes: Buffer, chunk: RouterosServerOptions["chunk"]): Promise<void> {
  if (chunk === undefined) return void socket.write(bytes);
  for (const piece of typeof chunk === "number" ? cutEvenly(bytes, chunk) : chunk(bytes)) {
    socket.write(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function cutEvenly(bytes: Buffer, size: number): Buffer[] {
  const count = Math.ceil(bytes.length / size);
  return Array.from({ length: count }, (_, n) => bytes.subarray(n * size, (n + 1) * size));
}

function end(socket: Socket, how: "fin" | "reset"): void {
  if (how === "fin") socket.end();
  else if (socket instanceof TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}

import type { LookupFunction, Socket } from "node:net";
import type { Clock } from "../../lib/clock.ts";
import { type Deadline, withDeadline } from "../../lib/deadline.ts";
import { splitHostPort } from "../../lib/host-port.ts";
import { type RouterAccess, SourceError, type TlsMode } from "../source.ts";
import { createTextCodec, isCodePage } from "./code-page.ts";
import { routersWords, type Stage, sourceError, type Where } from "./errors.ts";
import type { CommandAnswer, Trap } from "./wire/channel.ts";
import { WireFailure } from "./wire/failure.ts";
import { logIn } from "./wire/login.ts";
import { type Session, startSession } from "./wire/session.ts";
import { openTcp, type SocketTarget, secure, wantsTls } from "./wire/socket.ts";

/** Keys as the router sends them (`.id`, `mac-address`), values as text. */
export type RouterosRow = Readonly<Record<string, string>>;

/** `absent`: this router has no such menu; `denied`: the user may not see it. */
export type MenuAnswer = { readonly rows: readonly RouterosRow[] } | { readonly missing: "absent" | "denied" };

/** How to get into a RouterOS. `code_page` is for text that is not UTF-8. */
export interface RouterosAccess extends RouterAccess {
  readonly username: string;
  readonly tls: TlsMode | "anonymous";
  readonly code_page: string;
}

/** A session on a router's API. */
export interface RouterosClient {
  /** Rows of `<menu>/print`, each with no more than `properties` (empty: all). Rejects with `SourceError`. */
  print(menu: string, properties: readonly string[], signal: AbortSignal): Promise<MenuAnswer>;
  /** False once the connection is lost or closed: open another. */
  readonly alive: boolean;
  /** Ends the connection at once; what waits for an answer rejects. */
  close(): Promise<void>;
}

/** What opening takes beside the access. */
export interface OpenParts {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** PEM; instead of the system's authorities. */
  readonly ca?: string;
  readonly lookup?: LookupFunction;
}

/** For connection, handshake and login together. */
const openMs = 10_000;
/** To find out whether a port that ends the connection wants TLS. */
const handshakeMs = 3_000;
/** For one menu: an old router takes seconds for thousands of leases. */
const printMs = 15_000;

/** Connects and logs in. Rejects with `SourceError`; then nothing is left open. */
export async function openRouteros(access: RouterosAccess, parts: OpenParts): Promise<RouterosClient> {
  const { clock, signal } = parts;
  if (!isCodePage(access.code_page))
    throw new SourceError("protocol", `${access.name} has a code_page that is not known: set one such as windows-1252`);
  const where = whereOf(access);
  const progress: { stage: Stage } = { stage: "connect" };
  try {
    const session = await withDeadline({ clock, timeoutMs: openMs, signal }, async (deadline) => {
      try {
        return await open({ access, where, parts, progress }, deadline);
      } catch (error) {
        throw deadline.expired() && isAborted(error) ? new WireFailure("timeout", "") : error;
      }
    });
    return clientOn(session, { where, clock });
  } catch (error) {
    throw sourceError(error, { where, stage: progress.stage });
  }
}

interface Opening {
  readonly access: RouterosAccess;
  readonly where: Where;
  readonly parts: OpenParts;
  readonly progress: { stage: Stage };
}

async function open({ access, where, parts, progress }: Opening, { signal }: Deadline): Promise<Session> {
  const codec = createTextCodec(access.code_page);
  const target = { ...parts, ...where, fingerprint: access.fingerprint };
  const socket = await openSocket(target, { signal, progress });
  progress.stage = "login";
  const session = startSession(socket, codec);
  try {
    await logIn(session, { ...access, codec }, { clock: parts.clock, timeoutMs: openMs, signal });
    return session;
  } catch (error) {
    session.close();
    const suspect = brokenOff(error) && where.tls === "off";
    const limits = { clock: parts.clock, timeoutMs: handshakeMs, signal };
    if (suspect && (await withDeadline(limits, (short) => wantsTls(target, short.signal))))
      throw new WireFailure("foreign", "TLS");
    throw error;
  }
}

function isAborted(error: unknown): boolean {
  return error instanceof WireFailure && error.kind === "aborted";
}

function brokenOff(error: unknown): boolean {
  return error instanceof WireFailure && (error.kind === "closed" || error.kind === "lost");
}

async function openSocket(
  target: SocketTarget,
  { signal, progress }: { signal: AbortSignal; progress: { stage: Stage } },
): Promise<Socket> {
  const tcp = await openTcp(target, signal);
  if (target.tls === "off") return tcp;
  progress.stage = "tls";
  return await secure(tcp, target, signal);
}

function clientOn(session: Session, { where, clock }: { where: Where; clock: Clock }): RouterosClient {
  return {
    get alive() {
      return session.alive;
    },
    print: async (menu, properties, signal) => {
      const words = [`${menu}/print`, ...(properties.length === 0 ? [] : [`=.proplist=${properties.join(",")}`])];
      try {
        return menuAnswer(await session.run(words, { clock, timeoutMs: printMs, signal }), { menu, where });
      } catch (error) {
        throw sourceError(error, { where, stage: "print" });
      }
    },
    close: async () => session.close(),
  };
}

/** "no such command", "no such command prefix", "no such command or directory (caps-man)": all mean that there is none. */
const absent = /no such command/i;
/** "not enough permissions (9)". */
const denied = /not enough permission|permission denied|not permitted/i;

function menuAnswer({ rows, traps }: CommandAnswer, { menu, where }: { menu: string; where: Where }): MenuAnswer {
  const [trap] = traps;
  if (trap === undefined) return { rows };
  if (traps.some(({ message }) => absent.test(message))) return { missing: "absent" };
  if (traps.some(({ message }) => denied.test(message))) return { missing: "denied" };
  throw new SourceError("protocol", `${where.name} answers ${menu} with ${trapText(trap, where)}`);
}

/** By MikroTik's API page, "Error category". */
const categories = [
  "missing item or command",
  "argument value",
  "interrupted",
  "scripting",
  "general",
  "API",
  "TTY",
  "return value",
];

function trapText({ category, message }: Trap, where: Where): string {
  const name = category === undefined ? undefined : categories[category];
  return `${routersWords(message, where)}${name === undefined ? "" : ` (${name})`}`;
}

function whereOf({ name, host, tls, password }: RouterosAccess): Where {
  return { name, tls, password, ...splitHostPort(host, tls === "off" ? 8728 : 8729) };
}

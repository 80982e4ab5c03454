import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";
import { errorCode } from "../../lib/network-error.ts";
import { slug } from "../../lib/slug.ts";
import type { ClientSighting } from "../../model/devices/sighting.ts";
import { type Heard, type ListeningSource, SourceError, type SourceParts } from "../source.ts";
import { parseMacupd } from "./macupd-line.ts";

/** Where to listen, and to whom. */
export interface MacupdOptions {
  /** An address of this machine, IPv4 or IPv6. */
  readonly host: string;
  readonly port: number;
  /** Who may report: names by address. Asked at most once a second, as the gateway may change. */
  senders(): ReadonlyMap<string, string>;
}

/** A router sends a datagram a client, all in one go: what comes within this time of the first is one reading. */
const burstMs = 50;
/** Lines of one second, from known senders. A thousand clients make a thousand; more is a flood or a loop. */
const mostPerSecond = 2_000;
const mostStrangers = 100;

/**
 * Hears the reports of DD-WRT's macupd (Services → RFlow / MACupd; UDP 2056, by default each 10 s). There is no report of a leave, so
 * a reading is `partial`. UDP is easily forged: only addresses of `senders` count, others are named once in the log. Each line
 * of a datagram is one sighting of `clients`, also of one client twice, so that what counts packets can.
 */
export function createMacupdSource(options: MacupdOptions, parts: SourceParts): ListeningSource {
  return { listen: (heard, signal) => listen({ ...options, ...parts }, heard, signal) };
}

type Listener = MacupdOptions & SourceParts;

function listen(listener: Listener, heard: Heard, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const socket = createSocket(isIPv6(listener.host) ? "udp6" : "udp4");
    const ears = createEars(listener, heard);
    const end = (error?: SourceError) => {
      signal.removeEventListener("abort", stop);
      // An error that comes after this one has nobody left to hear it.
      socket.removeAllListeners("error").on("error", () => undefined);
      close(socket, () => (error === undefined ? resolve() : reject(error)));
      ears.close();
    };
    const stop = () => end();
    signal.addEventListener("abort", stop, { once: true });
    socket.once("error", (error) => end(listenError(listener, error)));
    socket.on("message", (datagram, from) => ears.hear(datagram, from));
    socket.bind({ address: listener.host, port: listener.port }, () =>
      listener.log.info("listening for reports of routers", { address: listener.host, port: socket.address().port }),
    );
  });
}

function close(socket: Socket, done: () => void): void {
  socket.removeAllListeners("message");
  try {
    socket.close(done);
  } catch {
    // A socket that could not be bound may be closed already.
    done();
  }
}

function createEars({ senders, clock, log }: Listener, heard: Heard) {
  const bursts = new Map<string, { readonly clients: ClientSighting[]; readonly cancel: () => void }>();
  const strangers = new Set<string>();
  let known: ReadonlyMap<string, string> = new Map();
  let second = Number.NEGATIVE_INFINITY;
  let heardThisSecond = 0;
  let flooding = false;
  let dropped = 0;
  let ignored = 0;

  const startSecond = () => {
    const now = clock.monotonic();
    if (now - second < 1_000) return;
    if (flooding && heardThisSecond < mostPerSecond) {
      flooding = false;
      log.info("the flood of reports is over", { dropped });
    }
    second = now;
    heardThisSecond = 0;
    known = new Map([...senders()].map(([address, name]) => [plainAddress(address), name]));
  };
  const stranger = (address: string) => {
    ignored += 1;
    if (strangers.has(address) || strangers.size >= mostStrangers) return;
    strangers.add(address);
    log.warn("reports from an address that is not among macupd.senders are ignored", { address });
    if (strangers.size === mostStrangers) log.warn("more senders of ignored reports are not named", { ignored });
  };
  const overflow = () => {
    dropped += 1;
    if (flooding) return;
    flooding = true;
    log.warn("more reports than routers send: the rest of each second is dropped", { mostPerSecond });
  };
  const flush = (name: string) => {
    const burst = bursts.get(name);
    bursts.delete(name);
    burst?.cancel();
    if (burst !== undefined)
      heard.reading({ clients: burst.clients, coverage: "partial", part: { id: slug(name), name } });
  };
  const sighted = (name: string, client: ClientSighting) => {
    const burst = bursts.get(name) ?? { clients: [], cancel: clock.after(burstMs, () => flush(name)) };
    burst.clients.push(client);
    bursts.set(name, burst);
  };
  return {
    hear: (datagram: Uint8Array, from: RemoteInfo) => {
      startSecond();
      const address = plainAddress(from.address);
      const name = known.get(address);
      if (name === undefined) return stranger(address);
      if (heardThisSecond >= mostPerSecond) return overflow();
      const lines = parseMacupd(datagram);
      heardThisSecond += lines.length;
      for (const line of lines) {
        if (line.kind === "client") sighted(name, line.client);
        if (line.kind === "bad") heard.rejected(address, line.text);
      }
    },
    /** What was heard is told; nothing waits any more. */
    close: () => {
      for (const name of [...bursts.keys()]) flush(name);
      if (ignored + dropped > 0) log.info("reports that did not count", { ignored, dropped });
    },
  };
}

/** One spelling for an address: a socket for both families names IPv4 as `::ffff:…`, a link-local one ends with its zone. */
function plainAddress(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const bare = address.replace(/%.*$/, "");
  return isIPv6(bare) ? new URL(`http://[${bare}]`).hostname.slice(1, -1) : bare;
}

function listenError({ host, port }: Listener, error: Error): SourceError {
  const code = errorCode(error);
  const place = `UDP port ${port} of ${host}`;
  switch (code) {
    case "EADDRINUSE":
      return new SourceError(
        "refused",
        `${place} is taken by another program: stop that one (an old macupd_tracker?) or set macupd.port`,
      );
    case "EACCES":
    case "EPERM":
      return new SourceError("refused", `This program may not listen on ${place}: set macupd.port to 1024 or more`);
    case "EADDRNOTAVAIL":
      return new SourceError("unreachable", `This machine has no address ${host}: set macupd.host to 0.0.0.0`);
    default:
      return new SourceError("unreachable", `Listening on ${place} failed (${code})`, { cause: error });
  }
}

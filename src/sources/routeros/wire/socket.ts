import { connect as connectTcp, isIP, type LookupFunction, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from "node:tls";
import type { HostPort } from "../../../lib/host-port.ts";
import { errorCode } from "../../../lib/network-error.ts";
import { WireFailure } from "./failure.ts";

export type RouterosTls = "off" | "verify" | "pin" | "insecure" | "anonymous";

export interface SocketTarget extends HostPort {
  readonly tls: RouterosTls;
  /** For `pin`: SHA-256, hex with or without colons. */
  readonly fingerprint: string;
  /** PEM; instead of the system's authorities. */
  readonly ca?: string;
  readonly lookup?: LookupFunction;
}

/** TCP alone, or with TLS on top of it. Rejects with a `WireFailure`: "connect", "pin" or "aborted". */
export async function openTcp({ host, port, lookup }: SocketTarget, signal: AbortSignal): Promise<Socket> {
  const socket = connectTcp({
    host,
    port,
    // The default of 250 ms gives up a good address on a slow line as soon as there is a second one.
    autoSelectFamilyAttemptTimeout: 1_000,
    ...(lookup === undefined ? {} : { lookup }),
  });
  await opened(socket, "connect", signal);
  return socket;
}

/** The handshake, and the check of who is at the other end: nothing was sent to an impostor when this rejects. */
export async function secure(tcp: Socket, target: SocketTarget, signal: AbortSignal): Promise<Socket> {
  const { host, tls, fingerprint } = target;
  const servername = isIP(host) === 0 ? { servername: host } : {};
  const socket = connectTls({ socket: tcp, host, ...servername, ...trust(target) });
  try {
    await opened(socket, "secureConnect", signal);
    if (tls === "pin") requirePinned(socket, fingerprint);
    return socket;
  } catch (error) {
    socket.destroy();
    tcp.destroy();
    throw error;
  }
}

/** Tries a handshake, for a port that ends plain connections without a word. Nothing secret is sent. */
export async function wantsTls(target: SocketTarget, signal: AbortSignal): Promise<boolean> {
  try {
    const socket = await secure(await openTcp(target, signal), { ...target, tls: "insecure" }, signal);
    socket.destroy();
    return true;
  } catch (error) {
    // An alert is TLS too: a router without a certificate has no suite in common with us.
    return error instanceof WireFailure && /ALERT|HANDSHAKE_FAILURE/.test(errorCode(error.cause));
  }
}

/**
 * A router that has no certificate offers these only, in TLS 1.2 at most. OpenSSL counts suites without a certificate among
 * those of level 0.
 */
const anonymousSuites = "ADH-AES256-SHA256:AECDH-AES256-SHA:ADH-AES256-SHA:AECDH-AES128-SHA:ADH-AES128-SHA:@SECLEVEL=0";

function trust({ tls, ca }: SocketTarget): ConnectionOptions {
  if (tls === "anonymous") return { ciphers: anonymousSuites, maxVersion: "TLSv1.2", rejectUnauthorized: false };
  if (tls !== "verify") return { rejectUnauthorized: false };
  return ca === undefined ? {} : { ca };
}

function requirePinned(socket: TLSSocket, fingerprint: string): void {
  const found = socket.getPeerCertificate().fingerprint256 ?? "";
  if (found === "" || plain(found) !== plain(fingerprint)) throw new WireFailure("pin", found);
}

function plain(fingerprint: string): string {
  return fingerprint.replaceAll(/[^0-9a-f]/gi, "").toLowerCase();
}

function opened(socket: Socket, event: "connect" | "secureConnect", signal: AbortSignal): Promise<void> {
  // For good: an error that nobody listens to ends the process, and one may come between two owners of the socket.
  socket.on("error", () => undefined);
  return new Promise((resolve, reject) => {
    const finish = (failure?: WireFailure) => {
      signal.removeEventListener("abort", stop);
      socket.removeListener(event, done);
      socket.removeListener("error", broken);
      socket.removeListener("close", closed);
      if (failure === undefined) return resolve();
      socket.destroy();
      reject(failure);
    };
    const done = () => finish();
    const stop = () => finish(new WireFailure("aborted", ""));
    const broken = (cause: Error) => finish(new WireFailure("connect", "", { cause }));
    const closed = () => finish(new WireFailure("closed", ""));
    socket.once(event, done);
    socket.once("error", broken);
    socket.once("close", closed);
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
  });
}

import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Clock } from "../lib/clock.ts";
import { withDeadline } from "../lib/deadline.ts";
import { errorCode } from "../lib/network-error.ts";

/** What a port says: does it accept, and does it speak TLS. `tls` absent: not asked. */
export interface TcpAnswer {
  readonly tcp: boolean;
  readonly tls?: boolean;
  readonly connectMs?: number;
  /** Why not, for people. */
  readonly detail?: string;
}

interface Asked {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
}

const tcpMs = 3_000;
const tlsMs = 5_000;

/** Opens a connection and, if asked to, shakes hands by TLS without judging the certificate. Never rejects. */
export async function askTcp(
  { host, port, tls }: Asked,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<TcpAnswer> {
  const attempt = (timeoutMs: number, open: (stop: AbortSignal) => Promise<Socket>) =>
    withDeadline({ clock, timeoutMs, signal }, async (deadline): Promise<string | undefined> => {
      try {
        (await open(deadline.signal)).destroy();
        return undefined;
      } catch (error) {
        return deadline.expired() ? `no answer within ${timeoutMs / 1_000} s` : errorCode(error);
      }
    });
  const startedAt = clock.monotonic();
  const tcpFailure = await attempt(tcpMs, (stop) => opened(connectTcp({ host, port, signal: stop }), "connect"));
  if (tcpFailure !== undefined) return { tcp: false, detail: tcpFailure };
  const connectMs = Math.round((clock.monotonic() - startedAt) * 1_000) / 1_000;
  if (!tls) return { tcp: true, connectMs };
  const tlsFailure = await attempt(tlsMs, (stop) => handshake({ host, port }, stop));
  return {
    tcp: true,
    tls: tlsFailure === undefined,
    connectMs,
    ...(tlsFailure === undefined ? {} : { detail: tlsFailure }),
  };
}

function handshake({ host, port }: Omit<Asked, "tls">, signal: AbortSignal): Promise<Socket> {
  const raw = connectTcp({ host, port, signal });
  // Whose certificate it is says nothing of whether the way is open.
  const socket = connectTls({ socket: raw, rejectUnauthorized: false });
  raw.on("error", (error) => socket.destroy(error));
  return opened(socket, "secureConnect");
}

function opened(socket: Socket, event: "connect" | "secureConnect"): Promise<Socket> {
  return new Promise((resolve, reject) => {
    socket.once(event, () => resolve(socket));
    // Not `once`: a second error of a socket that is being destroyed must not end the program.
    socket.on("error", reject);
    socket.once("close", () => reject(Object.assign(new Error("closed"), { code: "ECONNRESET" })));
  });
}

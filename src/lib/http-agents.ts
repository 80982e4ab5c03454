import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { LookupFunction } from "node:net";
import type { Duplex } from "node:stream";
import { type ConnectionOptions, connect, type TLSSocket } from "node:tls";

/** How a server proves who it is. `pin`: by the SHA-256 fingerprint of its certificate, hex with or without colons. */
type TlsTrust =
  | { readonly mode: "verify" /** PEM; instead of the system's authorities. */; readonly ca?: string }
  | { readonly mode: "insecure" }
  | { readonly mode: "pin"; readonly fingerprint: string };

export interface AgentOptions {
  readonly tls: TlsTrust;
  readonly keepAlive: boolean;
  readonly lookup: LookupFunction;
}

/** The connections of one client: they share nothing with those of any other. */
interface Agents {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
  close(): void;
}

/** Sockets are bounded, and each handshake is a whole one: a resumed session would skip the check of the certificate. */
export function createAgents({ tls, keepAlive, lookup }: AgentOptions): Agents {
  const common = {
    keepAlive,
    lookup,
    maxSockets: 16,
    maxFreeSockets: 4,
    // The default of 250 ms gives up a good address on a slow line as soon as there is a second one.
    autoSelectFamilyAttemptTimeout: 1_000,
  };
  const http = new HttpAgent(common);
  const secure = { ...common, maxCachedSessions: 0, ...verification(tls) };
  const https = tls.mode === "pin" ? new PinnedAgent(secure, tls.fingerprint) : new HttpsAgent(secure);
  return {
    http,
    https,
    close: () => {
      http.destroy();
      https.destroy();
    },
  };
}

function verification(tls: TlsTrust): ConnectionOptions {
  if (tls.mode === "verify") return tls.ca === undefined ? {} : { ca: tls.ca };
  return { rejectUnauthorized: false };
}

/** Hands a connection out only after the certificate was compared, so nothing secret goes to an impostor. */
class PinnedAgent extends HttpsAgent {
  readonly #fingerprint: string;
  /** Before it is handed out nobody else ends a connection: neither the request's abort nor the agent's own end. */
  readonly #underWay = new Set<TLSSocket>();

  constructor(options: ConstructorParameters<typeof HttpsAgent>[0], fingerprint: string) {
    super(options);
    this.#fingerprint = plain(fingerprint);
  }

  override createConnection(
    options: ConnectionOptions,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    const socket = connect(options);
    this.#underWay.add(socket);
    const end = (error: Error | null) => {
      if (!this.#underWay.delete(socket)) return;
      socket.setTimeout(0);
      if (error !== null) socket.destroy();
      callback?.(error, socket);
    };
    socket.setTimeout(longestHandshakeMs, () => end(failure("ETIMEDOUT")));
    socket.once("error", end);
    socket.once("close", () => end(failure("ECONNRESET")));
    socket.once("secureConnect", () => {
      const pinned = plain(socket.getPeerCertificate().fingerprint256 ?? "") === this.#fingerprint;
      end(pinned ? null : failure("ERR_TLS_CERT_PIN"));
    });
  }

  override destroy(): void {
    for (const socket of this.#underWay) socket.destroy();
    super.destroy();
  }
}

const longestHandshakeMs = 20_000;

function failure(code: string): Error {
  return Object.assign(new Error("no connection to the pinned server"), { code });
}

function plain(fingerprint: string): string {
  return fingerprint.replaceAll(/[^0-9a-f]/gi, "").toLowerCase();
}

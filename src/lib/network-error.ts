/**
 * What a failed connection says. `local`: this machine could not even try (out of sockets, forbidden, family switched off),
 * which says nothing about the network. `unresolved`: the name has no address.
 */
export type NetworkFailure =
  | "timeout"
  | "refused"
  | "unreachable"
  | "reset"
  | "tls"
  | "unresolved"
  | "protocol"
  | "local";

/** Sorts an error of `node:net`, `node:tls`, `node:dgram`, `node:dns` or `node:http`. */
export function networkFailure(error: unknown): NetworkFailure {
  const failures = errorCodes(error).map(failureOfCode);
  return byWeight.find((failure) => failures.includes(failure)) ?? "local";
}

/** The code of an error for people and logs, such as `ECONNREFUSED`; `unknown error` without one. Never its message. */
export function errorCode(error: unknown): string {
  const codes = errorCodes(error);
  return codes.find((code) => failureOfCode(code) === networkFailure(error)) ?? codes[0] ?? "unknown error";
}

/** What came from a peer outweighs what only this machine says: of several addresses tried, one answer is an answer. */
const byWeight: readonly NetworkFailure[] = [
  "tls",
  "refused",
  "reset",
  "protocol",
  "timeout",
  "unreachable",
  "unresolved",
  "local",
];

const known: Readonly<Record<string, NetworkFailure>> = {
  ETIMEDOUT: "timeout",
  ERR_TLS_HANDSHAKE_TIMEOUT: "timeout",
  ECONNREFUSED: "refused",
  EHOSTUNREACH: "unreachable",
  ENETUNREACH: "unreachable",
  EHOSTDOWN: "unreachable",
  ENETDOWN: "unreachable",
  ECONNRESET: "reset",
  ECONNABORTED: "reset",
  ENOTCONN: "reset",
  EPIPE: "reset",
  ERR_STREAM_PREMATURE_CLOSE: "reset",
  EPROTO: "tls",
  DEPTH_ZERO_SELF_SIGNED_CERT: "tls",
  SELF_SIGNED_CERT_IN_CHAIN: "tls",
  HOSTNAME_MISMATCH: "tls",
  INVALID_CA: "tls",
  PATH_LENGTH_EXCEEDED: "tls",
  INVALID_PURPOSE: "tls",
  ENOTFOUND: "unresolved",
  ENODATA: "unresolved",
  ERR_BAD_RESPONSE: "protocol",
};

function failureOfCode(code: string): NetworkFailure {
  const exact = known[code];
  if (exact !== undefined) return exact;
  if (code.startsWith("EAI_")) return "unresolved";
  if (/^(CERT_|CRL_|UNABLE_TO_|ERROR_IN_|ERR_SSL_|ERR_TLS_)/.test(code)) return "tls";
  // The parsers of HTTP and of compressed bodies. Whatever else goes wrong is ours: EMFILE, EADDRNOTAVAIL, EPERM, a bug.
  return /^(HPE_|Z_)/.test(code) ? "protocol" : "local";
}

function errorCodes(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.flatMap(errorCodes);
  if (error.cause instanceof Error) {
    const inner = errorCodes(error.cause);
    if (inner.length > 0) return inner;
  }
  const code = "code" in error ? error.code : undefined;
  return typeof code === "string" ? [code] : [];
}

import { HttpError } from "../../lib/http.ts";
import { SourceError } from "../source.ts";

/** Sorts what a request ended with. `router` is what people call it; nothing of the request itself gets into the message. */
export function failureOf(error: unknown, router: string): unknown {
  if (!(error instanceof HttpError)) return error;
  const { code, detail, status } = error;
  const fail = (...[kind, what]: [SourceError["code"], string]) =>
    new SourceError(kind, `${router} ${what}`, { cause: error });
  switch (code) {
    case "timeout":
      return fail("timeout", status === undefined ? "gave no answer in time" : "began an answer that never ended");
    case "aborted":
      return fail("timeout", "was given no more time to answer");
    case "refused":
      return fail("refused", `refused the connection (${detail}): is the address right, and the web page switched on?`);
    case "unreachable":
      return fail("unreachable", `can't be reached (${detail})`);
    case "unresolved":
      return fail("unreachable", `has a name that could not be resolved (${detail})`);
    case "local":
      return fail("unreachable", `could not be asked (${detail})`);
    case "reset":
      if (status !== undefined) return fail("protocol", `cut its answer off (${detail})`);
      return fail("unreachable", `closed the connection without an answer (${detail})`);
    case "tls":
      return fail("tls", tlsAdvice[detail] ?? `could not be spoken to over TLS (${detail}): is "tls" right for it?`);
    case "too_large":
      return fail("protocol", `gave an answer of ${detail}`);
    case "protocol":
      return fail("protocol", `gave an answer that is not HTTP (${detail}): is "tls" right for it?`);
  }
}

const tlsAdvice: Readonly<Record<string, string>> = {
  ERR_TLS_CERT_PIN: 'has a certificate that is not the one of "fingerprint": a new one, or another machine?',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'has a self-signed certificate: set "tls" to "pin" with its fingerprint',
};

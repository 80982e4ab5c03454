import type { LookupFunction } from "node:net";
import type { Clock } from "../lib/clock.ts";
import { createHttpClient, HttpError, type HttpResponse } from "../lib/http.ts";
import { createResolve, lookupFrom } from "../lib/resolve.ts";
import type { ProbeFailure, ProbeOutcome } from "../model/types.ts";
import type { Probe } from "./probe.ts";

const mostBytes = 65_536;

/**
 * Fetches a page on a connection of its own, so that each probe measures name, path and certificate anew. `rttMs` is the time to
 * the response's headers. Nothing is followed: a network that wants a login answers with a redirect and then with "200 OK".
 */
export function createHttpProbe({
  clock,
  lookup,
  ca,
}: {
  readonly clock: Clock;
  readonly lookup?: LookupFunction;
  /** PEM of the only authorities to trust; default: the system's. */
  readonly ca?: string;
}): Probe<"http"> {
  const client = createHttpClient({
    keepAlive: false,
    maxRedirects: 0,
    cookies: "ignore",
    tls: ca === undefined ? { mode: "verify" } : { mode: "verify", ca },
    lookup: lookupFrom(createResolve(lookup)),
  });
  return async ({ url, expect }, { timeoutMs, signal }) => {
    if (!/^https?:$/.test(protocolOf(url))) return fail("internal", "not a web address");
    const headers = { "Accept-Encoding": "identity", "Cache-Control": "no-cache" };
    try {
      const request = { url, headers, maxBytes: mostBytes, longer: "cut" as const };
      const response = await client.request(request, { clock, timeoutMs, signal });
      return expect === "page" ? judgePage(response) : judgeNoContent(response);
    } catch (error) {
      return error instanceof HttpError ? judgeError(error) : fail("internal", "the probe itself failed");
    }
  };
}

function judgePage(response: HttpResponse): ProbeOutcome {
  const { status, url, headersMs } = response;
  const ok: ProbeOutcome = { ok: true, rttMs: headersMs, detail: `answered ${status}` };
  // Over TLS only the real server can have said so.
  const isProven = protocolOf(url) === "https:";
  if (status >= 200 && status < 300) return isProven ? ok : (loginIn(response) ?? ok);
  if (status >= 300 && status < 400) {
    if (isProven) return ok;
    const to = redirectHost(response);
    if (to === undefined) return fail("status", `answered ${status}`);
    return bareHost(to) === bareHost(hostOf(url)) ? ok : fail("redirect", `sent to ${to}: a captive portal?`);
  }
  return judgeStatus(status);
}

/** What intercepting networks put into a page in place of a redirect: WISPr's notice for programs, a refresh to another site. */
function loginIn({ body, url }: HttpResponse): ProbeOutcome | undefined {
  const text = Buffer.from(body).toString("latin1");
  if (/<WISPAccessGatewayParam/i.test(text)) return fail("mismatch", "a login page (WISPr) in place of the page");
  const tags = [...text.matchAll(/<meta\b[^>]{1,1000}/gi)].map(([tag]) => tag);
  const tag = tags.find((each) => /\bhttp-equiv\s*=\s*["']?refresh\b/i.test(each));
  const refresh = /\burl\s*=\s*['"]?([^'">\s]+)/i.exec(tag ?? "")?.[1];
  const to = refresh !== undefined && URL.canParse(refresh, url) ? new URL(refresh, url).hostname : undefined;
  if (to === undefined || bareHost(to) === bareHost(hostOf(url))) return undefined;
  return fail("redirect", `sent to ${to} by the page: a captive portal?`);
}

function judgeNoContent(response: HttpResponse): ProbeOutcome {
  const { status, body, headersMs } = response;
  if (status === 204 && body.length === 0) return { ok: true, rttMs: headersMs, detail: "answered 204" };
  if (status >= 300 && status < 400) {
    return fail("redirect", `sent to ${redirectHost(response) ?? "nowhere"}: a captive portal?`);
  }
  if (status >= 200 && status < 300) {
    return fail("mismatch", `answered ${status}, a page where none was expected: a captive portal?`);
  }
  return judgeStatus(status);
}

function judgeStatus(status: number): ProbeOutcome {
  // RFC 6585: never sent by the server asked, only by what intercepts.
  if (status === 511) return fail("mismatch", "answered 511: this network wants a login");
  return fail("status", `answered ${status}`);
}

function judgeError({ code, detail, status, progress }: HttpError): ProbeOutcome {
  switch (code) {
    case "timeout":
      return fail("timeout", stalled(progress, status));
    case "tls":
      return fail("tls", `${certificateFaults[detail] ?? "TLS failed"} (${detail})`);
    case "unresolved":
      return fail("rcode", `name not resolved (${detail})`);
    case "aborted":
      return fail("internal", "stopped");
    case "local":
      return fail("internal", `could not try (${detail})`);
    case "too_large":
      return fail("protocol", detail);
    case "refused":
    case "unreachable":
    case "reset":
    case "protocol":
      return fail(code, `${wording[code]} (${detail})`);
  }
}

/** Where it stalled tells a path that swallows large packets (in TLS, in the body) from a server that hangs. */
function stalled({ stage, receivedBytes }: HttpError["progress"], status: number | undefined): string {
  switch (stage) {
    case "connect":
      return "no connection in time";
    case "tls":
      return "connected, but the TLS handshake stalled";
    case "answer":
      return "connected, but no answer in time";
    case "body":
      return `answered ${status}, then stalled after ${receivedBytes} bytes`;
  }
}

const wording = {
  refused: "connection refused",
  unreachable: "host unreachable",
  reset: "connection reset",
  protocol: "not an HTTP answer",
};

const certificateFaults: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "the certificate has expired",
  CERT_NOT_YET_VALID: "the certificate is not valid yet: is this machine's clock right?",
  DEPTH_ZERO_SELF_SIGNED_CERT: "a self-signed certificate",
  SELF_SIGNED_CERT_IN_CHAIN: "a self-signed certificate in the chain",
  ERR_TLS_CERT_ALTNAME_INVALID: "the certificate is for another host",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "the certificate's issuer is unknown",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "the certificate's issuer is unknown",
  UNABLE_TO_GET_ISSUER_CERT: "the certificate's issuer is unknown",
};

function redirectHost({ headers, url }: HttpResponse): string | undefined {
  const location = headers["location"];
  return location !== undefined && URL.canParse(location, url) ? new URL(location, url).hostname : undefined;
}

function bareHost(host: string): string {
  return host
    .toLowerCase()
    .replace(/\.$/, "")
    .replace(/^www\./, "");
}

function hostOf(url: string): string {
  return new URL(url).hostname;
}

function protocolOf(url: string): string {
  return URL.canParse(url) ? new URL(url).protocol : "";
}

function fail(reason: ProbeFailure, detail: string): ProbeOutcome {
  return { ok: false, reason, detail };
}

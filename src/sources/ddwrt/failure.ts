import { HttpError } from "../../lib/http.ts";
import type { SourceErrorCode } from "../../model/devices/sighting.ts";
import { SourceError } from "../source.ts";

/** What a failed request says of the router: what, and what to do. `place` is its name and address. */
export function requestFailed(place: string, error: unknown): SourceError {
  if (error instanceof SourceError) return error;
  if (!(error instanceof HttpError)) throw error;
  const [code, said] = failures(error);
  return new SourceError(code, `${place} ${said}`, { cause: error });
}

function failures({ code, detail, status }: HttpError): readonly [SourceErrorCode, string] {
  switch (code) {
    case "timeout":
    case "aborted":
      return ["timeout", "did not answer in time"];
    case "refused":
      return ["refused", "refuses the connection: is its web page on (Administration → Management), at this port?"];
    case "tls":
      return ["tls", `can't be trusted (${detail}): check tls and fingerprint, or set tls: off for its http page`];
    case "too_large":
      return ["protocol", "answered a page far too long for DD-WRT: check host"];
    case "protocol":
      return ["protocol", `did not answer as a web server (${detail}): check host and tls`];
    case "reset":
      return status === undefined
        ? ["unreachable", "closed the connection without an answer"]
        : ["protocol", "closed the connection in the middle of a page"];
    case "unresolved":
      return ["unreachable", "has a name without an address: check host"];
    case "unreachable":
    case "local":
      return ["unreachable", `can't be reached (${detail})`];
  }
}

/** What a status other than 200 says. */
export function refusal(place: string, { status, location }: { status: number; location: string }): SourceError {
  if (status === 401) return new SourceError("auth", `${place} refuses the user name or password`);
  if (status === 403) return new SourceError("auth", `${place} forbids its pages to this machine or user`);
  if (status >= 300 && status < 400 && location.startsWith("https:")) {
    return new SourceError("protocol", `${place} only answers encrypted: set tls to pin, verify or insecure`);
  }
  return new SourceError("protocol", `${place} answered ${status} where DD-WRT has its live pages: check host`);
}

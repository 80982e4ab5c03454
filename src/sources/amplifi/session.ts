import { isIPv6 } from "node:net";
import { createHttpClient, type HttpClient } from "../../lib/http.ts";
import { createResolve, lookupFrom } from "../../lib/resolve.ts";
import { type RouterAccess, SourceError, type SourceParts, type TlsMode } from "../source.ts";
import { failureOf } from "./failure.ts";
import { asksForLogin, infoToken, loginToken, type Page } from "./pages.ts";

/** How to reach an AmpliFi: a host and the one password that it has. */
export interface SessionAccess extends RouterAccess {
  readonly tls: TlsMode;
}

/** A login at the router's web pages, and what can be asked with it. All rejects with `SourceError`. */
export interface Session {
  /** What people call the router, in messages. */
  readonly router: string;
  readonly isOpen: () => boolean;
  /** Begins anew, with no cookie of before. */
  open(signal: AbortSignal): Promise<void>;
  /** The list of everything; `undefined`: the session has ended, and is closed now. */
  list(signal: AbortSignal): Promise<readonly unknown[] | undefined>;
  close(): void;
}

/**
 * The web pages' own protocol, undocumented, as several independent clients found it: a token from the login form, the password
 * with it, a second token from `info.php`, the list from `info-async.php`.
 */
export function createSession(access: SessionAccess, { clock }: SourceParts): Session {
  const router = `${access.name} (${access.host})`;
  const origin = originOf(access);
  let http: HttpClient | undefined;
  let token: string | undefined;
  let isOpen = false;

  const close = () => {
    isOpen = false;
    http?.close();
    http = undefined;
    token = undefined;
  };
  const ask = async (request: PageRequest, signal: AbortSignal): Promise<Page> => {
    const { path, form, maxBytes = mostPageBytes } = request;
    const body = form === undefined ? undefined : new URLSearchParams(form).toString();
    const post = { method: "POST", headers: { "Content-Type": "application/x-www-form-urlencoded" } } as const;
    try {
      http ??= openClient(access);
      const response = await http.request(
        { url: `${origin}${path}`, maxBytes, ...(body === undefined ? {} : { ...post, body }) },
        { clock, timeoutMs: requestMs, signal },
      );
      const { status, headers } = response;
      if (status >= 500) throw new SourceError("protocol", `${router} answered ${status} to ${path}`);
      return { status, location: headers["location"], text: new TextDecoder().decode(response.body) };
    } catch (error) {
      throw failureOf(error, router);
    }
  };
  const open = async (signal: AbortSignal) => {
    close();
    const page = await ask({ path: "/login.php" }, signal);
    const formToken = page.status === 200 ? loginToken(page.text) : undefined;
    if (formToken === undefined) throw strange(router, "login page", page);
    const form = { token: formToken, password: access.password };
    const answer = await ask({ path: "/login.php", form }, signal);
    if (asksForLogin(answer)) {
      throw new SourceError("auth", `${router} refused the password: it is the one of its web page, for all users`);
    }
    if (answer.status >= 400 || leadsAway(answer, origin)) throw strange(router, "answer to the login", answer);
    isOpen = true;
  };
  const fetchToken = async (signal: AbortSignal): Promise<string | undefined> => {
    const page = await ask({ path: "/info.php" }, signal);
    if (asksForLogin(page)) return undefined;
    const found = page.status === 200 ? infoToken(page.text) : undefined;
    if (found === undefined) throw strange(router, "page info.php", page);
    return found;
  };
  const fetchList = async (infoToken: string, signal: AbortSignal): Promise<Page> => {
    const form = { do: "full", token: infoToken };
    return await ask({ path: "/info-async.php", form, maxBytes: mostListBytes }, signal);
  };
  const list = async (signal: AbortSignal) => {
    const found = token === undefined ? undefined : listOf(await fetchList(token, signal));
    if (found !== undefined) return found;
    // Not having got a list may only mean that the token has grown old.
    token = await fetchToken(signal);
    const page = token === undefined ? undefined : await fetchList(token, signal);
    if (page === undefined || asksForLogin(page)) {
      close();
      return undefined;
    }
    const second = listOf(page);
    if (second === undefined) throw strange(router, "list of clients", page);
    return second;
  };
  return { router, isOpen: () => isOpen, open, list, close };
}

interface PageRequest {
  readonly path: string;
  readonly form?: Readonly<Record<string, string>>;
  readonly maxBytes?: number;
}

const mostPageBytes = 1_048_576;
/** A list of a thousand clients has about 1 MB. */
const mostListBytes = 4 * 1_048_576;
const requestMs = 8_000;

/** One connection a request: the router closes idle ones, and a request into one just closed would look like a failure. */
function openClient({ tls, fingerprint }: SessionAccess): HttpClient {
  return createHttpClient({
    cookies: "keep",
    keepAlive: false,
    maxRedirects: 0,
    lookup: lookupFrom(createResolve()),
    tls: tls === "pin" ? { mode: "pin", fingerprint } : { mode: tls === "insecure" ? "insecure" : "verify" },
  });
}

/** Where the pages are; an IPv6 address without a port needs brackets. */
export function originOf({ host, tls }: Pick<SessionAccess, "host" | "tls">): string {
  return `${tls === "off" ? "http" : "https"}://${isIPv6(host) ? `[${host}]` : host}`;
}

function listOf({ status, text }: Page): readonly unknown[] | undefined {
  if (status !== 200) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function leadsAway({ status, location }: Page, origin: string): boolean {
  if (status < 300 || status >= 400 || location === undefined) return false;
  return !URL.canParse(location, origin) || new URL(location, origin).origin !== new URL(origin).origin;
}

/** An answer of something else than an AmpliFi, or of one with other software. Nothing of its text is repeated. */
function strange(router: string, what: string, { status, location, text }: Page): SourceError {
  const start = text.trimStart().slice(0, 1);
  const looks = { "<": "a web page", "[": "a list that breaks off", "{": "something else" }[start] ?? "something else";
  const toHttps = location?.startsWith("https:") === true ? ' (to https: set "tls" to "pin" or "insecure")' : "";
  const got = status >= 300 && status < 400 ? `a redirect${toHttps}` : status === 200 ? looks : `status ${status}`;
  return new SourceError("protocol", `${router} gave ${got} for the ${what}: is it an AmpliFi?`);
}

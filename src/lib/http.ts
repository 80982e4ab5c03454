import type { Readable } from "node:stream";
import axios, { type AxiosResponse } from "axios";
import type { CookieJar } from "tough-cookie";
import { type Deadline, type Limits, withDeadline } from "./deadline.ts";
import { type AgentOptions, createAgents } from "./http-agents.ts";
import { type HttpProgress, watchedTransport } from "./http-progress.ts";
import { errorCode, type NetworkFailure, networkFailure } from "./network-error.ts";

interface HttpRequest {
  readonly url: string;
  readonly method?: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Bound of the body; default 1 MiB. */
  readonly maxBytes?: number;
  /** What becomes of a longer body: an error `too_large` (default), or what fits in with `cut: true`. */
  readonly longer?: "fail" | "cut";
}

export interface HttpResponse {
  readonly status: number;
  /** By lower-case name; the cookies are kept by the client and not among them. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
  readonly cut: boolean;
  /** Where it came from in the end. */
  readonly url: string;
  /** From the start to the headers of the last response. */
  readonly headersMs: number;
}

interface HttpClientOptions extends AgentOptions {
  /** Redirects followed within the same origin; any other comes back as the response. */
  readonly maxRedirects: number;
  readonly cookies: "keep" | "ignore";
}

/** Talks to one peer or a few, keeps its cookies, and holds its own connections until it is closed. */
export interface HttpClient {
  /** Any status is a response; without one it rejects with an `HttpError`. The limits hold for all redirects together. */
  request(request: HttpRequest, limits: Limits): Promise<HttpResponse>;
  close(): void;
}

/** Holds nothing secret: a code, the address without user, password and query, and the status if one had come. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  readonly code: NetworkFailure | "too_large" | "aborted";
  /** The underlying code, such as `CERT_HAS_EXPIRED`. */
  readonly detail: string;
  readonly status: number | undefined;
  /** How far the last request had come. */
  readonly progress: Readonly<HttpProgress>;

  constructor(
    code: HttpError["code"],
    at: { url: string; detail: string; status?: number | undefined; progress?: HttpProgress },
  ) {
    super(`${code} (${at.detail}) at ${withoutSecrets(at.url)}`);
    this.code = code;
    this.detail = at.detail;
    this.status = at.status;
    this.progress = { ...(at.progress ?? atStart) };
  }
}

const atStart: HttpProgress = { stage: "connect", receivedBytes: 0 };

/** A client with a cookie jar and connections of its own. Proxies of the environment are ignored. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const agents = createAgents(options);
  const cookies = options.cookies === "keep" ? keptCookies() : noCookies;
  const http = axios.create({
    proxy: false,
    maxRedirects: 0,
    responseType: "stream",
    validateStatus: null,
    httpAgent: agents.http,
    httpsAgent: agents.https,
    headers: { "User-Agent": "netwarden", Accept: "*/*" },
  });
  const send = async ({ request, progress }: Sending, signal: AbortSignal): Promise<AxiosResponse<Readable>> => {
    const { url, method = "GET", body } = request;
    const cookie = await cookies.read(url);
    const response = await http.request<Readable>({
      url,
      method,
      signal,
      transport: watchedTransport(progress),
      headers: { ...request.headers, ...(cookie === "" ? {} : { Cookie: cookie }) },
      ...(body === undefined ? {} : { data: typeof body === "string" ? body : Buffer.from(body) }),
    });
    await cookies.keep(url, response.headers["set-cookie"] ?? []);
    return response;
  };
  const follow = async (first: HttpRequest, limits: Limits): Promise<HttpResponse> => {
    const startedAt = limits.clock.monotonic();
    return await withDeadline(limits, async (deadline) => {
      let request = first;
      for (let redirects = 0; ; redirects += 1) {
        let status: number | undefined;
        const progress = { ...atStart };
        try {
          const response = await send({ request, progress }, deadline.signal);
          status = response.status;
          progress.stage = "body";
          const headersMs = limits.clock.monotonic() - startedAt;
          const next = redirects < options.maxRedirects ? redirected(request, response) : undefined;
          if (next === undefined) return await finish({ request, response, headersMs, progress });
          response.data.destroy();
          request = next;
        } catch (error) {
          throw httpError(error, { url: request.url, status, progress, deadline });
        }
      }
    });
  };
  return { request: follow, close: agents.close };
}

const noCookies = { read: async () => "", keep: async () => undefined };

/** A peer that hands out ever more cookies loses them all before it fills the memory. */
function keptCookies() {
  let jar: CookieJar | undefined;
  let kept = 0;
  return {
    read: async (url: string) => (await jar?.getCookieString(url)) ?? "",
    keep: async (url: string, lines: readonly string[]) => {
      if (lines.length > 0) jar ??= await emptyJar();
      for (const line of lines) {
        if (kept >= 1_000) await jar?.removeAllCookies();
        kept = kept >= 1_000 ? 1 : kept + 1;
        await jar?.setCookie(line, url, { ignoreError: true });
      }
    },
  };
}

/** Loaded with the first cookie: its list of public suffixes takes megabytes, and most probes never meet one. */
async function emptyJar(): Promise<CookieJar> {
  const { CookieJar } = await import("tough-cookie");
  return new CookieJar(undefined, { rejectPublicSuffixes: false, allowSpecialUseDomain: true });
}

/** The request that a redirect within the same origin asks for; `undefined`: there is none to follow. */
function redirected(request: HttpRequest, { status, headers }: AxiosResponse): HttpRequest | undefined {
  const location: unknown = headers["location"];
  if (![301, 302, 303, 307, 308].includes(status) || typeof location !== "string") return undefined;
  const from = new URL(request.url);
  const to = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  if (to === undefined || to.origin !== from.origin) return undefined;
  to.username = from.username;
  to.password = from.password;
  if (status === 307 || status === 308 || request.method !== "POST") return { ...request, url: to.href };
  const { body: _body, headers: sent = {}, ...rest } = request;
  const kept = Object.entries(sent).filter(([name]) => !/^content-/i.test(name));
  return { ...rest, method: "GET", url: to.href, headers: Object.fromEntries(kept) };
}

interface Sending {
  readonly request: HttpRequest;
  readonly progress: HttpProgress;
}

interface Reply extends Sending {
  readonly response: AxiosResponse<Readable>;
  readonly headersMs: number;
}

async function finish({ request, response, headersMs, progress }: Reply): Promise<HttpResponse> {
  const { url, maxBytes = 1_048_576, longer = "fail" } = request;
  const { status, data: stream } = response;
  const chunks: Uint8Array[] = [];
  let left = maxBytes;
  // The signal of the request ends this too. Leaving the loop early destroys the stream, and its connection with it.
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    progress.receivedBytes += chunk.length;
    if (chunk.length > left && longer === "fail") {
      throw new HttpError("too_large", { url, status, detail: `more than ${maxBytes} bytes` });
    }
    chunks.push(chunk.subarray(0, left));
    left -= chunk.length;
    if (left < 0) break;
  }
  return { status, headers: textHeaders(response), body: Buffer.concat(chunks), cut: left < 0, url, headersMs };
}

function textHeaders({ headers }: AxiosResponse): Record<string, string> {
  const entries = Object.entries({ ...headers } as Record<string, unknown>);
  return Object.fromEntries(
    entries.flatMap(([name, value]) => (typeof value === "string" ? [[name.toLowerCase(), value]] : [])),
  );
}

/** The error of the library is dropped, not wrapped: it carries the whole request with its passwords. */
function httpError(error: unknown, { deadline, ...at }: FailedAt): HttpError {
  if (error instanceof HttpError) return error;
  if (deadline.expired()) return new HttpError("timeout", { ...at, detail: "no answer in time" });
  if (deadline.signal.aborted) return new HttpError("aborted", { ...at, detail: "stopped" });
  return new HttpError(networkFailure(error), { ...at, detail: errorCode(error) });
}

interface FailedAt {
  readonly url: string;
  readonly status: number | undefined;
  readonly progress: HttpProgress;
  readonly deadline: Deadline;
}

function withoutSecrets(text: string): string {
  if (!URL.canParse(text)) return "an invalid address";
  const { origin, pathname } = new URL(text);
  return `${origin}${pathname}`;
}

import type { IncomingMessage, ServerResponse } from "node:http";
import { dripping, endless, type FakeHttpServer, hanging, startHttpServer } from "../http-server.ts";
import { createHousehold, type Household } from "./household.ts";
import { sendReports } from "./macupd.ts";
import { currentForm, type PageForm, renderPage } from "./pages.ts";

/** How the router fails. `auth`: it refuses everybody; `html`: 200 with a login page; `cut`: it closes in the middle of a page. */
export type DdwrtFailure =
  | "none"
  | "auth"
  | "html"
  | "half_page"
  | "cut"
  | "huge"
  | "drip"
  | "mute"
  | "reset"
  | "busy"
  | "redirect"
  | "missing";

/** A DD-WRT router on the loopback: four live pages and what belongs to them behind Basic auth, and the reports of macupd. */
export interface FakeDdwrt {
  /** `127.0.0.1:port`. */
  readonly host: string;
  readonly house: Household;
  readonly server: FakeHttpServer;
  /** Other pages from now on. */
  form(changes: Partial<PageForm>): void;
  /** Fails from now on; `page`: only that one. */
  fail(failure: DdwrtFailure, page?: string): void;
  /** One datagram a client that is there, to a port of the loopback or of `host`. Resolves to their number when all are sent. */
  sendReports(port: number, host?: string): Promise<number>;
  close(): Promise<void>;
}

export interface FakeDdwrtOptions {
  readonly username?: string;
  readonly password?: string;
  readonly form?: Partial<PageForm>;
  readonly tls?: { readonly key: string; readonly cert: string };
}

/** Starts one with an empty house. */
export async function startDdwrt(options: FakeDdwrtOptions = {}): Promise<FakeDdwrt> {
  const { username = "root", password = "secret" } = options;
  const house = createHousehold();
  let form: PageForm = { ...currentForm, ...options.form };
  let failure: { readonly how: DdwrtFailure; readonly page: string | undefined } = { how: "none", page: undefined };
  const expected = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
  const server = await startHttpServer((request, response) => {
    const path = (request.url ?? "/").slice(1);
    const how = failure.page === undefined || path.startsWith(failure.page) ? failure.how : "none";
    if (request.headers.authorization !== expected || how === "auth") return unauthorized(response);
    const page = renderPage(path, house, form);
    return page === undefined || how === "missing"
      ? response.writeHead(404).end("<html>404 Not Found</html>")
      : answer({ request, response, page }, how);
  }, options.tls);
  return {
    host: `127.0.0.1:${server.port}`,
    house,
    server,
    form: (changes) => {
      form = { ...form, ...changes };
    },
    fail: (how, page) => {
      failure = { how, page };
    },
    sendReports: (port, host = "127.0.0.1") => sendReports(house, { host, port }),
    close: server.close,
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly page: string;
}

function answer({ request, response, page }: Exchange, how: DdwrtFailure): unknown {
  switch (how) {
    case "html":
      return response.writeHead(200).end("<html><form action=/login><input type=password></form></html>");
    case "half_page":
      return response.writeHead(200).end(page.slice(0, Math.floor(page.length * 0.6)));
    case "cut":
      return response
        .writeHead(200, { "Content-Length": page.length })
        .write(page.slice(0, Math.floor(page.length / 2)), () => response.destroy());
    case "huge":
      return endless(request, response);
    case "drip":
      return dripping(request, response);
    case "mute":
      return hanging(request, response);
    case "reset":
      return request.socket.resetAndDestroy();
    case "busy":
      return response.writeHead(503).end();
    case "redirect":
      return response.writeHead(302, { Location: `https://${request.headers.host}${request.url}` }).end();
    default:
      return response.writeHead(200, { "Content-Type": "text/html", "Cache-Control": "no-cache" }).end(page);
  }
}

function unauthorized(response: ServerResponse): unknown {
  return response
    .writeHead(401, { "WWW-Authenticate": 'Basic realm="DD-WRT"' })
    .end("<html><h1>401 Unauthorized</h1></html>");
}

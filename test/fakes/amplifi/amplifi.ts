import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type FakeHttpServer, startHttpServer } from "../http-server.ts";
import { type AmplifiFailure, failing } from "./failures.ts";
import { listOf } from "./list.ts";
import { createNetwork, type SimulatedNetwork } from "./network.ts";
import { formOf, infoPage, loginPage, refreshPage } from "./pages.ts";

/** How the router says that a session is no more. */
export type SessionEnd = "redirect" | "refresh" | "form" | "forbidden";

export interface FakeAmplifiOptions {
  readonly password: string;
  /** Over TLS with this key and certificate. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** What lives behind it; default: a router called `Home` alone. */
  readonly network?: SimulatedNetwork;
  readonly sessionEnd?: SessionEnd;
  /** What a wrong password is answered with; default: the form again, as real routers were seen to. */
  readonly refusal?: SessionEnd;
  /** What a right password is answered with; real routers were seen to do either. */
  readonly loginAnswer?: "redirect" | "page";
}

/** An AmpliFi's web pages on a real socket, in front of a simulated network. */
export interface FakeAmplifi {
  readonly server: FakeHttpServer;
  /** `127.0.0.1:port`. */
  readonly host: string;
  readonly network: SimulatedNetwork;
  /** As `METHOD /path`, in order. */
  readonly asked: readonly string[];
  /** Logins with the right password, those of a browser not among them. */
  logins(): number;
  /** Somebody logs in by a browser: the session there was is no more. */
  browserLogin(): void;
  /** The session's second token is another one from now on; the session lives. */
  renewToken(): void;
  setPassword(password: string): void;
  setSessionEnd(how: SessionEnd): void;
  /** From now on this page (or only `POST /page`) fails so; without a failure it is well again. */
  fail(path: string, failure?: AmplifiFailure): void;
  /** Overrides the list of the network; `undefined`: not any more. */
  answerWith(text: string | undefined): void;
  /** The router restarts: sessions, counters and uptimes begin anew. */
  reboot(): void;
  /** Resolves with the next request for this page, before it is answered. */
  nextRequest(path: string): Promise<void>;
  /** Drops what it remembers of requests. */
  forget(): void;
  close(): Promise<void>;
}

/**
 * Starts one. That there is one session at a time is what users report of browsers; what a real router does with an old token
 * of a session that lives is our guess: a page that is no list.
 */
export async function startAmplifi(options: FakeAmplifiOptions): Promise<FakeAmplifi> {
  const network = options.network ?? createNetwork({ mac: "f0:9f:c2:00:00:01", name: "Home" });
  const asked: string[] = [];
  const failures = new Map<string, AmplifiFailure>();
  const waiting = new Map<string, () => void>();
  let { password, sessionEnd = "redirect" } = options;
  let session = { cookie: secret(), token: secret() };
  let formToken = secret();
  let logins = 0;
  let override: string | undefined;

  const endSession = () => {
    session = { cookie: secret(), token: secret() };
  };
  const page = (response: ServerResponse, html: string) =>
    response.writeHead(200, { "Content-Type": "text/html; charset=UTF-8" }).end(html);
  const refuse = (response: ServerResponse, how: SessionEnd = sessionEnd) => {
    if (how === "forbidden") return response.writeHead(403).end("Forbidden");
    if (how === "redirect") return response.writeHead(302, { Location: "/login.php" }).end();
    return page(response, how === "refresh" ? refreshPage : loginPage(formToken));
  };
  const logIn = (form: URLSearchParams, response: ServerResponse) => {
    const isRight = form.get("token") === formToken && form.get("password") === password;
    formToken = secret();
    if (!isRight) return refuse(response, options.refusal ?? "form");
    logins += 1;
    endSession();
    response.setHeader("Set-Cookie", `webui-session=${session.cookie}; path=/; HttpOnly`);
    if (options.loginAnswer === "page") return page(response, "<html>Welcome</html>");
    return response.writeHead(302, { Location: "/index.php" }).end();
  };
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { method = "", url = "", headers } = request;
    asked.push(`${method} ${url}`);
    waiting.get(url)?.();
    waiting.delete(url);
    const list = () => override ?? JSON.stringify(listOf(network));
    const failure = failures.get(`${method} ${url}`) ?? failures.get(url);
    if (failure !== undefined) return failing(failure, list())(request, response);
    const isInside = (headers.cookie ?? "").includes(`webui-session=${session.cookie}`);
    const form = await formOf(request);
    switch (`${method} ${url}`) {
      case "GET /login.php":
        return page(response, loginPage(formToken));
      case "POST /login.php":
        return logIn(form, response);
      case "GET /info.php":
        return isInside ? page(response, infoPage(session.token)) : refuse(response);
      case "POST /info-async.php": {
        if (!isInside) return refuse(response);
        const isFull = form.get("do") === "full" && form.get("token") === session.token;
        if (!isFull) return page(response, "<html>Bad request</html>");
        return response.writeHead(200, { "Content-Type": "application/json" }).end(list());
      }
    }
    return response.writeHead(404).end();
  };
  const server = await startHttpServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  }, options.tls);

  return {
    server,
    host: `127.0.0.1:${server.port}`,
    network,
    asked,
    logins: () => logins,
    browserLogin: endSession,
    renewToken: () => {
      session = { ...session, token: secret() };
    },
    setPassword: (text) => {
      password = text;
    },
    setSessionEnd: (how) => {
      sessionEnd = how;
    },
    fail: (path, failure) => {
      if (failure === undefined) failures.delete(path);
      else failures.set(path, failure);
    },
    answerWith: (text) => {
      override = text;
    },
    reboot: () => {
      network.reboot();
      endSession();
    },
    nextRequest: (path) => new Promise((resolve) => waiting.set(path, resolve)),
    forget: () => {
      asked.splice(0);
      (server.requests as IncomingMessage[]).splice(0);
    },
    close: () => server.close(),
  };
}

/** 16 letters and digits, as the router's tokens are. */
function secret(): string {
  return randomBytes(8).toString("hex");
}

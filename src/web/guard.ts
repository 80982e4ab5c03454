import { isIP } from "node:net";
import type { HttpBindings } from "@hono/node-server";
import type { Context, MiddlewareHandler } from "hono";
import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import { passwordCheck, tokenCheck } from "./auth.ts";

/** What Hono knows of a request here. */
export interface WebEnv {
  readonly Bindings: HttpBindings;
}

/** Who may ask. */
export interface GuardParts {
  readonly password: string;
  /** Lets in who shows it from this machine itself: other commands of this program. */
  readonly localToken?: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Behind Home Assistant's ingress: only this peer may ask, and it has checked the user. */
  readonly ingressPeer?: string;
}

const longestUrl = 2_048;

/** Headers of every answer. Under ingress the page lives in a frame of Home Assistant's. */
export function securityHeaders(framed: boolean): Readonly<Record<string, string>> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${framed ? "*" : "'self'"}`,
  ];
  return {
    "content-security-policy": policy.join("; "),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    ...(framed ? {} : { "x-frame-options": "SAMEORIGIN" }),
  };
}

/** Lets through who may ask: the ingress peer, or who knows the password, or who calls this machine by a name of its own. */
export function guard(parts: GuardParts): MiddlewareHandler<WebEnv> {
  const check = parts.password === "" ? undefined : passwordCheck(parts.password, parts.clock);
  const isOurs = parts.localToken === undefined ? () => false : tokenCheck(parts.localToken);
  return async (c, next) => {
    const peer = peerOf(c);
    if (c.req.url.length > longestUrl) return c.json({ error: "the address is too long" }, 414);
    if (c.req.path === "/healthz") return next();
    if (isFromHere(c) && isOurs(c.req.header("authorization"))) {
      // Who asks learns that it is this very run that answers.
      c.header("netwarden-run", "this");
      return next();
    }
    if (parts.ingressPeer !== undefined) {
      return peer === parts.ingressPeer ? next() : c.json({ error: "only Home Assistant may ask here" }, 403);
    }
    if (check === undefined) {
      return isOwnName(c.req.header("host") ?? "")
        ? next()
        : c.json({ error: "set web.password to use this host name" }, 403);
    }
    const result = check(c.req.header("authorization"), peer);
    if (result === "ok") return next();
    if (result === "limited") return c.json({ error: "too many wrong passwords: wait a minute" }, 429, retryLater);
    if (result === "wrong") parts.log.warn("a wrong password was given on the web page", { peer });
    return c.json({ error: "a password is needed" }, 401, challenge);
  };
}

const retryLater = { "retry-after": "60" };
const challenge = { "www-authenticate": 'Basic realm="Netwarden", charset="UTF-8"' };

/** The address at the other end, IPv4 without the IPv6 prefix. */
function peerOf(c: Context<WebEnv>): string {
  return (c.env.incoming.socket.remoteAddress ?? "").replace(/^::ffff:/i, "");
}

/** A connection of this machine to itself has one address at both ends. */
function isFromHere(c: Context<WebEnv>): boolean {
  const { remoteAddress, localAddress } = c.env.incoming.socket;
  return remoteAddress !== undefined && remoteAddress === localAddress;
}

/**
 * Without a password only loopback is listened on, yet any web page could point a public name of its own at 127.0.0.1 and so
 * read this one as its own origin. Addresses and names that are not in the public DNS cannot be misused so.
 */
export function isOwnName(host: string): boolean {
  const name = host.replace(/:\d+$/, "").toLowerCase();
  if (isIP(name) === 4 || isIP(name.replace(/^\[|\]$/g, "")) === 6) return true;
  return /^[a-z0-9_-]+$/.test(name) || /^[a-z0-9_.-]+\.(localhost|local|lan|home|internal|home\.arpa)$/.test(name);
}

/**
 * True when a command cannot come from another site's page: the browser says so itself, or its `Origin` is where it was sent.
 * A proxy may have changed `Host`; a foreign page cannot set `X-Forwarded-Host`.
 */
export function isSameOrigin(headers: Headers, behindIngress: boolean): boolean {
  const site = headers.get("sec-fetch-site");
  if (site !== null) return site === "same-origin" || site === "none";
  const origin = headers.get("origin");
  if (origin === null || behindIngress) return true;
  const host = URL.parse(origin)?.host;
  return host !== undefined && (host === headers.get("host") || host === headers.get("x-forwarded-host"));
}

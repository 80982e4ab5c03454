import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Clock } from "../lib/clock.ts";

/** `missing`: nothing was tried yet, so it is no failure. `limited`: too many wrong ones; even the right one must wait. */
export type AuthResult = "ok" | "missing" | "wrong" | "limited";

const windowMs = 60_000;
const failuresAllowed = 10;
const rememberedPeers = 1_000;

/** Checks HTTP Basic credentials (any user name) against one password, and slows down who guesses. */
export function passwordCheck(
  password: string,
  clock: Clock,
): (authorization: string | undefined, peer: string) => AuthResult {
  const key = randomBytes(32);
  const digest = (text: string) => createHmac("sha256", key).update(text).digest();
  const wanted = digest(password);
  const failures = new Map<string, { readonly since: number; readonly count: number }>();

  const recent = (peer: string) => {
    const seen = failures.get(peer);
    return seen !== undefined && clock.monotonic() - seen.since < windowMs ? seen : undefined;
  };
  const note = (peer: string) => {
    const seen = recent(peer);
    failures.delete(peer);
    failures.set(peer, { since: seen?.since ?? clock.monotonic(), count: (seen?.count ?? 0) + 1 });
    const oldest = failures.keys().next().value;
    if (failures.size > rememberedPeers && oldest !== undefined) failures.delete(oldest);
  };

  return (authorization, peer) => {
    if (authorization === undefined) return "missing";
    if ((recent(peer)?.count ?? 0) >= failuresAllowed) return "limited";
    const given = passwordOf(authorization);
    // Equal lengths by the digest: the comparison tells nothing of the password's length either.
    if (given !== undefined && timingSafeEqual(digest(given), wanted)) return "ok";
    note(peer);
    return "wrong";
  };
}

/** Checks a bearer token, which is too long to be guessed. */
export function tokenCheck(token: string): (authorization: string | undefined) => boolean {
  const key = randomBytes(32);
  const digest = (text: string) => createHmac("sha256", key).update(text).digest();
  const wanted = digest(token);
  return (authorization) => {
    const given = /^bearer ([A-Za-z0-9_-]{1,200})$/i.exec(authorization?.trim() ?? "")?.[1];
    return given !== undefined && timingSafeEqual(digest(given), wanted);
  };
}

function passwordOf(authorization: string): string | undefined {
  const encoded = /^basic ([A-Za-z0-9+/=_-]{1,4096})$/i.exec(authorization.trim())?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon === -1 ? undefined : text.slice(colon + 1);
}

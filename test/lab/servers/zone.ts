import { decode, encode, type Packet, RECURSION_DESIRED } from "dns-packet";
import type { ServerMode } from "../fault.ts";
import { addresses, addresses6, hijackers } from "../topology.ts";

/** Names that resolve in the lab; every other one is NXDOMAIN, as in the world. */
export const knownNames = [
  "example.com",
  "www.example.com",
  "example.org",
  "www.example.org",
  "example.net",
  "iana.org",
  "www.iana.org",
  "cloudflare.com",
  "www.cloudflare.com",
  "cp.cloudflare.com",
  "www.google.com",
  "connectivitycheck.gstatic.com",
  "www.gstatic.com",
  "www.wikipedia.org",
  "www.debian.org",
  "detectportal.firefox.com",
  "home-assistant.io",
  "www.home-assistant.io",
] as const;

const [one = "", two = "", three = ""] = addresses.targets;
const [one6 = "", two6 = "", three6 = ""] = addresses6.targets;
const ownAddresses: Readonly<Record<string, readonly [string, string]>> = {
  "one.one.one.one": [one, one6],
  "cloudflare-dns.com": [one, one6],
  "dns.google": [two, two6],
  "dns.quad9.net": [three, three6],
};

/** The names that a certificate of the lab's servers covers. */
export const certifiedNames = [...knownNames, ...Object.keys(ownAddresses)];

/** Answers one query; `undefined` when it can't be read. Answers live a second, so that no cache hides a fault. */
export function answer(message: Buffer, mode: ServerMode["dns"]): Buffer | undefined {
  const query = readQuery(message);
  const question = query?.questions?.[0];
  if (query === undefined || question === undefined) return undefined;
  const found = addressesOf(question.name.toLowerCase());
  const hijacker = hijackerOf(mode);
  const address = hijacker ?? found?.[0];
  const code = mode === "servfail" ? 2 : mode === "refused" ? 5 : mode === "nxdomain" || address === undefined ? 3 : 0;
  const data = question.type === "A" ? address : question.type === "AAAA" && !hijacker ? found?.[1] : undefined;
  const wanted = code === 0 && mode !== "empty" && data !== undefined;
  return encode({
    type: "response",
    id: query.id ?? 0,
    flags: RECURSION_DESIRED | 0x0080 | code,
    questions: [question],
    answers: wanted ? [{ type: question.type as "A" | "AAAA", name: question.name, ttl: 1, data }] : [],
  });
}

function hijackerOf(mode: ServerMode["dns"]): string | undefined {
  if (mode === "hijack_dead") return hijackers.dead;
  if (mode === "hijack_http") return hijackers.http;
  return mode === "hijack_tls" ? hijackers.tls : undefined;
}

function readQuery(message: Buffer): Packet | undefined {
  try {
    return decode(message);
  } catch {
    return undefined;
  }
}

function addressesOf(name: string): readonly [string, string | undefined] | undefined {
  const at = (knownNames as readonly string[]).indexOf(name);
  const own = ownAddresses[name];
  if (own !== undefined || at < 0) return own;
  const site = at % addresses.sites.length;
  return [addresses.sites[site] ?? "", addresses6.sites[site]];
}

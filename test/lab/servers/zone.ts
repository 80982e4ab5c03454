import { decode, encode, type Packet, RECURSION_DESIRED } from "dns-packet";
import type { ServerMode } from "../faults.ts";
import { addresses } from "../topology.ts";

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

const ownAddresses: Readonly<Record<string, string>> = {
  "one.one.one.one": "1.1.1.1",
  "cloudflare-dns.com": "1.1.1.1",
  "dns.google": "8.8.8.8",
  "dns.quad9.net": "9.9.9.9",
};
/** Nothing answers there. */
const hijacked = "203.0.113.66";

/** The names that a certificate of the lab's servers covers. */
export const certifiedNames = [...knownNames, ...Object.keys(ownAddresses)];

/** Answers one query; `undefined` when it can't be read. Answers live a second, so that no cache hides a fault. */
export function answer(message: Buffer, mode: ServerMode["dns"]): Buffer | undefined {
  const query = readQuery(message);
  const question = query?.questions?.[0];
  if (query === undefined || question === undefined) return undefined;
  const address = mode === "hijack" ? hijacked : addressOf(question.name.toLowerCase());
  const code = mode === "servfail" ? 2 : mode === "refused" ? 5 : mode === "nxdomain" || address === undefined ? 3 : 0;
  const wanted = code === 0 && mode !== "empty" && question.type === "A" && address !== undefined;
  return encode({
    type: "response",
    id: query.id ?? 0,
    flags: RECURSION_DESIRED | 0x0080 | code,
    questions: [question],
    answers: wanted ? [{ type: "A", name: question.name, ttl: 1, data: address }] : [],
  });
}

function readQuery(message: Buffer): Packet | undefined {
  try {
    return decode(message);
  } catch {
    return undefined;
  }
}

function addressOf(name: string): string | undefined {
  const at = (knownNames as readonly string[]).indexOf(name);
  return ownAddresses[name] ?? (at < 0 ? undefined : addresses.sites[at % addresses.sites.length]);
}

import type { Namespace } from "./topology.ts";

/** One thing that is done to one namespace. Rules vanish when healed; `ipHeal` undoes `ip`. */
export interface Change {
  readonly in: Namespace;
  /** Lines for `ip -batch`. */
  readonly ip?: readonly string[];
  readonly ipHeal?: readonly string[];
  /** Lines of nftables chains by hook. */
  readonly rules?: Readonly<Partial<Record<"input" | "forward" | "output", readonly string[]>>>;
  /** Frames of this port of the namespace's bridge are held back. */
  readonly slow?: { readonly port: string; readonly delayMs: number; readonly jitterMs: number };
}

/** How a fault is made and unmade. */
export interface Fault {
  readonly at?: readonly Change[];
  /** The gateway redirects pages by HTTP to its own sign-in page. */
  readonly portal?: boolean;
  /** For the monitor's own resolv.conf. */
  readonly nameservers?: readonly string[];
  /** How the servers behave meanwhile. */
  readonly serve?: ServerMode;
  /** It comes and goes: so long it is there, and so long it is not. */
  readonly everyMs?: number;
}

/** How the servers in `inet` behave; what is absent works. */
export interface ServerMode {
  /** `hijack…`: see `hijackers`; names by HTTPS stay true, since nobody on the way can change them. */
  readonly dns?:
    | "servfail"
    | "refused"
    | "nxdomain"
    | "empty"
    | "hijack_dead"
    | "hijack_http"
    | "hijack_tls"
    | "slow"
    | "silent";
  /** Only the provider's own resolvers behave so. */
  readonly dnsOf?: "provider";
  readonly web?: "hang" | "503" | "slow";
  readonly certificate?: "expired" | "wrong_ca" | "wrong_name";
}

/** What a namespace's rules are in nftables' own language: deleting the table heals them. `lan` and `modem` are bridges. */
export function faultTable(change: Change): string {
  const chains = Object.entries(change.rules ?? {}).map(
    ([hook, lines]) => `chain ${hook} {\n type filter hook ${hook} priority -10\n ${lines.join("\n ")}\n}`,
  );
  return `table ${familyIn(change.in)} fault {\n${chains.join("\n")}\n}\n`;
}

/** Takes away what `faultTable` made: creating first makes deleting safe. */
export function noFaultTable(ns: Namespace): string {
  return deleted(`${familyIn(ns)} fault`);
}

/** Where a portal redirects, and its end. */
export const portalTable = `table inet portal {
  chain portal { type nat hook prerouting priority -100; tcp dport 80 redirect to :8080; }
}
`;
export const noPortalTable = deleted("inet portal");

/** Drops exactly the next echo request to `host` where it comes in (`input`) or passes (`forward`). */
export function loseOne(host: string, hook: "input" | "forward"): string {
  const rule = `ip daddr ${host} icmp type echo-request limit rate 1/day burst 1 packets counter drop`;
  const chain = `chain lost {\n type filter hook ${hook} priority -20\n ${rule}\n}`;
  return `${deleted("inet lost")}table inet lost {\n${chain}\n}\n`;
}

function familyIn(ns: Namespace): "bridge" | "inet" {
  return ns === "lan" || ns === "modem" ? "bridge" : "inet";
}

function deleted(table: string): string {
  return `table ${table}\ndelete table ${table}\n`;
}

import { addresses, type Namespace } from "./topology.ts";

/** How a fault is made and unmade. `ip` lines go to `ip -batch`, `rules` become a table of their own that healing deletes. */
export interface Fault {
  readonly in: Namespace;
  readonly ip?: readonly string[];
  readonly ipHeal?: readonly string[];
  /** Lines of chains by hook: `input`, `forward`, `output`. */
  readonly rules?: Readonly<Partial<Record<"input" | "forward" | "output", readonly string[]>>>;
  /** Destination port 80 is redirected to the portal on the gateway. */
  readonly portal?: boolean;
  /** A nameserver for the monitor's own resolv.conf. */
  readonly nameserver?: string;
  /** How the servers behave meanwhile. */
  readonly serve?: ServerMode;
}

/** How the servers in `inet` behave; what is absent works. */
export interface ServerMode {
  readonly dns?: "servfail" | "refused" | "nxdomain" | "empty" | "hijack" | "slow";
  readonly web?: "refuse" | "hang" | "503";
}

const from = (iface: string) => `iifname "${iface}" drop`;
const dns = (rest: string) => [`udp dport 53 ${rest}`, `tcp dport 53 ${rest}`];
const set = (list: readonly string[]) => `{ ${list.join(", ")} }`;
const echo = "icmp type echo-request";

/** Every fault by name. `known`: the router in front of the break answers net-unreachable; `silent`: packets vanish. */
export const faults = {
  gateway_down: { in: "lan", ip: ["link set pgw down"], ipHeal: ["link set pgw up"] },
  gateway_frozen: { in: "gw", rules: { input: ["drop"], forward: ["drop"], output: ["drop"] } },
  own_cable: { in: "lan", ip: ["link set pmon down"], ipHeal: ["link set pmon up"] },
  own_interface: {
    in: "mon",
    ip: ["link set eth0 down"],
    ipHeal: ["link set eth0 up", "route replace default via 192.168.77.1"],
  },
  no_address: {
    in: "mon",
    ip: ["addr flush dev eth0 scope global"],
    ipHeal: ["addr replace 192.168.77.10/24 dev eth0", "route replace default via 192.168.77.1"],
  },
  no_route: { in: "mon", ip: ["route del default"], ipHeal: ["route replace default via 192.168.77.1"] },
  wan_known: {
    in: "gw",
    ip: ["link set wan0 down"],
    ipHeal: ["link set wan0 up", "route replace default via 198.51.100.1"],
  },
  wan_silent: { in: "isp1", rules: { input: [from("c0")], forward: [from("c0")] } },
  core_known: {
    in: "isp1",
    ip: ["link set u0 down"],
    ipHeal: ["link set u0 up", "route replace default via 198.51.100.6"],
  },
  core_silent: { in: "isp2", rules: { input: [from("d0")], forward: [from("d0")] } },
  beyond_known: {
    in: "isp2",
    ip: ["link set u0 down"],
    ipHeal: ["link set u0 up", "route replace default via 198.51.100.10"],
  },
  beyond_silent: { in: "inet", rules: { input: [from("d0")] } },
  dns_upstream_silent: {
    in: "inet",
    rules: { input: dns("drop").map((rule) => `ip daddr ${addresses.providerResolver} ${rule}`) },
  },
  dns_all_silent: { in: "inet", rules: { input: dns("drop") } },
  dns_servfail: { in: "inet", serve: { dns: "servfail" } },
  dns_refused: { in: "inet", serve: { dns: "refused" } },
  dns_nxdomain: { in: "inet", serve: { dns: "nxdomain" } },
  dns_empty: { in: "inet", serve: { dns: "empty" } },
  dns_hijack: { in: "inet", serve: { dns: "hijack" } },
  dns_slow: { in: "inet", serve: { dns: "slow" } },
  dns_forwarder_refused: { in: "gw", rules: { input: ["udp dport 53 reject", "tcp dport 53 reject with tcp reset"] } },
  dns_forwarder_silent: { in: "gw", rules: { input: dns("drop") } },
  dns_own_config: { in: "mon", nameserver: "192.168.77.99" },
  targets_drop_icmp: { in: "inet", rules: { input: [`ip daddr ${set(addresses.targets)} ${echo} drop`] } },
  provider_drops_icmp: { in: "isp1", rules: { forward: [`${echo} drop`] } },
  gateway_ignores_ping: { in: "gw", rules: { input: [`${echo} drop`] } },
  target_down: { in: "inet", rules: { input: [`ip daddr ${addresses.targets[1]} drop`] } },
  servers_refuse: { in: "inet", rules: { input: [`tcp dport ${set(["80", "443"])} reject with tcp reset`] } },
  servers_hang: { in: "inet", serve: { web: "hang" } },
  servers_503: { in: "inet", serve: { web: "503" } },
  port_443_filtered: { in: "gw", rules: { forward: ["tcp dport 443 drop"] } },
  portal_redirect: { in: "gw", portal: true, rules: { forward: ["tcp dport 443 reject with tcp reset"] } },
  /** Pages by HTTPS still open. */
  portal_http_only: { in: "gw", portal: true },
  portal_strict: { in: "gw", portal: true, rules: { forward: ['oifname "wan0" drop'] } },
  loss_30: { in: "isp1", rules: { forward: ['iifname "c0" numgen random mod 100 < 30 drop'] } },
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof faults;

/** A fault's table in nftables' own language: deleting the table heals it. */
export function faultTable({ rules = {}, portal = false }: Fault): string {
  const chains = Object.entries(rules).map(
    ([hook, lines]) => `chain ${hook} {\n type filter hook ${hook} priority -10\n ${lines.join("\n ")}\n}`,
  );
  const redirect = "chain portal { type nat hook prerouting priority -100; tcp dport 80 redirect to :8080; }";
  const tables = [`table inet fault {\n${chains.join("\n")}\n}\n`];
  return [...tables, ...(portal ? [`table ip portal {\n${redirect}\n}\n`] : [])].join("");
}

/** Takes away whatever `faultTable` made: creating first makes deleting safe. */
export const noFaultTable = "table inet fault\ndelete table inet fault\ntable ip portal\ndelete table ip portal\n";

/** Drops exactly the next echo request to `host` where it comes in (`input`) or passes (`forward`). */
export function loseOne(host: string, hook: "input" | "forward"): string {
  const rule = `ip daddr ${host} ${echo} limit rate 1/day burst 1 packets counter drop`;
  const chain = `chain lost {\n type filter hook ${hook} priority -20\n ${rule}\n}`;
  return `table inet lost\ndelete table inet lost\ntable inet lost {\n${chain}\n}\n`;
}

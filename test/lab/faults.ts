import type { Fault } from "./fault.ts";
import { addresses, addresses6, defaultRoutes, monitorAddresses } from "./topology.ts";

/** IPv6 finds its neighbours by packets, IPv4 by frames that rules do not see. */
const neighbours = "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit } accept";
const from = (iface: string) => `iifname "${iface}" drop`;
const silent = (ns: "isp1" | "isp2" | "inet", iface: string): Fault => ({
  at: [{ in: ns, rules: { input: [neighbours, from(iface)], forward: [from(iface)] } }],
});
const dns = (rest: string) => [`udp dport 53 ${rest}`, `tcp dport 53 ${rest}`];
const set = (list: readonly string[]) => `{ ${list.join(", ")} }`;
const echoes = (rest: string) => [`icmp type echo-request ${rest}`, `icmpv6 type echo-request ${rest}`];
const lossy = (port: string, percent: number) => `iifname "${port}" numgen random mod 100 < ${percent} drop`;
const mute = [neighbours, "meta l4proto { icmp, ipv6-icmp } drop"];
const tooBig = ["icmp type destination-unreachable icmp code 4 drop", "icmpv6 type packet-too-big drop"];
/** The wire between the provider's two routers carries less than it should. */
const narrow = (ns: "isp1" | "isp2", iface: string) => ({
  in: ns,
  ip: [`link set ${iface} mtu 1400`],
  ipHeal: [`link set ${iface} mtu 1500`],
});
const forget = (ns: "mon" | "inet") => ({ in: ns, ip: [], ipHeal: ["route flush cache"] });
const [firstProviderResolver] = addresses.providerResolvers;
const fromProvider = (list: readonly string[]) => dns("drop").map((rule) => `ip daddr ${set(list)} ${rule}`);

/** Between the program and the router. */
const atHome = {
  gateway_down: { at: [{ in: "lan", ip: ["link set pgw down"], ipHeal: ["link set pgw up"] }] },
  gateway_frozen: {
    at: [{ in: "gw", rules: { input: [neighbours, "drop"], forward: ["drop"], output: [neighbours, "drop"] } }],
  },
  own_cable: { at: [{ in: "lan", ip: ["link set pmon down"], ipHeal: ["link set pmon up"] }] },
  own_interface: {
    at: [{ in: "mon", ip: ["link set eth0 down"], ipHeal: ["link set eth0 up", ...defaultRoutes.mon] }],
  },
  no_address: {
    at: [
      {
        in: "mon",
        ip: ["addr flush dev eth0 scope global"],
        ipHeal: [...monitorAddresses, ...defaultRoutes.mon],
      },
    ],
  },
  no_route: {
    at: [
      {
        in: "mon",
        ip: ["route del default", `route del default via ${addresses6.gateway}`],
        ipHeal: defaultRoutes.mon,
      },
    ],
  },
  gateway_ignores_ping: { at: [{ in: "gw", rules: { input: echoes("drop") } }] },
  loss_own_5: { at: [{ in: "lan", rules: { forward: [lossy("pmon", 5)] } }] },
  loss_own_30: { at: [{ in: "lan", rules: { forward: [lossy("pmon", 30)] } }] },
  dns_forwarder_refused: {
    at: [{ in: "gw", rules: { input: ["udp dport 53 reject", "tcp dport 53 reject with tcp reset"] } }],
  },
  dns_forwarder_silent: { at: [{ in: "gw", rules: { input: dns("drop") } }] },
  dns_own_config: { nameservers: ["192.168.77.99"] },
  /** The first of this machine's two resolvers is dead, or the second. */
  dns_first_dead: { nameservers: ["192.168.77.99", addresses.gateway] },
  dns_second_dead: { nameservers: [addresses.gateway, "192.168.77.99"] },
} as const satisfies Record<string, Fault>;

/** The router's line, the provider and what lies beyond. `known`: the router in front answers net-unreachable. */
const onTheWay = {
  wan_known: { at: [{ in: "gw", ip: ["link set wan0 down"], ipHeal: ["link set wan0 up", ...defaultRoutes.gw] }] },
  wan_silent: silent("isp1", "c0"),
  /** The modem has lost its power: the router's WAN port has no carrier. */
  modem_down: { at: [{ in: "modem", ip: ["link set pwan down"], ipHeal: ["link set pwan up"] }] },
  /** The modem answers and has no signal. */
  line_down: { at: [{ in: "modem", ip: ["link set pisp down"], ipHeal: ["link set pisp up"] }] },
  /** The modem answers and the router has no address from the provider (PPP, DHCP): it answers net-unreachable. */
  session_down: {
    at: [
      {
        in: "gw",
        ip: [
          "route del default",
          "route del default via 2001:db8:0:1::1",
          "addr del 198.51.100.2/30 dev wan0",
          "addr del 2001:db8:0:1::2/64 dev wan0",
        ],
        ipHeal: [
          "addr replace 198.51.100.2/30 dev wan0",
          "addr replace 2001:db8:0:1::2/64 dev wan0 nodad",
          ...defaultRoutes.gw,
        ],
      },
    ],
  },
  core_known: { at: [{ in: "isp1", ip: ["link set u0 down"], ipHeal: ["link set u0 up", ...defaultRoutes.isp1] }] },
  core_silent: silent("isp2", "d0"),
  beyond_known: { at: [{ in: "isp2", ip: ["link set u0 down"], ipHeal: ["link set u0 up", ...defaultRoutes.isp2] }] },
  beyond_silent: silent("inet", "d0"),
  ipv4_silent: { at: [{ in: "isp1", rules: { forward: ["meta nfproto ipv4 drop"] } }] },
  ipv4_known: { at: [{ in: "gw", ip: ["route del default"], ipHeal: defaultRoutes.gw }] },
  ipv6_silent: { at: [{ in: "isp1", rules: { forward: ["meta nfproto ipv6 drop"] } }] },
  ipv6_known: { at: [{ in: "gw", ip: ["route del default via 2001:db8:0:1::1"], ipHeal: defaultRoutes.gw }] },
  provider_drops_icmp: { at: [{ in: "isp1", rules: { forward: echoes("drop") } }] },
  hops_silent: {
    at: [
      { in: "isp1", rules: { output: mute } },
      { in: "isp2", rules: { output: mute } },
    ],
  },
  port_443_filtered: { at: [{ in: "gw", rules: { forward: ["tcp dport 443 drop"] } }] },
  portal_redirect: { portal: true, at: [{ in: "gw", rules: { forward: ["tcp dport 443 reject with tcp reset"] } }] },
  /** Pages by HTTPS still open. */
  portal_http_only: { portal: true },
  portal_strict: { portal: true, at: [{ in: "gw", rules: { forward: ['oifname "wan0" drop'] } }] },
  /** Packets of more than 1,400 bytes vanish: the TLS handshake passes, pages stall. */
  mtu_blackhole: {
    at: [
      { ...narrow("isp1", "u0"), rules: { output: tooBig } },
      { ...narrow("isp2", "d0"), rules: { output: tooBig } },
    ],
  },
  /** Small enough that the handshake stalls too. */
  mtu_handshake: { at: [{ in: "isp1", rules: { forward: ["meta length > 1000 drop"] } }] },
  /** A narrow wire that says so: no fault. */
  mtu_narrow: { at: [narrow("isp1", "u0"), narrow("isp2", "d0"), forget("mon"), forget("inet")] },
  loss_10: { at: [{ in: "isp1", rules: { forward: [lossy("c0", 10)] } }] },
  loss_30: { at: [{ in: "isp1", rules: { forward: [lossy("c0", 30)] } }] },
  latency_500: { at: [{ in: "modem", slow: { port: "pisp", delayMs: 500, jitterMs: 0 } }] },
  latency_own_500: { at: [{ in: "lan", slow: { port: "pmon", delayMs: 500, jitterMs: 0 } }] },
  jitter: { at: [{ in: "modem", slow: { port: "pisp", delayMs: 0, jitterMs: 200 } }] },
  flapping: { ...silent("isp1", "c0"), everyMs: 5_000 },
} as const satisfies Record<string, Fault>;

/** Servers and names. */
const beyond = {
  dns_upstream_silent: { at: [{ in: "inet", rules: { input: fromProvider(addresses.providerResolvers) } }] },
  /** The forwarder goes on with its other one by itself. */
  dns_upstream_one: { at: [{ in: "inet", rules: { input: fromProvider([firstProviderResolver]) } }] },
  dns_upstream_servfail: { serve: { dns: "servfail", dnsOf: "provider" } },
  dns_upstream_refused: { serve: { dns: "refused", dnsOf: "provider" } },
  dns_all_silent: { at: [{ in: "inet", rules: { input: dns("drop") } }] },
  dns_servfail: { serve: { dns: "servfail" } },
  dns_refused: { serve: { dns: "refused" } },
  dns_nxdomain: { serve: { dns: "nxdomain" } },
  dns_empty: { serve: { dns: "empty" } },
  dns_slow: { serve: { dns: "slow" } },
  dns_hijack: { serve: { dns: "hijack_dead" } },
  dns_hijack_http: { serve: { dns: "hijack_http" } },
  dns_hijack_tls: { serve: { dns: "hijack_tls" } },
  dns_hijack_provider: { serve: { dns: "hijack_tls", dnsOf: "provider" } },
  targets_drop_icmp: {
    at: [
      {
        in: "inet",
        rules: {
          input: [
            `ip daddr ${set(addresses.targets)} icmp type echo-request drop`,
            `ip6 daddr ${set(addresses6.targets)} icmpv6 type echo-request drop`,
          ],
        },
      },
    ],
  },
  target_down: {
    at: [
      {
        in: "inet",
        rules: { input: [`ip daddr ${addresses.targets[1]} drop`, `ip6 daddr ${addresses6.targets[1]} drop`] },
      },
    ],
  },
  /** The one that also serves a watched page by address, the public names and names by HTTPS. */
  target_of_names_down: {
    at: [
      {
        in: "inet",
        rules: { input: [`ip daddr ${addresses.targets[0]} drop`, `ip6 daddr ${addresses6.targets[0]} drop`] },
      },
    ],
  },
  site_down: {
    at: [
      {
        in: "inet",
        rules: { input: [`ip daddr ${addresses.sites[0]} drop`, `ip6 daddr ${addresses6.sites[0]} drop`] },
      },
    ],
  },
  servers_refuse: {
    at: [{ in: "inet", rules: { input: [`tcp dport ${set(["80", "443"])} reject with tcp reset`] } }],
  },
  servers_hang: { serve: { web: "hang" } },
  servers_503: { serve: { web: "503" } },
  servers_slow: { serve: { web: "slow" } },
  certificate_expired: { serve: { certificate: "expired" } },
  certificate_wrong_ca: { serve: { certificate: "wrong_ca" } },
  certificate_wrong_name: { serve: { certificate: "wrong_name" } },
} as const satisfies Record<string, Fault>;

/** Every fault by name. */
export const faults = { ...atHome, ...onTheWay, ...beyond } as const;

export type FaultName = keyof typeof faults;

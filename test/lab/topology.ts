/** The namespaces of a lab, from the monitor outwards. */
export const namespaces = ["mon", "lan", "gw", "modem", "isp1", "isp2", "inet"] as const;
export type Namespace = (typeof namespaces)[number];

/** Those that forward packets. */
export const routers = ["gw", "isp1", "isp2", "inet"] as const satisfies readonly Namespace[];

/** Addresses inside the lab. The targets are the program's own defaults, which exist here inside `inet` only. */
export const addresses = {
  monitor: "192.168.77.10",
  gateway: "192.168.77.1",
  /** Where a bridging modem usually answers. */
  modem: "192.168.100.1",
  targets: ["1.1.1.1", "8.8.8.8", "9.9.9.9"],
  /** What the gateway's forwarder asks. */
  providerResolvers: ["203.0.113.53", "203.0.113.54"],
  /** Every known name that is not listed elsewhere resolves to one of these. */
  sites: ["203.0.113.80", "203.0.113.81"],
  /** Hops of the provider, as a path trace would show them. */
  hops: ["198.51.100.1", "198.51.100.6"],
} as const;

/** The same places by IPv6. */
export const addresses6 = {
  monitor: "2001:db8:77::10",
  gateway: "2001:db8:77::1",
  targets: ["2606:4700:4700::1111", "2001:4860:4860::8888", "2620:fe::9"],
  sites: ["2001:db8:80::80", "2001:db8:80::81"],
  hops: ["2001:db8:0:1::1", "2001:db8:0:2::2"],
} as const;

/** Where a hijacked name leads: to nobody, to a page by HTTP only, and to one that has a certificate for another name. */
export const hijackers = { dead: "203.0.113.66", http: "203.0.113.68", tls: "203.0.113.67" } as const;

/** Both families' default routes, as `ip -batch` lines: what a link that comes back needs again. */
export const defaultRoutes = {
  mon: [`route replace default via ${addresses.gateway}`, `route replace default via ${addresses6.gateway}`],
  gw: ["route replace default via 198.51.100.1", "route replace default via 2001:db8:0:1::1"],
  isp1: ["route replace default via 198.51.100.6", "route replace default via 2001:db8:0:2::2"],
  isp2: ["route replace default via 198.51.100.10", "route replace default via 2001:db8:0:3::2"],
} as const;

/** The monitor's own addresses; without duplicate detection, so that they are there at once. */
export const monitorAddresses = [
  `addr replace ${addresses.monitor}/24 dev eth0`,
  `addr replace ${addresses6.monitor}/64 dev eth0 nodad`,
] as const;

/** Lines for `ip -batch` in the machine's own namespace: the wires. `name` gives a namespace's full name. */
export function wires(name: (ns: Namespace) => string): string[] {
  const wire = (a: readonly [Namespace, string], b: readonly [Namespace, string]) =>
    `link add name ${a[1]} netns ${name(a[0])} type veth peer name ${b[1]} netns ${name(b[0])}`;
  return [
    wire(["mon", "eth0"], ["lan", "pmon"]),
    wire(["gw", "eth0"], ["lan", "pgw"]),
    wire(["gw", "wan0"], ["modem", "pwan"]),
    wire(["modem", "pisp"], ["isp1", "c0"]),
    wire(["isp1", "u0"], ["isp2", "d0"]),
    wire(["isp2", "u0"], ["inet", "d0"]),
  ];
}

const up = (...names: readonly string[]) => names.map((name) => `link set ${name} up`);
const give = (dev: string, ...list: readonly string[]) => list.map((address) => `addr add ${address} dev ${dev}`);
const bridge = (...ports: readonly string[]) => [
  "link add br0 type bridge forward_delay 0 mcast_snooping 0",
  ...ports.map((port) => `link set ${port} master br0`),
  ...up(...ports, "br0"),
];
const inInet = [
  ...[...addresses.targets, ...addresses.providerResolvers, ...addresses.sites].map((address) => `${address}/32`),
  ...[hijackers.http, hijackers.tls].map((address) => `${address}/32`),
  ...[...addresses6.targets, ...addresses6.sites].map((address) => `${address}/128`),
];

/** Lines for `ip -batch` inside each namespace. */
export const layout: Readonly<Record<Namespace, readonly string[]>> = {
  mon: [...up("lo", "eth0"), ...monitorAddresses, ...defaultRoutes.mon],
  lan: bridge("pmon", "pgw"),
  gw: [
    ...up("lo", "eth0", "wan0"),
    ...give("eth0", "192.168.77.1/24", "2001:db8:77::1/64"),
    ...give("wan0", "198.51.100.2/30", "192.168.100.2/24", "2001:db8:0:1::2/64"),
    ...defaultRoutes.gw,
  ],
  modem: [...bridge("pwan", "pisp"), ...give("br0", `${addresses.modem}/24`)],
  isp1: [
    ...up("lo", "c0", "u0"),
    ...give("c0", "198.51.100.1/30", "2001:db8:0:1::1/64"),
    ...give("u0", "198.51.100.5/30", "2001:db8:0:2::1/64"),
    "route add 2001:db8:77::/64 via 2001:db8:0:1::2",
    ...defaultRoutes.isp1,
  ],
  isp2: [
    ...up("lo", "d0", "u0"),
    ...give("d0", "198.51.100.6/30", "2001:db8:0:2::2/64"),
    ...give("u0", "198.51.100.9/30", "2001:db8:0:3::1/64"),
    ...homewards("198.51.100.5", "2001:db8:0:2::1"),
    ...defaultRoutes.isp2,
  ],
  inet: [
    ...up("lo", "d0"),
    ...give("d0", "198.51.100.10/30", "2001:db8:0:3::2/64"),
    "route add 198.51.100.0/24 via 198.51.100.9",
    "route add 2001:db8:0::/48 via 2001:db8:0:3::1",
    "route add 2001:db8:77::/64 via 2001:db8:0:3::1",
    ...give("lo", ...inInet),
    // Nobody's address, and nobody who says so.
    `route add blackhole ${hijackers.dead}/32`,
  ],
};

/** The way back to the home. */
function homewards(hop: string, hop6: string): string[] {
  return [
    `route replace 198.51.100.0/30 via ${hop}`,
    ...["2001:db8:77::/64", "2001:db8:0:1::/64"].map((net) => `route replace ${net} via ${hop6}`),
  ];
}

/** For `sysctl`, in every namespace: IPv6 is at once there and stays where a link goes down and up again. */
export const kernelSettings = ["all", "default"].flatMap((which) => [
  `net.ipv6.conf.${which}.disable_ipv6=0`,
  `net.ipv6.conf.${which}.accept_dad=0`,
  `net.ipv6.conf.${which}.accept_ra=0`,
  `net.ipv6.conf.${which}.keep_addr_on_down=1`,
]);

/** In a router too. A router that stays silent about what it can't forward is a fault of its own, not a default. */
export const routerSettings = ["net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1"];

/** The gateway's address translation. IPv6 needs none. */
export const translation = `table ip nat {
  chain post { type nat hook postrouting priority 100; oifname "wan0" masquerade; }
}
`;

/** Pages of whoever hijacks names: on ports of their own, since the servers hold 80 and 443 of every address. */
export const parking = `table ip parking {
  chain pre {
    type nat hook prerouting priority -100
    ip daddr { ${hijackers.http}, ${hijackers.tls} } tcp dport 80 redirect to :8080
    ip daddr { ${hijackers.http}, ${hijackers.tls} } tcp dport 443 redirect to :8443
  }
  chain in {
    type filter hook input priority 0
    ct original ip daddr ${hijackers.http} tcp dport 8443 reject with tcp reset
  }
}
`;

/** The gateway's resolver for the home: it forwards to the provider's two, and knows and remembers nothing itself. */
export const forwarder = [
  "dnsmasq",
  "--keep-in-foreground",
  "--conf-file=/dev/null",
  "--pid-file=",
  "--user=root",
  "--no-hosts",
  "--no-resolv",
  "--cache-size=0",
  "--bind-interfaces",
  "--except-interface=lo",
  `--listen-address=${addresses.gateway}`,
  ...addresses.providerResolvers.map((address) => `--server=${address}`),
];

/** The namespaces of a lab, from the monitor outwards. */
export const namespaces = ["mon", "lan", "gw", "isp1", "isp2", "inet"] as const;
export type Namespace = (typeof namespaces)[number];

/** Addresses inside the lab. The targets are the program's own defaults, which exist here inside `inet` only. */
export const addresses = {
  monitor: "192.168.77.10",
  gateway: "192.168.77.1",
  targets: ["1.1.1.1", "8.8.8.8", "9.9.9.9"],
  /** What the gateway's forwarder asks. */
  providerResolver: "203.0.113.53",
  /** Every known name that is not listed elsewhere resolves to one of these. */
  sites: ["203.0.113.80", "203.0.113.81"],
  /** Hops of the provider, as a path trace would show them. */
  hops: ["198.51.100.1", "198.51.100.6"],
} as const;

/** Lines for `ip -batch` in the machine's own namespace: the wires. `name` gives a namespace's full name. */
export function wires(name: (ns: Namespace) => string): string[] {
  const wire = (a: readonly [Namespace, string], b: readonly [Namespace, string]) =>
    `link add name ${a[1]} netns ${name(a[0])} type veth peer name ${b[1]} netns ${name(b[0])}`;
  return [
    wire(["mon", "eth0"], ["lan", "pmon"]),
    wire(["gw", "eth0"], ["lan", "pgw"]),
    wire(["gw", "wan0"], ["isp1", "c0"]),
    wire(["isp1", "u0"], ["isp2", "d0"]),
    wire(["isp2", "u0"], ["inet", "d0"]),
  ];
}

/** Lines for `ip -batch` inside each namespace. */
export const layout: Readonly<Record<Namespace, readonly string[]>> = {
  mon: [
    "link set lo up",
    "link set eth0 up",
    "addr add 192.168.77.10/24 dev eth0",
    "route add default via 192.168.77.1",
  ],
  lan: [
    "link add br0 type bridge",
    "link set pmon master br0",
    "link set pgw master br0",
    "link set pmon up",
    "link set pgw up",
    "link set br0 up",
  ],
  gw: [
    "link set lo up",
    "link set eth0 up",
    "link set wan0 up",
    "addr add 192.168.77.1/24 dev eth0",
    "addr add 198.51.100.2/30 dev wan0",
    "route add default via 198.51.100.1",
  ],
  isp1: [
    "link set lo up",
    "link set c0 up",
    "link set u0 up",
    "addr add 198.51.100.1/30 dev c0",
    "addr add 198.51.100.5/30 dev u0",
    "route add default via 198.51.100.6",
  ],
  isp2: [
    "link set lo up",
    "link set d0 up",
    "link set u0 up",
    "addr add 198.51.100.6/30 dev d0",
    "addr add 198.51.100.9/30 dev u0",
    "route add 198.51.100.0/30 via 198.51.100.5",
    "route add default via 198.51.100.10",
  ],
  inet: [
    "link set lo up",
    "link set d0 up",
    "addr add 198.51.100.10/30 dev d0",
    "route add 198.51.100.0/24 via 198.51.100.9",
    ...[...addresses.targets, addresses.providerResolver, ...addresses.sites].map((a) => `addr add ${a}/32 dev lo`),
  ],
};

/** The gateway's address translation. */
export const translation = `table ip nat {
  chain post { type nat hook postrouting priority 100; oifname "wan0" masquerade; }
}
`;

/** The gateway's resolver for the home: it forwards to the provider's and knows nothing itself. */
export const forwarder = [
  "dnsmasq",
  "--keep-in-foreground",
  "--conf-file=/dev/null",
  "--pid-file=",
  "--user=root",
  "--no-hosts",
  "--no-resolv",
  "--bind-interfaces",
  "--except-interface=lo",
  `--listen-address=${addresses.gateway}`,
  `--server=${addresses.providerResolver}`,
];

import type { SimulatedAssociation, SimulatedNetwork, SimulatedNode } from "./network.ts";

type Members = Record<string, unknown>;

/**
 * What `info-async.php` gives of a network: an array of six. Names, units and nesting are those that several clients of real
 * routers agree on. Our guesses: points behind points stand in their parent's `children`, a guest's network is called
 * `Guest network`, and one of a single device's own name contains `Device`.
 */
export function listOf(network: SimulatedNetwork): readonly unknown[] {
  const { router, nodes } = network;
  const online = [...nodes.values()].filter((node) => isReachable(node, network));
  return [
    { [router.mac]: nodeRow(router, network) },
    Object.fromEntries(online.map((node) => [node.mac, radios(node, network)])),
    directory(network),
    Object.fromEntries(online.map((node) => [node.mac, portMap(node, network)])),
    { [router.mac]: ports(network) },
    {},
  ];
}

function nodeRow(node: SimulatedNode, network: SimulatedNetwork): Members {
  const behind = [...network.nodes.values()].filter(({ uplink }) => uplink === node.mac);
  const group = (isOnline: boolean) =>
    Object.fromEntries(
      behind.filter(({ online }) => online === isOnline).map((child) => [child.mac, nodeRow(child, network)]),
    );
  const children = { wifi: group(true), offline: group(false) };
  const { mac, name, model, ip, uplink, band, rssi, uptime, online } = node;
  const common = { mac, friendly_name: name, ip, platform_name: model, protocol: 140, region_lock: "EU", children };
  if (uplink === undefined) return { ...common, role: "Router", level: 1, cost: 0, uptime };
  // A lost point keeps its identity and loses these.
  const live = online ? { active_band: band, overriden_active_band: band, rssi_min: rssi, uptime } : {};
  const counters = { connections_to: 3, connections_from: 2, last_connected: 100, last_disconnected: 105 };
  return { ...common, ...live, ...counters, role: "Extender", level: 2, cost: 3, master_peer: uplink };
}

function radios(node: SimulatedNode, network: SimulatedNetwork): Members {
  const onRadio = network.associations.flatMap((one) => {
    const { place, client } = one;
    if (place.at !== node.mac || !("band" in place)) return [];
    return [{ band: place.band, kind: place.network ?? "User network", mac: client.mac, row: associationRow(one) }];
  });
  const backhaul = [...network.nodes.values()]
    .filter(({ uplink, online }) => uplink === node.mac && online)
    .map(({ mac, band }) => ({ band, kind: "Internal network", mac: radioMac(mac), row: backhaulRow }));
  const rows = [...onRadio, ...backhaul];
  const bands = new Set(["2.4 GHz", "5 GHz", ...rows.map(({ band }) => band)]);
  return Object.fromEntries(
    Array.from(bands, (band) => {
      const kinds = Map.groupBy(
        rows.filter((row) => row.band === band),
        ({ kind }) => kind,
      );
      const clients = Array.from(kinds, ([kind, ones]) => [
        kind,
        Object.fromEntries(ones.map(({ mac, row }) => [mac, row])),
      ]);
      return [band, Object.fromEntries(clients)];
    }),
  );
}

function isReachable(node: SimulatedNode, network: SimulatedNetwork): boolean {
  const parent = node.uplink === undefined ? undefined : network.nodes.get(node.uplink);
  return node.online && (parent === undefined || isReachable(parent, network));
}

/** The MAC of a mesh point's radio towards its uplink is another one than its own, in upper case. */
function radioMac(mac: string): string {
  return `${mac.slice(0, -2)}F${mac.slice(-1)}`.toUpperCase();
}

const backhaulRow: Members = {
  HappinessScore: 90,
  Inactive: 0,
  RxBitrate: 195_000,
  TxBitrate: 173_300,
  RxBytes: 1_090_667_698,
  TxBytes: 4_294_967_295,
  RxBytes_60sec: 16_856_825,
  TxBytes_60sec: 4_000_000,
  SignalQuality: 97,
};

const fullCounter = 4_294_967_295;

function associationRow({ client, place, received, sent, age, idle, staleFor }: SimulatedAssociation): Members {
  const { hostname, description, ip, downBytesPerS = 0, upBytesPerS = 0 } = client;
  const within = (seconds: number, rate: number) => (staleFor === undefined ? rate * Math.min(seconds, age) : 0);
  const windows = [5, 15, 30, 60].flatMap((seconds) => [
    [`RxBytes_${seconds}sec`, within(seconds, downBytesPerS)],
    [`TxBytes_${seconds}sec`, within(seconds, upBytesPerS)],
  ]);
  return {
    ...(ip === undefined ? {} : { Address: ip, LeaseValidity: 3_000 }),
    ...(hostname === undefined ? {} : { HostName: hostname }),
    ...(description === undefined ? {} : { Description: description }),
    ...Object.fromEntries(windows),
    HappinessScore: 95,
    SignalQuality: "quality" in place ? (place.quality ?? 90) : 90,
    Inactive: idle,
    Mode: "802.11ac",
    RxBitrate: 866_700,
    TxBitrate: 650_000,
    RxBytes: Math.min(received, fullCounter),
    TxBytes: Math.min(sent, fullCounter),
    ...(received > fullCounter ? { RxBytes64: received } : {}),
    ...(sent > fullCounter ? { TxBytes64: sent } : {}),
  };
}

function directory({ associations }: SimulatedNetwork): Members {
  const rows = associations.map(({ client, place }) => {
    const { mac, hostname, description, ip, manufacturer } = client;
    const row = {
      connection: "port" in place ? "ethernet" : "wireless",
      ...(hostname === undefined ? {} : { host_name: hostname }),
      ...(description === undefined ? {} : { description }),
      ...(ip === undefined ? {} : { ip, lease_validity: 3_000 }),
      ...(manufacturer === undefined ? {} : { manufacturer }),
    };
    return [mac, row];
  });
  return Object.fromEntries(rows);
}

function portMap(node: SimulatedNode, { associations }: SimulatedNetwork): Members {
  const rows = associations.flatMap(({ client, place }) =>
    "port" in place && place.at === node.mac ? [[client.mac, place.port]] : [],
  );
  return Object.fromEntries(rows);
}

function ports({ router, associations, wanUp }: SimulatedNetwork): Members {
  const used = associations.flatMap(({ place }) => ("port" in place && place.at === router.mac ? [place.port] : []));
  const lan = [1, 2, 3, 4].map((port) => [
    `eth-${port}`,
    used.includes(port) ? { link: true, link_speed: 1000, rx_bitrate: 850, tx_bitrate: 31 } : { link: false },
  ]);
  const wan = wanUp ? { link: true, link_speed: 1000, rx_bitrate: 21_931, tx_bitrate: 542 } : { link: false };
  return { "eth-0": wan, ...Object.fromEntries(lan) };
}

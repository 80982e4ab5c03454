import { isIPv4, isIPv6 } from "node:net";
import { type Mac, parseMac } from "../../lib/mac.ts";
import type {
  AccessPoint,
  ClientSighting,
  RouterFacts,
  RouterInterface,
  SourceReading,
} from "../../model/devices/sighting.ts";
import { SourceError } from "../source.ts";
import { backhaulFacts } from "./backhaul.ts";
import { type ClientRow, clientRow, hasMembers, membersOf, portRow, present } from "./schema.ts";
import { readTopology, type Topology, toMeshPoint } from "./topology.ts";
import { type Association, associationFacts, freshest, isBackhaul, readAssociations } from "./wifi.ts";

/** What a list says, and how many of its rows made no sense and were left out. */
interface Understood {
  readonly reading: SourceReading;
  readonly dropped: number;
}

/**
 * The list of `info-async.php` as a reading: `[0]` the mesh, `[1]` associations, `[2]` the directory of clients, `[3]` the
 * wired ones' ports, `[4]` the ports' state. The format is undocumented; it is as several independent clients read it. Throws
 * `SourceError` where the router, the associations or the directory are missing: that is not a network without clients.
 */
export function toReading(list: readonly unknown[], router: string): Understood {
  const [mesh, associations, directoryRows, portMap, ports] = list;
  const topology = readTopology(mesh);
  if (topology === undefined) throw new SourceError("protocol", `${router} gave a list without a router in it`);
  if (!hasMembers(associations) || !hasMembers(directoryRows)) {
    throw new SourceError("protocol", `${router} gave a list without clients in it`);
  }
  const { rows, dropped: droppedRows } = readAssociations(associations);
  const { directory, dropped: droppedEntries } = readDirectory(directoryRows);
  const backhaul = rows.filter(isBackhaul);
  const accessPoints = accessPointsOf(topology, rows);
  const own = new Set([...accessPoints.map(({ id }) => id), ...backhaul.map(({ mac }) => mac)]);
  const lost = new Set(topology.points.filter(({ online }) => !online).map(({ mac }) => mac));
  const wireless = freshest(
    rows.filter(({ mac }) => !own.has(mac)),
    (accessPoint) => lost.has(accessPoint),
  ).map((row) => {
    const facts = { ...associationFacts(row), ...namesOf(directory.get(row.mac), row) };
    // The router itself says that this access point is gone: what it last told is no evidence.
    return lost.has(row.accessPoint) ? { ...facts, connected: false } : facts;
  });
  const onRadio = new Set(wireless.filter(({ connected }) => connected).map(({ mac }) => mac));
  const wired = wiredClients({ directory, portMap, accessPoints }).filter(
    ({ mac }) => !own.has(mac) && !onRadio.has(mac),
  );
  const onWire = new Set(wired.map(({ mac }) => mac));
  const clients = [...wireless.filter(({ mac }) => !onWire.has(mac)), ...wired];
  const meshPoints = topology.points.map((point) => ({
    ...toMeshPoint(point, topology),
    ...backhaulFacts(point, { points: topology.points, rows: backhaul }),
  }));
  const facts: RouterFacts = { ...routerFacts(topology, ports), meshPoints };
  const reading: SourceReading = { clients, coverage: "full", accessPoints, router: facts };
  return { reading, dropped: droppedRows + droppedEntries };
}

type Directory = ReadonlyMap<Mac, ClientRow>;

function readDirectory(value: unknown): { readonly directory: Directory; readonly dropped: number } {
  const directory = new Map<Mac, ClientRow>();
  let dropped = 0;
  for (const [macText, entry] of membersOf(value)) {
    const mac = parseMac(macText);
    const parsed = clientRow.safeParse(entry);
    if (mac !== undefined && parsed.success) directory.set(mac, parsed.data);
    else dropped += 1;
  }
  return { directory, dropped };
}

/** An access point that has clients but is not in the mesh has no name; better than losing its clients. */
function accessPointsOf({ router, points }: Topology, rows: readonly Association[]): readonly AccessPoint[] {
  const known = [router, ...points].map(({ mac, name }) => ({ id: mac, name, main: mac === router.mac }));
  const ids = new Set(known.map(({ id }) => id));
  const others = new Set(rows.map(({ accessPoint }) => accessPoint).filter((mac) => !ids.has(mac)));
  return [...known, ...[...others].map((mac) => ({ id: mac, name: mac, main: false }))];
}

type Names = Pick<ClientSighting, "ip" | "ipv6" | "hostname" | "description" | "vendor" | "lease">;

/** The Alien has the description in the association, the HD in the directory alone. */
function namesOf(entry: ClientRow | undefined, association?: Association): Names {
  const row = association?.row;
  const leaseS = row?.LeaseValidity ?? entry?.lease_validity;
  const addresses = [row?.Address, entry?.ip].filter((text) => text !== undefined);
  const ipv6 = addresses.filter((text) => isIPv6(text));
  return present<Names>({
    ip: addresses.find((text) => isIPv4(text) && text !== "0.0.0.0"),
    ipv6: ipv6.length === 0 ? undefined : [...new Set(ipv6)],
    hostname: row?.HostName ?? entry?.host_name,
    description: row?.Description ?? entry?.description,
    vendor: entry?.manufacturer,
    lease: leaseS === undefined ? undefined : { expiresInS: leaseS },
  });
}

interface WiredTables {
  readonly directory: Directory;
  readonly portMap: unknown;
  readonly accessPoints: readonly AccessPoint[];
}

/**
 * Wired are those that the directory says are, and those of which it says nothing but that have a port. One that has a port and
 * is not in the directory is left out: the switch also sees mesh points' inner addresses.
 */
function wiredClients({ directory, portMap, accessPoints }: WiredTables): ClientSighting[] {
  const known = new Set(accessPoints.map(({ id }) => id));
  const ports = readPortMap(portMap);
  const isWired = ([mac, { connection }]: readonly [Mac, ClientRow]) =>
    connection === undefined ? ports.has(mac) : /^(ethernet|wired)$/i.test(connection);
  return [...directory].filter(isWired).map(([mac, entry]) => {
    const at = ports.get(mac);
    return present<ClientSighting>({
      ...namesOf(entry),
      mac,
      connected: true,
      link: "wired",
      accessPoint: at !== undefined && known.has(at.accessPoint) ? at.accessPoint : undefined,
      interface: at === undefined ? undefined : `eth-${at.port}`,
    });
  });
}

function readPortMap(value: unknown): ReadonlyMap<Mac, { readonly accessPoint: Mac; readonly port: number }> {
  const ports = new Map<Mac, { accessPoint: Mac; port: number }>();
  for (const [apText, clients] of membersOf(value)) {
    const accessPoint = parseMac(apText);
    for (const [macText, port] of membersOf(clients)) {
      const mac = parseMac(macText);
      const isPort = typeof port === "number" && Number.isInteger(port) && port >= 0 && port < 100;
      if (accessPoint !== undefined && mac !== undefined && isPort) ports.set(mac, { accessPoint, port });
    }
  }
  return ports;
}

const wanPort = "eth-0";
const mostPorts = 32;

function routerFacts({ router: { mac, name, row } }: Topology, ports: unknown): RouterFacts {
  const [, own] = membersOf(ports).find(([key]) => parseMac(key) === mac) ?? [];
  const interfaces = membersOf(own)
    .slice(0, mostPorts)
    .flatMap(([key, port]) => interfaceOf(key, port));
  const wan = interfaces.find((one) => one.name === wanPort);
  return present<RouterFacts>({
    mac,
    model: row.platform_name,
    identity: name,
    uptimeS: row.uptime,
    wan: wan === undefined ? undefined : present({ up: wan.running, interface: wan.name }),
    interfaces,
  });
}

function interfaceOf(name: string, value: unknown): RouterInterface[] {
  const parsed = portRow.safeParse(value);
  if (!parsed.success || !/^[\w.-]{1,32}$/.test(name)) return [];
  const { link, link_speed, rx_bitrate, tx_bitrate } = parsed.data;
  return [
    present<RouterInterface>({
      name,
      running: link,
      linkMbps: link === false ? undefined : link_speed,
      rxBps: rx_bitrate === undefined ? undefined : rx_bitrate * 1000,
      txBps: tx_bitrate === undefined ? undefined : tx_bitrate * 1000,
    }),
  ];
}

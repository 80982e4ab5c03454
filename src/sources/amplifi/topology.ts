import { type Mac, parseMac } from "../../lib/mac.ts";
import type { Band, MeshPoint } from "../../model/devices/sighting.ts";
import { membersOf, type NodeRow, nodeRow, present } from "./schema.ts";

/** The router or one of its mesh points. */
export interface MeshNode {
  readonly mac: Mac;
  readonly name: string;
  readonly row: NodeRow;
  readonly online: boolean;
  /** What it hangs on; absent: it is the router, or nobody knows. */
  readonly parent?: Mac;
  /** The name of the group of children in which it was found: `wifi`, `offline`, … */
  readonly group: string;
}

/** The mesh as the router tells it. */
export interface Topology {
  readonly router: MeshNode;
  readonly points: readonly MeshNode[];
}

/**
 * Reads `[0]`: the router, its children in groups of any name, and theirs. A lost point stays in the group `offline`; what
 * hangs behind it is lost with it. That points stand behind points is a guess from the form: no capture shows it. `undefined`:
 * there is no router in it.
 */
export function readTopology(value: unknown): Topology | undefined {
  const nodes = collect(value);
  const router = nodes.find(({ row }) => row.role === "Router") ?? nodes[0];
  if (router === undefined) return undefined;
  const named = withNames(nodes);
  const points = named.filter(({ mac }) => mac !== router.mac);
  return { router: { ...(named.find(({ mac }) => mac === router.mac) ?? router), online: true }, points };
}

/** A mesh point with what its own row says of it. */
export function toMeshPoint(node: MeshNode, topology: Topology): MeshPoint {
  const { mac, name, online, row, group } = node;
  const parent = [topology.router, ...topology.points].find((other) => other.mac === node.parent);
  return present<MeshPoint>({
    mac,
    name,
    online,
    model: row.platform_name,
    ip: row.ip,
    signalDbm: online ? row.rssi_min : undefined,
    band: online ? backhaulBand(row.active_band, group) : undefined,
    uplink: online ? parent?.name : undefined,
    uptimeS: online ? row.uptime : undefined,
  });
}

/** The band that a text such as `2.4 GHz` names. */
export function bandOf(text: string | undefined): Band | undefined {
  const [, band] = /^\s*(2\.4|5|6)(?![\d.])/.exec(text ?? "") ?? [];
  return band === "2.4" || band === "5" || band === "6" ? band : undefined;
}

function backhaulBand(activeBand: string | undefined, group: string): Band | "wired" | undefined {
  const band = bandOf(activeBand);
  if (band !== undefined) return band;
  return /^(eth|wired\b|wire\b)/i.test(activeBand ?? group) ? "wired" : undefined;
}

/** More points than any such mesh has; it bounds the walk through what a stranger sends. */
const mostNodes = 256;

/** Each node once: where a MAC stands in two groups, the one that is online counts. */
function collect(value: unknown): MeshNode[] {
  const found = new Map<Mac, MeshNode>();
  const queue: Branch[] = [{ members: value, online: true, group: "" }];
  for (let branch = queue.shift(); branch !== undefined && found.size < mostNodes; branch = queue.shift()) {
    const { members, online, group, parent } = branch;
    for (const [key, member] of membersOf(members).slice(0, mostNodes)) {
      const parsed = nodeRow.safeParse(member);
      const mac = parseMac(key) ?? parseMac(parsed.data?.mac ?? "");
      if (!parsed.success || mac === undefined) continue;
      const known = found.get(mac);
      if (known !== undefined && (known.online || !online)) continue;
      const node = { mac, name: mac, row: parsed.data, online, group };
      found.set(mac, parent === undefined ? node : { ...node, parent });
      for (const [name, children] of membersOf(parsed.data.children).slice(0, mostNodes)) {
        queue.push({ members: children, online: online && name !== "offline", group: name, parent: mac });
      }
    }
  }
  return [...found.values()];
}

interface Branch {
  readonly members: unknown;
  readonly online: boolean;
  readonly group: string;
  readonly parent?: Mac;
}

/** `Kitchen (AFi-P-HD-12AB34)` is `Kitchen`, unless there are two of them. */
function withNames(nodes: readonly MeshNode[]): MeshNode[] {
  const shortOf = ({ row }: MeshNode) => row.friendly_name?.replace(/ \(AFi-[^()]{1,60}\)$/, "").trim();
  const shorts = nodes.map(shortOf);
  return nodes.map((node) => {
    const short = shortOf(node);
    const isAlone = shorts.filter((other) => other === short).length === 1;
    return { ...node, name: (isAlone && short ? short : node.row.friendly_name) ?? node.row.platform_name ?? node.mac };
  });
}

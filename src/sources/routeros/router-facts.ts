import { type Mac, parseMac } from "../../lib/mac.ts";
import type { RouterFacts, RouterInterface } from "../../model/devices/sighting.ts";
import type { RouterosRow } from "./client.ts";
import type { Tables } from "./menus.ts";
import { inUse, type Ports } from "./ports.ts";
import { readCount, readDuration, readFlag, readIpv4, readMeasure, readText } from "./values.ts";

/** What the router says of itself. */
export function readRouterFacts(tables: Tables, ports: Ports): RouterFacts {
  const resource = tables.resource?.[0] ?? {};
  const routerboard = tables.routerboard?.[0] ?? {};
  const interfaces = tables.interfaces ?? [];
  const facts: { readonly [K in keyof RouterFacts]-?: RouterFacts[K] | undefined } = {
    mac: ownMac(interfaces),
    model: readText(resource["board-name"]) ?? readText(routerboard["model"]),
    firmware: release(resource["version"]),
    serial: readText(routerboard["serial-number"]),
    identity: readText(tables.identity?.[0]?.["name"]),
    uptimeS: readDuration(resource["uptime"]),
    wan: wanOf(tables, ports),
    cpuPercent: cpuPercent(resource),
    memoryPercent: memoryPercent(resource),
    temperatureC: temperature(tables.health ?? []),
    update: updateOf(tables),
    interfaces: tables.interfaces === undefined ? undefined : interfaces.flatMap((row) => interfaceOf(row) ?? []),
    meshPoints: undefined,
  };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

/** `7.21.4 (stable)`: the channel is no part of the version. */
function release(version: string | undefined): string | undefined {
  return readText(version)?.replace(/\s*\(.*$/, "") || undefined;
}

/** The address that the home's side sees: a bridge's, or the first port's. */
function ownMac(interfaces: readonly RouterosRow[]): Mac | undefined {
  const ofType = (type: string) => interfaces.find((row) => row["type"] === type && readFlag(row["disabled"]) !== true);
  return parseMac((ofType("bridge") ?? ofType("ether"))?.["mac-address"] ?? "");
}

function cpuPercent(resource: RouterosRow): number | undefined {
  const load = readMeasure(resource["cpu-load"]);
  return load !== undefined && load >= 0 && load <= 100 ? load : undefined;
}

function memoryPercent(resource: RouterosRow): number | undefined {
  const free = readCount(resource["free-memory"]);
  const total = readCount(resource["total-memory"]);
  if (free === undefined || total === undefined || total === 0 || free > total) return undefined;
  return Math.round(((total - free) / total) * 1_000) / 10;
}

/** The case's sensor before that of the processor; those of switches and of what is plugged in tell of something else. */
const sensors = ["temperature", "board-temperature", "board-temperature1", "cpu-temperature"];

/** Version 6: one row, a key each; version 7: a row each, with `name` and `value`. */
function temperature(health: readonly RouterosRow[]): number | undefined {
  const named = health.filter((row) => row["name"] !== undefined).map((row) => [row["name"], row["value"]] as const);
  const readings = new Map([...health.flatMap((row) => Object.entries(row)), ...named]);
  for (const sensor of sensors) {
    const celsius = readMeasure(readings.get(sensor));
    if (celsius !== undefined && celsius > -60 && celsius < 200) return celsius;
  }
  return undefined;
}

/** What the router found when it was last told to look: a release that is newer, or the one it has. */
function updateOf({ update = [], resource = [] }: Tables): RouterFacts["update"] {
  const installed = readText(update[0]?.["installed-version"]) ?? release(resource[0]?.["version"]);
  const latest = readText(update[0]?.["latest-version"]);
  return installed === undefined || latest === undefined ? undefined : { installed, latest };
}

/** The way out: what makes the default route, dialled before leased before set by hand; what is up before what is not. */
function wanOf(tables: Tables, ports: Ports): RouterFacts["wan"] {
  const ways = [...dialledWays(tables, ports), ...leasedWays(tables, ports), ...fixedWays(tables, ports)];
  const named = ways.filter((way) => way.interface !== "");
  return named.find(({ up }) => up) ?? named[0];
}

interface Way {
  readonly up: boolean;
  readonly interface: string;
  readonly ip?: string;
}

function dialledWays(tables: Tables, { types }: Ports): readonly Way[] {
  return (tables.interfaces ?? [])
    .filter((row) => /^(pppoe|ppp)-out$|^lte$/.test(types.get(row["name"] ?? "") ?? "") && inUse(row))
    .map((row) => wayThrough(row["name"] ?? "", tables));
}

function leasedWays(tables: Tables, { wan }: Ports): readonly Way[] {
  return (tables.dhcpClients ?? [])
    .filter((row) => inUse(row) && wan.has(row["interface"] ?? "") && row["add-default-route"] !== "no")
    .map((row) => {
      const way = wayThrough(row["interface"] ?? "", tables);
      const ip = readIpv4(row["address"]);
      // Anything else is on its way to `bound`: searching..., requesting..., rebinding....
      const up = way.up && (row["status"] === "bound" || (row["status"] === undefined && ip !== undefined));
      return { interface: way.interface, up, ...(ip === undefined || !up ? {} : { ip }) };
    });
}

function fixedWays(tables: Tables, { wan }: Ports): readonly Way[] {
  return [...wan].map((name) => wayThrough(name, tables)).filter(({ ip }) => ip !== undefined);
}

function wayThrough(name: string, { interfaces = [], addresses = [] }: Tables): Way {
  const row = interfaces.find((each) => each["name"] === name);
  const up = row === undefined || (readFlag(row["running"]) !== false && inUse(row));
  const own = addresses.find((each) => each["interface"] === name && inUse(each));
  const ip = readIpv4(own?.["address"]);
  return { interface: readText(name) ?? "", up, ...(ip === undefined ? {} : { ip }) };
}

function interfaceOf(row: RouterosRow): RouterInterface | undefined {
  const name = readText(row["name"]);
  if (name === undefined || row["type"] === "loopback") return undefined;
  const running = readFlag(row["running"]);
  const rxBytes = readCount(row["rx-byte"]);
  const txBytes = readCount(row["tx-byte"]);
  const comment = readText(row["comment"]);
  return {
    name,
    ...(running === undefined ? {} : { running: running && readFlag(row["disabled"]) !== true }),
    ...(rxBytes === undefined ? {} : { rxBytes }),
    ...(txBytes === undefined ? {} : { txBytes }),
    ...(comment === undefined ? {} : { comment }),
  };
}

import { type Mac, parseMac } from "../../lib/mac.ts";
import type { Band } from "../../model/devices/sighting.ts";
import type { RouterosRow } from "./client.ts";
import type { Tables } from "./menus.ts";
import { readBand, readFlag, readText } from "./values.ts";

/** What a network name of the router is good for, and what of the router itself turns up in its tables. */
export interface Ports {
  /** The router's own addresses on the side of the home. */
  readonly ownMacs: ReadonlySet<Mac>;
  /** Interfaces towards the provider: who is seen there is no client. */
  readonly wan: ReadonlySet<string>;
  /** `ether`, `wlan`, `bridge`, … by interface. */
  readonly types: ReadonlyMap<string, string>;
  readonly radios: ReadonlyMap<string, { readonly ssid?: string; readonly band?: Band }>;
}

/** Interfaces that only ever lead to a provider. Tunnels (l2tp, sstp, ovpn) lead to offices as well. */
const dialled = /^(pppoe-out|ppp-out|lte)$/;

export function readPorts(tables: Tables): Ports {
  const { interfaces = [], wirelessRadios = [] } = tables;
  const types = new Map(interfaces.map((row) => [row["name"] ?? "", row["type"] ?? ""]));
  const wan = wanInterfaces(tables, types);
  return {
    wan,
    types,
    // Some providers want to see the address of the customer's old computer: on the wire to them it is the router's.
    ownMacs: new Set([...macsOf(interfaces.filter((row) => !wan.has(row["name"] ?? ""))), ...localHosts(tables)]),
    radios: new Map(wirelessRadios.map((row) => [row["name"] ?? "", radioOf(row)])),
  };
}

/** True unless somebody has switched the row off, or it can't work. */
export function inUse(row: RouterosRow): boolean {
  return readFlag(row["disabled"]) !== true && readFlag(row["invalid"]) !== true;
}

/** How clients hang on an interface of that type. */
export function linkOf(type: string | undefined): "wired" | "wifi" | undefined {
  if (type === "ether" || type === "bond") return "wired";
  return type === "wlan" || type === "wifi" || type === "wifiwave2" || type === "cap" ? "wifi" : undefined;
}

function wanInterfaces(tables: Tables, types: ReadonlyMap<string, string>): ReadonlySet<string> {
  const { dhcpClients = [], interfaceLists = [] } = tables;
  // MikroTik's own first configuration makes a list of that name.
  const listed = interfaceLists
    .filter((row) => row["list"] === "WAN" && inUse(row))
    .map((row) => row["interface"] ?? "");
  // An access point without routing gets its own address by DHCP on the bridge that its clients are on.
  const asking = dhcpClients.filter(inUse).map((row) => row["interface"] ?? "");
  const outward = asking.filter((name) => types.get(name) !== "bridge");
  const dialling = [...types].filter(([, type]) => dialled.test(type)).map(([name]) => name);
  return new Set([...listed, ...outward, ...dialling].filter((name) => name !== ""));
}

function localHosts({ bridgeHosts = [] }: Tables): readonly Mac[] {
  return macsOf(bridgeHosts.filter((row) => readFlag(row["local"]) === true));
}

function macsOf(rows: readonly RouterosRow[]): readonly Mac[] {
  return rows.flatMap((row) => parseMac(row["mac-address"] ?? "") ?? []);
}

function radioOf(row: RouterosRow): { readonly ssid?: string; readonly band?: Band } {
  const ssid = readText(row["ssid"]);
  const band = readBand(row["band"]) ?? readBand(row["frequency"]);
  return { ...(ssid === undefined ? {} : { ssid }), ...(band === undefined ? {} : { band }) };
}

import { parseMac } from "../../lib/mac.ts";
import type { RouterFacts, RouterInterface } from "../../model/devices/sighting.ts";
import { addressesOf, type Page, plain } from "./pages.ts";
import type { ArpRow } from "./tables.ts";

/** All that one poll read. Pages that this router does not have are absent. */
export interface DdwrtPages {
  readonly lan: Page;
  readonly wireless?: Page;
  readonly internet?: Page;
  readonly router?: Page;
  readonly identity?: Identity;
  readonly interfaces: readonly RouterInterface[];
}

/** Which side of the router is the provider's. */
export interface WanSide {
  readonly up: boolean;
  readonly ip?: string;
  readonly interface?: string;
  /** Whether a row of the ARP table stands for something on that side. */
  faces(row: ArpRow): boolean;
}

/** What the router is made of. */
export interface Identity {
  readonly model?: string;
  readonly firmware?: string;
}

/**
 * Reads Status_Internet. `undefined`: there is no such port (an access point: `wan_proto` is `disabled`) or no such page. The status is in
 * the router's language, but the button behind it is not: one that offers `Connect` means a session that is down.
 */
export function wanSide(pages: Pick<DdwrtPages, "lan" | "internet">, rows: readonly ArpRow[]): WanSide | undefined {
  const { lan, internet } = pages;
  const value = (key: string) => internet?.values.get(key) ?? "";
  const protocol = value("wan_shortproto");
  if (!internet?.values.has("wan_ipaddr") || protocol === "disabled" || protocol === "bridge") return undefined;
  const ip = addressesOf(value("wan_ipaddr"))[0];
  const offersConnect = /connect\([^)]*'Connect_/.test(value("wan_status"));
  const inSubnet = subnet(value("wan_ipaddr"), value("wan_netmask"));
  const gateway = addressesOf(value("wan_gateway"))[0];
  const inLan = subnet(lan.values.get("lan_ip") ?? "", lan.values.get("lan_netmask") ?? "");
  const inside = (row: ArpRow) => row.addresses.some(inLan);
  const outside = (row: ArpRow) =>
    !inside(row) && row.addresses.some((address) => address === gateway || inSubnet(address));
  const found = rows.find((row) => row.interface !== undefined && outside(row))?.interface;
  // Where the LAN is behind the same interface, that tells nothing.
  const device = rows.some((row) => row.interface === found && inside(row)) ? undefined : found;
  return {
    up: ip !== undefined && !offersConnect,
    ...(ip === undefined ? {} : { ip }),
    ...(device === undefined ? {} : { interface: device }),
    faces: (row) => outside(row) || (device !== undefined && row.interface === device),
  };
}

/** What the pages say of the router itself. */
export function routerFacts({ lan, router, identity, interfaces }: DdwrtPages, wan: WanSide | undefined): RouterFacts {
  const value = (key: string) => router?.values.get(key) ?? lan.values.get(key);
  const given: { readonly [K in keyof RouterFacts]: RouterFacts[K] | undefined } = {
    mac: parseMac(lan.values.get("lan_mac") ?? ""),
    model: plain(value("router_model") ?? "") ?? identity?.model,
    firmware: plain(value("router_firmware") ?? "") ?? identity?.firmware,
    identity: plain(value("router_name") ?? ""),
    uptimeS: uptimeSeconds(value("uptime") ?? ""),
    memoryPercent: memoryPercent(router?.lists.get("mem_info") ?? []),
    temperatureC: temperature(value("cpu_temp") ?? ""),
    wan: wan === undefined ? undefined : { up: wan.up, ...pick(wan, "ip"), ...pick(wan, "interface") },
    interfaces: interfaces.length === 0 ? undefined : interfaces,
  };
  return Object.fromEntries(Object.entries(given).filter(([, fact]) => fact !== undefined));
}

/** Status_Router.asp, a page for people: the only one that names the hardware. Best effort. */
export function parseIdentity(html: string): Identity {
  const model =
    /id="?router_model"?[^>]{0,80}>([^<]{1,80})</.exec(html)?.[1] ??
    /sys_model\)?[^<]{0,20}<\/script>\s*<\/div>\s*(?:<[^>]{1,80}>)?\s*([^<]{1,80})/.exec(html)?.[1];
  const firmware = /DD-WRT v[\w.+-]{1,24}(?: [\w.-]{1,16})?(?: \([\d/.-]{6,12}\))?/.exec(html)?.[0];
  const modelText = plain(model ?? "");
  return {
    ...(modelText === undefined ? {} : { model: modelText }),
    ...(firmware === undefined ? {} : { firmware }),
  };
}

/** A row of `/proc/net/dev` behind a line with the date, as `fetchif.cgi?br0` answers. `undefined`: no such interface or page. */
export function parseInterface(name: string, text: string): RouterInterface | undefined {
  const at = text.indexOf(`${name}:`);
  if (at === -1) return undefined;
  const numbers = text
    .slice(at + name.length + 1, at + 400)
    .trim()
    .split(/\s+/, 16);
  const [rx, tx] = [numbers[0], numbers[8]].map((word) => (/^\d{1,15}$/.test(word ?? "") ? Number(word) : undefined));
  return rx === undefined || tx === undefined ? undefined : { name, rxBytes: rx, txBytes: tx };
}

/** ` 15:12:16 up 8 days, 18:55, load average: …`, `up 12:22,`, `up 5 min,`. */
function uptimeSeconds(text: string): number | undefined {
  const [, rest] = /\bup\s+(.{1,60})/.exec(text) ?? [];
  if (rest === undefined) return undefined;
  const days = /^(\d{1,5}) days?,?\s*/.exec(rest);
  const time = rest.slice(days?.[0].length ?? 0);
  const clock = /^(\d{1,2}):(\d{2})/.exec(time);
  const minutes = /^(\d{1,2}) min/.exec(time);
  if (days === null && clock === null && minutes === null) return undefined;
  return (
    Number(days?.[1] ?? 0) * 86_400 + Number(clock?.[1] ?? 0) * 3_600 + Number(clock?.[2] ?? minutes?.[1] ?? 0) * 60
  );
}

/** Words of `/proc/meminfo`, each name followed by its number. */
function memoryPercent(words: readonly string[]): number | undefined {
  const kilobytes = (name: string) => {
    const at = words.indexOf(`${name}:`);
    return at === -1 ? undefined : Number(words[at + 1]);
  };
  const total = kilobytes("MemTotal");
  const free = (kilobytes("MemFree") ?? Number.NaN) + (kilobytes("Buffers") ?? 0) + (kilobytes("Cached") ?? 0);
  const percent = total === undefined ? Number.NaN : (1 - (kilobytes("MemAvailable") ?? free) / total) * 100;
  return percent >= 0 && percent <= 100 ? Math.round(percent * 10) / 10 : undefined;
}

/** `CPU 63.3 °C / WL0 46.3 °C`, `Not available`: the first one. */
function temperature(text: string): number | undefined {
  const [, degrees] = /(?:^|[^\d.])(\d{1,3}(?:\.\d{1,2})?)\s*(?:&#?\w{2,5};|[^\w\s])?\s*C\b/.exec(text) ?? [];
  const value = Number(degrees);
  return value > 0 && value < 150 ? value : undefined;
}

/** Whether an IPv4 address is in a subnet, which may be a single address. */
function subnet(address: string, netmask: string): (other: string) => boolean {
  const [base, mask] = [ipv4Number(address), ipv4Number(netmask)];
  if (base === undefined || mask === undefined || base === 0 || mask === 0) return () => false;
  return (other) => {
    const number = ipv4Number(other);
    return number !== undefined && ((number ^ base) & mask) === 0;
  };
}

function ipv4Number(text: string): number | undefined {
  const bytes = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text.trim())?.slice(1).map(Number);
  if (bytes === undefined || bytes.some((byte) => byte > 255)) return undefined;
  return bytes.reduce((number, byte) => number * 256 + byte, 0);
}

function pick<T extends object, K extends keyof T>(from: T, key: K): Partial<Pick<T, K>> {
  return from[key] === undefined ? {} : ({ [key]: from[key] } as Partial<Pick<T, K>>);
}

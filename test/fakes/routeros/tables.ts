import { durationText, type Home, type HomeState, isRadio } from "./home.ts";
import type { FakeRow } from "./wire.ts";

/** How a simulated router differs from others. */
export interface Model {
  /** `6.49.10`, `7.21.4`. */
  readonly release: string;
  /** Which menu holds its Wi-Fi clients. */
  readonly wifi: "wireless" | "wifi" | "wifiwave2" | "capsman" | "none";
  readonly identity: string;
  readonly kidControl: boolean;
  /** Leases, each with its ARP entry, beside those of the home. */
  readonly extraLeases: number;
}

const ports = ["ether1", "ether2", "ether3"];
const radios = ["wlan1", "wlan2"];

/** The rows of each menu that such a router has, by path, made when asked. */
export function tablesOf(home: Home, model: Model): ReadonlyMap<string, () => readonly FakeRow[]> {
  const isV6 = model.release.startsWith("6.");
  const wifiMenu = {
    wireless: "/interface/wireless/registration-table",
    wifi: "/interface/wifi/registration-table",
    wifiwave2: "/interface/wifiwave2/registration-table",
    capsman: "/caps-man/registration-table",
    none: undefined,
  }[model.wifi];
  const here = () => [...home.states.values()].filter((state) => state.port !== undefined && isRadio(state.port));
  const entries: (readonly [string, () => readonly FakeRow[]])[] = [
    ["/ip/dhcp-server/lease", () => [...leases(home, isV6), ...extra(model, extraLease)]],
    ["/ip/arp", () => [...arp(home, isV6), ...extra(model, (n) => extraArp(n, isV6))]],
    ["/interface/bridge/host", () => bridgeHosts(home, isV6)],
    ["/interface", () => interfaces(home, model)],
    ["/system/resource", () => [resource(home, model)]],
    ["/system/identity", () => [{ name: model.identity }]],
    ["/system/routerboard", () => [{ routerboard: "true", model: "RBD52G-5HacD2HnD", "serial-number": "HC1000000AB" }]],
    ["/system/health", () => (isV6 ? [{ voltage: "24.1", temperature: "41" }] : health)],
    ["/system/package/update", () => [update(model)]],
    ["/ip/dhcp-client", () => [dhcpClient(home)]],
    ["/ip/address", () => addresses(home)],
    ["/interface/list/member", () => [{ ".id": "*1", list: "WAN", interface: "ether1", disabled: "false" }]],
    ["/ipv6/neighbor", () => neighbors6(home)],
    ["/ip/kid-control/device", () => (model.kidControl ? kidControl(home) : [])],
  ];
  if (model.wifi === "wireless")
    entries.push([
      "/interface/wireless",
      () => [
        { ".id": "*1", name: "wlan1", ssid: "Home", band: "2ghz-b/g/n", frequency: "2437" },
        { ".id": "*2", name: "wlan2", ssid: "Home", band: "5ghz-a/n/ac", frequency: "5180" },
      ],
    ]);
  if (wifiMenu !== undefined)
    entries.push([wifiMenu, () => here().map((state) => registration(state, home, model.wifi))]);
  return new Map(entries);
}

function id(n: number): string {
  return `*${(n + 1).toString(16).toUpperCase()}`;
}

function leases(home: Home, isV6: boolean): readonly FakeRow[] {
  return [...home.states.values()].flatMap((state, n) => {
    const { client } = state;
    const isStatic = client.lease === "static";
    const bound = home.hasLease(state);
    if (client.lease === "none" || (!isStatic && !bound)) return [];
    const expiresInS = state.leaseUntil - home.now;
    const common: FakeRow = {
      ".id": id(n),
      address: client.ip,
      "mac-address": client.mac.toUpperCase(),
      server: "defconf",
      "last-seen": state.heardAt < 0 ? "never" : durationText(home.now - state.heardAt),
      status: bound ? "bound" : "waiting",
      dynamic: String(!isStatic),
      disabled: "false",
      blocked: "false",
      radius: "false",
      ...(client.comment === undefined ? {} : { comment: client.comment }),
    };
    if (!bound) return [common];
    return [
      {
        ...common,
        "active-address": client.ip,
        "active-mac-address": client.mac.toUpperCase(),
        "active-server": "defconf",
        "client-id": `1:${client.mac}`,
        "expires-after": isV6 ? clockText(expiresInS) : durationText(expiresInS),
        ...(client.name === undefined ? {} : { "host-name": client.name }),
      },
    ];
  });
}

/** `00:14:26`, as old releases say it. */
function clockText(seconds: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  return `${two(seconds / 3_600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
}

function arp(home: Home, isV6: boolean): readonly FakeRow[] {
  const rows = [...home.states.values()].flatMap((state, n) => {
    const status = home.arpStatus(state);
    if (status === undefined) return [];
    const { mac, ip } = state.client;
    return [arpRow(n + 16, { ip, mac, port: "bridge", ...(isV6 ? {} : { status }) })];
  });
  const gateway = arpRow(1, { ip: "198.51.100.1", mac: "00:00:5e:00:53:01", port: "ether1", status: "reachable" });
  // Asked for, and no answer.
  const silent = { ".id": id(2), address: "192.168.88.77", interface: "bridge", dynamic: "true", complete: "false" };
  return [isV6 ? without(gateway, "status") : gateway, silent, ...rows];
}

function arpRow(
  n: number,
  { ip, mac, port, status }: { ip: string; mac: string; port: string; status?: string },
): FakeRow {
  const flags = {
    DHCP: "false",
    dynamic: "true",
    complete: "true",
    disabled: "false",
    invalid: "false",
    published: "false",
  };
  const row = { ".id": id(n), address: ip, "mac-address": mac.toUpperCase(), interface: port, ...flags };
  return status === undefined ? row : { ...row, status };
}

function without(row: FakeRow, name: string): FakeRow {
  return Object.fromEntries(Object.entries(row).filter(([key]) => key !== name));
}

function bridgeHosts(home: Home, isV6: boolean): readonly FakeRow[] {
  const row = (n: number, mac: string, { port, local }: { port: string; local: boolean }): FakeRow => ({
    ".id": id(n),
    "mac-address": mac.toUpperCase(),
    [isV6 ? "interface" : "on-interface"]: port,
    bridge: "bridge",
    local: String(local),
    dynamic: "true",
    disabled: "false",
    invalid: "false",
  });
  const own = [...ports.slice(1), ...radios].map((port, n) => row(n, macOf(port), { port, local: true }));
  const learnt = [...home.states.values()].filter((state) => home.inBridge(state));
  return [...own, ...learnt.map((state, n) => row(n + 16, state.client.mac, { port: state.lastPort, local: false }))];
}

function registration(state: HomeState, home: Home, menu: Model["wifi"]): FakeRow {
  const { mac, signal = -58 } = state.client;
  const common = {
    ".id": "*1",
    interface: state.port ?? "",
    "mac-address": mac.toUpperCase(),
    uptime: durationText(home.now - state.since),
    "last-activity": `${(home.now - state.heardAt) * 1000 + 170}ms`,
    bytes: `${state.received},${state.sent}`,
  };
  const rates = { "tx-rate": "72.2Mbps-20MHz/1S/SGI", "rx-rate": "65Mbps-20MHz/1S" };
  if (menu === "wireless") return { ...common, ...rates, ap: "false", "signal-strength": `${signal}@6Mbps` };
  if (menu === "capsman") return { ...common, ...rates, ssid: "Home", "rx-signal": `${signal}` };
  const band = state.port?.endsWith("1") === true ? "2ghz-ax" : "5ghz-ax";
  return { ...common, ssid: "Home", band, signal: `${signal}`, "tx-rate": "72200000", "rx-rate": "65000000" };
}

function interfaces(home: Home, model: Model): readonly FakeRow[] {
  const { received, sent } = home.through;
  const row = (name: string, n: number, type: string): FakeRow => ({
    ".id": id(n),
    name,
    "default-name": name,
    type,
    running: String(name !== "ether1" || home.wan.up),
    disabled: "false",
    "mac-address": macOf(name).toUpperCase(),
    "rx-byte": String(name === "ether1" ? received : sent),
    "tx-byte": String(name === "ether1" ? sent : received),
    ...(name === "ether1" ? { comment: "to the provider" } : {}),
  });
  const wifi = model.wifi === "none" ? [] : radios;
  const type = model.wifi === "wireless" ? "wlan" : model.wifi === "capsman" ? "cap" : "wifi";
  return [
    ...ports.map((name, n) => row(name, n, "ether")),
    ...wifi.map((name, n) => row(name, n + 4, type)),
    row("bridge", 9, "bridge"),
  ];
}

/** A MAC of the router's own, by interface. */
export function macOf(port: string): string {
  const ports = ["bridge", "ether1", "ether2", "ether3", "wlan1", "wlan2"];
  return `00:00:5e:00:53:${(0x80 + ports.indexOf(port)).toString(16)}`;
}

function resource(home: Home, { release }: Model): FakeRow {
  return {
    uptime: durationText(home.uptimeS),
    version: `${release} (stable)`,
    "board-name": "hAP ac^2",
    platform: "MikroTik",
    "cpu-load": "7",
    "free-memory": "65011712",
    "total-memory": "134217728",
  };
}

const health: readonly FakeRow[] = [
  { ".id": "*D", name: "cpu-temperature", value: "52", type: "C" },
  { ".id": "*E", name: "temperature", value: "41", type: "C" },
  { ".id": "*F", name: "voltage", value: "24.1", type: "V" },
];

function update({ release }: Model): FakeRow {
  const latest = release.startsWith("6.") ? "6.49.18" : "7.22";
  return {
    channel: "stable",
    "installed-version": release,
    "latest-version": latest,
    status: "New version is available",
  };
}

function dhcpClient(home: Home): FakeRow {
  const row = { ".id": "*1", interface: "ether1", "add-default-route": "yes", disabled: "false", invalid: "false" };
  return home.wan.up ? { ...row, status: "bound", address: `${home.wan.ip}/24` } : { ...row, status: "searching..." };
}

function addresses(home: Home): readonly FakeRow[] {
  const row = { disabled: "false", invalid: "false" };
  const lan = { ...row, ".id": "*1", address: "192.168.88.1/24", interface: "bridge" };
  return home.wan.up ? [lan, { ...row, ".id": "*2", address: `${home.wan.ip}/24`, interface: "ether1" }] : [lan];
}

function neighbors6(home: Home): readonly FakeRow[] {
  return [...home.states.values()]
    .filter((state) => state.port !== undefined)
    .flatMap(({ client: { mac, ip } }) =>
      ["fe80::", "2001:db8::"].map((prefix) => ({
        address: `${prefix}${ip.split(".").at(-1)}`,
        "mac-address": mac.toUpperCase(),
        interface: "bridge",
        status: "stale",
      })),
    );
}

function kidControl(home: Home): readonly FakeRow[] {
  return [...home.states.values()].map(({ client: { mac, name = "" }, totalReceived, totalSent }) => ({
    "mac-address": mac.toUpperCase(),
    name,
    "bytes-down": String(totalReceived),
    "bytes-up": String(totalSent),
    disabled: "false",
  }));
}

function extra(model: Model, row: (n: number) => FakeRow): readonly FakeRow[] {
  return Array.from({ length: model.extraLeases }, (_, n) => row(n));
}

function extraMac(n: number): string {
  return `02:00:00:00:${(n >> 8).toString(16).padStart(2, "0")}:${(n & 255).toString(16).padStart(2, "0")}`;
}

function extraIp(n: number): string {
  return `10.0.${n >> 8}.${n & 255}`;
}

function extraLease(n: number): FakeRow {
  const mac = extraMac(n).toUpperCase();
  const active = { "active-address": extraIp(n), "active-mac-address": mac, "active-server": "lan" };
  const flags = { dynamic: "true", disabled: "false", blocked: "false", status: "bound" };
  return {
    ".id": id(n + 4096),
    address: extraIp(n),
    "mac-address": mac,
    "client-id": `1:${mac}`,
    "host-name": `host-${n}`,
    "expires-after": "9m12s",
    "last-seen": "48s",
    ...active,
    ...flags,
  };
}

function extraArp(n: number, isV6: boolean): FakeRow {
  const row = { ip: extraIp(n), mac: extraMac(n), port: "bridge" };
  return arpRow(n + 4096, isV6 ? row : { ...row, status: "reachable" });
}

import type { FakeClient, Household } from "./household.ts";

/**
 * How this build writes its pages. The widths are words a row, as DD-WRT's sources and the clients of others show them; the words
 * beyond those that are known are made up.
 */
export interface PageForm {
  readonly arpWidth: 3 | 4 | 5 | 8;
  /** 0: a router without radios, whose page has none of their keys. */
  readonly wirelessWidth: 0 | 4 | 8 | 9 | 10 | 11 | 17 | 21;
  readonly leaseWidth: 5 | 7;
  /** udhcpd's form of the leases: double quotes, and `&nbsp;` for no name. */
  readonly doubleQuotes: boolean;
  /** An extra brace behind the leases. */
  readonly doubleBrace: boolean;
  /** Each row on a line of its own. */
  readonly multiLine: boolean;
  /** MACs as `xx:xx:xx:xx:70:65`. */
  readonly maskMacs: boolean;
  /** Builds without accounting write zeros. */
  readonly countsBytes: boolean;
  readonly wanProtocol: "dhcp" | "pppoe" | "disabled";
  /** `Connected` in the router's language. */
  readonly connectedWord: string;
  /** Keys that are left out. */
  readonly without: readonly string[];
}

/** A current build. */
export const currentForm: PageForm = {
  arpWidth: 8,
  wirelessWidth: 11,
  leaseWidth: 5,
  doubleQuotes: false,
  doubleBrace: false,
  multiLine: false,
  maskMacs: false,
  countsBytes: true,
  wanProtocol: "dhcp",
  connectedWord: "Connected",
  without: [],
};

/** The body of a page by its path without the slash; `undefined`: there is none. */
export function renderPage(path: string, house: Household, form: PageForm): string | undefined {
  const [name = "", query = ""] = path.split("?");
  switch (name) {
    case "Status_Lan.live.asp":
      return records(lanRecords(house, form), form);
    case "Status_Wireless.live.asp":
      return records(wirelessRecords(house, form), form);
    case "Status_Internet.live.asp":
      return records(internetRecords(house, form), form);
    case "Status_Router.live.asp":
      return records(routerRecords(house), form);
    case "Status_Router.asp":
      return identityPage(house);
    case "fetchif.cgi":
      return interfaceRow(query, house);
    default:
      return undefined;
  }
}

type Record = readonly [key: string, value: string];

function records(all: readonly Record[], { without }: PageForm): string {
  return all
    .filter(([key]) => !without.includes(key))
    .map(([key, value]) => `{${key}::${value}}\n`)
    .join("");
}

function lanRecords(house: Household, form: PageForm): Record[] {
  const { arpWidth, leaseWidth, doubleBrace, doubleQuotes, wanProtocol } = form;
  const clients = [...house.clients.values()];
  const gateway = ["*", "203.0.113.1", "02:00:5E:00:53:01", "1", "vlan2", "0", "0", "0"];
  const arp = clients.filter(({ inArp }) => inArp).map((client) => arpRow(client, form));
  if (wanProtocol !== "disabled" && house.router.wanUp) arp.push(gateway);
  const leases = clients.filter(({ leased }) => leased).map((client) => leaseRow(client, form));
  const leaseTable = table(cut(leases, leaseWidth), form, doubleQuotes ? '"' : "'");
  return [
    ["lan_mac", "02:00:5E:00:53:F0"],
    ["lan_ip", "192.168.1.1"],
    ["lan_netmask", "255.255.255.0"],
    ["lan_proto", "dhcp"],
    ["dhcp_daemon", doubleQuotes ? "uDHCPd" : "DNSMasq"],
    ["dhcp_lease_time", "1440"],
    ["dhcp_leases", `${leaseTable}${doubleBrace ? "}" : ""}`],
    ["pptp_leases", ""],
    ["pppoe_leases", ""],
    ["arp_table", table(cut(arp, arpWidth), form, "'")],
    ["uptime", uptime(house)],
    ["ipinfo", `&nbsp;IP: ${house.router.wanIp}`],
  ];
}

function wirelessRecords(house: Household, form: PageForm): Record[] {
  const common: Record[] = [
    ["uptime", uptime(house)],
    ["ipinfo", `&nbsp;IP: ${house.router.wanIp}`],
  ];
  if (form.wirelessWidth === 0) return common;
  const associated = [...house.clients.values()].filter(({ place }) => place === "wifi");
  const rows = associated.map((client) => wirelessRow(client, form));
  return [
    ["wl_mac", "02:00:5E:00:53:F1"],
    ["wl_ssid", "Anna's {net}"],
    ["wl_channel", "6 (2437 MHz)"],
    ["wl_radio", "Radio is On"],
    ["active_wireless", table(rows, form, "'").trimStart()],
    ["active_wds", ""],
    ["packet_info", "SWRXgoodPacket=14252467;SWRXerrorPacket=0;SWTXgoodPacket=11212841;SWTXerrorPacket=0;"],
    ...common,
  ];
}

function internetRecords(house: Household, { wanProtocol, connectedWord }: PageForm): Record[] {
  const { wanUp, wanIp } = house.router;
  const button = `${wanProtocol === "pppoe" ? (wanUp ? "Disconnect" : "Connect") : ""}_${wanProtocol}`;
  return [
    ["wan_shortproto", wanProtocol],
    [
      "wan_status",
      `${wanUp ? connectedWord : "-"}&nbsp;&nbsp;<input type="button" value="" onclick="connect(this.form, '${button}')" />`,
    ],
    ["wan_uptime", wanUp ? "1 day, 20:46:40" : "Not available"],
    ["wan_ipaddr", wanIp],
    ["wan_netmask", "255.255.255.0"],
    ["wan_gateway", wanUp ? "203.0.113.1" : "0.0.0.0"],
    ["wan_dns0", "198.51.100.53"],
    ["ttraff_in", "29716"],
    ["ttraff_out", "5784"],
    ["uptime", uptime(house)],
    ["ipinfo", `&nbsp;IP: ${wanIp}`],
  ];
}

function routerRecords(house: Household): Record[] {
  const memory =
    "MemTotal: 255884 kB MemFree: 200000 kB MemShared: 0 kB Buffers: 4000 kB Cached: 11884 kB SwapCached: 0 kB";
  return [
    ["router_time", "Thu, 15 Jan 2026 12:00:00"],
    ["mem_info", memory.replace(/\S+/g, (word) => `,'${word}'`).replaceAll(" ", "")],
    ["uptime", uptime(house)],
    ["ip_conntrack", "117"],
    ["cpu_temp", "CPU 63.3 °C / WL0 46.3 °C"],
    ["voltage", ""],
    ["ipinfo", `&nbsp;IP: ${house.router.wanIp}`],
  ];
}

function arpRow({ name, ip, mac, interface: device, receivedBytes, sentBytes, place }: FakeClient, form: PageForm) {
  const bytes = form.countsBytes ? [receivedBytes, sentBytes, receivedBytes + sentBytes] : [0, 0, 0];
  const bridge = place === "wifi" ? "br0" : device.replace(/^(eth|wl|ath).*/, "br0");
  return [name === "" ? "*" : name, ip, masked(mac, form), "3", bridge, ...bytes.map(String)];
}

function leaseRow({ name, ip, mac, expiry }: FakeClient, form: PageForm): string[] {
  const noName = form.doubleQuotes ? "&nbsp;" : "*";
  const last = ip.split(".").at(-1) ?? "";
  return [name === "" ? noName : name, ip, masked(mac, form), expiry, last, "br0", "1"];
}

function wirelessRow(client: FakeClient, form: PageForm): string[] {
  const { mac: plainMac, interface: device, signalDbm, noiseDbm } = client;
  const mac = masked(plainMac, form);
  const quality = Math.max(0, Math.min(1_000, (signalDbm + 100) * 20));
  const signal = [signalDbm, noiseDbm, signalDbm - noiseDbm, quality].map(String);
  const rates = ["8 days,  19:02:12", "72M", "24M"];
  const chains = ["0", "0", "0", "0", "0", "0", "0", "0"];
  switch (form.wirelessWidth) {
    case 4:
      return [mac, ...signal.slice(0, 3)];
    case 8:
      return [mac, device, ...rates, ...signal.slice(0, 3)];
    case 10:
      return [mac, device, ...rates, "HT20", ...signal];
    case 11:
      return [mac, "", device, ...rates, "VHT80SGI[PS]", ...signal];
    case 17:
      return [mac, "", device, ...rates, "VHT80SGI[PS]", ...signal, ...chains.slice(0, 4), "", device];
    case 21:
      return [mac, "", device, ...rates, "VHT80SGI[PS]", ...signal, ...chains, "", device];
    default:
      return [mac, device, ...rates, ...signal];
  }
}

function masked(mac: string, { maskMacs }: PageForm): string {
  return maskMacs ? `xx:xx:xx:xx:${mac.slice(12)}`.replace(/[a-f]/g, (hex) => hex.toUpperCase()) : mac.toUpperCase();
}

function cut(rows: readonly (readonly string[])[], width: number): string[][] {
  return rows.map((row) => row.slice(0, width));
}

function table(rows: readonly (readonly string[])[], { multiLine }: PageForm, quote: string): string {
  const texts = rows.map((row) => row.map((word) => `${quote}${word}${quote}`).join(","));
  // Before the fifth word of a row of the ARP table stands a blank.
  const spaced = texts.map((text) => text.replace(/('\d+'),('[a-z])/, "$1, $2"));
  return spaced.length === 0 ? "" : ` ${spaced.join(multiLine ? ",\r\n   " : ",")}`;
}

function uptime({ router }: Household): string {
  const { uptimeS } = router;
  const days = Math.floor(uptimeS / 86_400);
  const hours = Math.floor((uptimeS % 86_400) / 3_600);
  const minutes = String(Math.floor((uptimeS % 3_600) / 60)).padStart(2, "0");
  const time = hours === 0 ? `${Number(minutes)} min` : `${hours}:${minutes}`;
  const date = days === 0 ? "" : `${days} day${days === 1 ? "" : "s"}, `;
  return ` 15:12:16 up ${date}${time},  load average: 0.03, 0.08, 0.02`;
}

function identityPage({ router }: Household): string {
  return `<html><head><title>${router.name} (build 44715) - Router Status</title></head><body>
<div class="setting"><div class="label"><script type="text/javascript">Capture(status_router.sys_model)</script></div>Netgear R7000&nbsp;</div>
<div class="info">Firmware: <a href="javascript:openAboutWindow()">DD-WRT v3.0-r44715 std (11/03/20)</a></div></body></html>`;
}

function interfaceRow(name: string, { router }: Household): string {
  const bytes = router.uptimeS * 100;
  const row = ["vlan2", "br0"].includes(name)
    ? `${name}:${bytes} 25783195 0 0 0 0 0 1 ${bytes * 2} 17228473 0 0 0 0 0 0\n`
    : "";
  return `Thu Jan 15 12:00:00 UTC 2026\n ${row}`;
}

import type { RouterosRow } from "./client.ts";

/** What the router said, by menu. A menu that it hasn't, or that its user may not see, is absent; an empty one is not. */
export type Tables = Readonly<Partial<Record<MenuName, readonly RouterosRow[]>>>;

/** A menu of the router, what of it is asked for, and how often. */
export interface Menu {
  readonly path: string;
  /** `.proplist`: on a small router each property costs time. One that a release doesn't know is passed over by it. */
  readonly properties: readonly string[];
  /** `eachPoll`; `slow` is once a minute; `whileFilled` is each poll as long as it has rows, else once a minute. */
  readonly pace: "eachPoll" | "slow" | "whileFilled";
}

export type MenuName =
  | "leases"
  | "arp"
  | "wireless"
  | "wifi"
  | "wifiwave2"
  | "capsman"
  | "bridgeHosts"
  | "interfaces"
  | "resource"
  | "kidControl"
  | "wirelessRadios"
  | "neighbors6"
  | "dhcpClients"
  | "addresses"
  | "interfaceLists"
  | "identity"
  | "routerboard"
  | "health"
  | "update";

const registration = ["interface", "mac-address", "ssid", "uptime", "last-activity", "tx-rate", "rx-rate", "bytes"];

/**
 * All that is ever asked, in this order, each in one query. Who is there comes first. Field names as in MikroTik's pages and
 * as public integrations use them; which menus a router has is told by its answer, not by its version.
 */
export const menus: Readonly<Record<MenuName, Menu>> = {
  leases: {
    path: "/ip/dhcp-server/lease",
    properties: [
      "address",
      "active-address",
      "mac-address",
      "active-mac-address",
      "client-id",
      "active-client-id",
      "server",
      "active-server",
      "host-name",
      "status",
      "expires-after",
      "last-seen",
      "dynamic",
      "disabled",
      "blocked",
      "comment",
    ],
    pace: "eachPoll",
  },
  arp: {
    path: "/ip/arp",
    properties: [
      "address",
      "mac-address",
      "interface",
      "dynamic",
      "complete",
      "status",
      "DHCP",
      "dhcp",
      "published",
      "invalid",
      "disabled",
      "comment",
    ],
    pace: "eachPoll",
  },
  wireless: {
    path: "/interface/wireless/registration-table",
    properties: [...registration, "ap", "signal-strength", "last-ip", "comment"],
    pace: "eachPoll",
  },
  wifi: {
    path: "/interface/wifi/registration-table",
    properties: [...registration, "band", "signal", "comment"],
    pace: "eachPoll",
  },
  wifiwave2: {
    path: "/interface/wifiwave2/registration-table",
    properties: [...registration, "band", "signal", "comment"],
    pace: "eachPoll",
  },
  capsman: {
    path: "/caps-man/registration-table",
    properties: [...registration, "rx-signal", "comment"],
    pace: "eachPoll",
  },
  bridgeHosts: {
    path: "/interface/bridge/host",
    properties: ["mac-address", "on-interface", "interface", "bridge", "local", "age", "invalid", "disabled"],
    pace: "eachPoll",
  },
  interfaces: {
    path: "/interface",
    properties: ["name", "default-name", "type", "running", "disabled", "mac-address", "rx-byte", "tx-byte", "comment"],
    pace: "eachPoll",
  },
  resource: {
    path: "/system/resource",
    properties: ["board-name", "version", "uptime", "cpu-load", "free-memory", "total-memory"],
    pace: "eachPoll",
  },
  kidControl: {
    path: "/ip/kid-control/device",
    properties: ["mac-address", "bytes-up", "bytes-down"],
    pace: "whileFilled",
  },
  wirelessRadios: {
    path: "/interface/wireless",
    properties: ["name", "ssid", "band", "frequency", "mac-address"],
    pace: "slow",
  },
  neighbors6: { path: "/ipv6/neighbor", properties: ["address", "mac-address", "interface", "status"], pace: "slow" },
  dhcpClients: {
    path: "/ip/dhcp-client",
    properties: ["interface", "status", "address", "add-default-route", "disabled", "invalid"],
    pace: "slow",
  },
  addresses: { path: "/ip/address", properties: ["address", "interface", "disabled", "invalid"], pace: "slow" },
  interfaceLists: { path: "/interface/list/member", properties: ["list", "interface", "disabled"], pace: "slow" },
  identity: { path: "/system/identity", properties: ["name"], pace: "slow" },
  routerboard: {
    path: "/system/routerboard",
    properties: ["routerboard", "model", "serial-number", "current-firmware"],
    pace: "slow",
  },
  // Version 6 says one row whose keys depend on the model, so that none is left out; version 7 says rows of name and value.
  health: { path: "/system/health", properties: [], pace: "slow" },
  update: {
    path: "/system/package/update",
    properties: ["installed-version", "latest-version", "channel", "status"],
    pace: "slow",
  },
};

export const menuNames = Object.keys(menus) as readonly MenuName[];

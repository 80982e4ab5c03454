import type { DevicesView, DeviceView, MeshView, RouterView } from "../../src/model/devices/view.ts";

const seenAt = Date.UTC(2026, 10, 21, 11, 59);

/** A known client that is at home on an access point; `id` is its number or its 12 hex digits. */
export function exampleClient(id: number | string, more: Partial<DeviceView> = {}): DeviceView {
  const digits = typeof id === "number" ? `001122${id.toString(16).padStart(6, "0")}` : id;
  const mac = digits.replace(/(..)(?=.)/g, "$1:");
  return {
    id: digits,
    mac,
    macs: [mac],
    slug: `phone_${id}`,
    name: `Phone ${id}`,
    nameOrigin: "dhcp",
    nameAt: seenAt,
    vendor: "Example Phones",
    randomMac: false,
    known: true,
    connected: true,
    presence: "home",
    ip: "192.0.2.77",
    ipv6: [],
    hostname: `phone-${id}`,
    place: {
      source: "alien",
      router: "Alien",
      accessPoint: "Attic",
      main: false,
      link: "wifi",
      band: "5",
      signalDbm: -57.4,
      signalPercent: 83,
    },
    sources: ["Hex", "Alien"],
    traffic: {
      source: "Alien",
      downBps: 12_345_678,
      upBps: 46_000,
      receivedBytes: 1_234_567_890,
      sentBytes: 9_950_000,
      receivedToday: 5_000_000,
      sentToday: 40_000,
      receivedMonth: 80_000_000,
      sentMonth: 7_000_000,
    },
    firstSeen: seenAt - 86_400_000,
    lastSeen: seenAt,
    activity: [],
    conflicts: [],
    addresses: [],
    ...more,
  };
}

/** A client that no source can tell of now. */
export function unknownClient(id: number, more: Partial<DeviceView> = {}): DeviceView {
  const { connected: _, presence: __, ...client } = exampleClient(id, { sources: [], ...more });
  return client;
}

/** A MikroTik that is read and reports everything. */
export function exampleRouter(more: Partial<RouterView> = {}): RouterView {
  return {
    id: "hex",
    name: "Hex",
    kind: "routeros",
    host: "192.0.2.1:8728",
    available: true,
    facts: {
      model: "RB750Gr3",
      firmware: "7.16.1",
      serial: "ABC123",
      wan: { up: true, ip: "198.51.100.7", interface: "ether1" },
      cpuPercent: 7.4,
      memoryPercent: 31.2,
      temperatureC: 41.3,
      update: { installed: "7.16.1", latest: "7.17" },
      interfaces: [],
    },
    bootAt: Date.UTC(2026, 10, 1, 6, 30),
    interfaces: [
      { slug: "wlan1", name: "wlan1", running: false, rxBytes: 0, txBytes: 0 },
      { slug: "ether1", name: "ether1", running: true, rxBytes: 5, txBytes: 6, rxBps: 2_500_000, txBps: 310_000 },
    ],
    clients: 3,
    ...more,
  };
}

/** The same, which can't be read now. */
export function lostRouter(
  failure: Partial<NonNullable<RouterView["failure"]>> = {},
  more: Partial<RouterView> = {},
): RouterView {
  const why = { code: "timeout" as const, message: "Hex does not answer", since: seenAt, ...failure };
  return exampleRouter({ available: false, failure: why, ...more });
}

/** The same, not read since the program started. */
export function unreadRouter(more: Partial<RouterView> = {}): RouterView {
  const { id, name, kind, host } = exampleRouter();
  return { id, name, kind, host, facts: {}, interfaces: [], clients: 0, ...more };
}

/** A mesh point of the example's router that is online. */
export function exampleMesh(more: Partial<MeshView> = {}): MeshView {
  return {
    id: "0a0b0c0d0e0f",
    mac: "0a:0b:0c:0d:0e:0f",
    router: "hex",
    name: "Attic",
    available: true,
    online: true,
    model: "AmpliFi MeshPoint HD",
    signalDbm: -61,
    rateMbps: 866.7,
    band: "5",
    uplink: "Alien",
    bootAt: Date.UTC(2026, 10, 20, 3),
    clients: 2,
    ...more,
  };
}

/** A network of these; empty without. */
export function exampleNetwork(more: Partial<DevicesView> = {}): DevicesView {
  return { devices: [], unseen: [], routers: [], meshPoints: [], suggestions: [], ignored: [], ...more };
}

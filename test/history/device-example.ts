import type { DeviceState } from "../../src/model/devices/state.ts";

/** A device of which everything is known that can be known. `n` makes its MAC. */
export function deviceState(n: number, more: Partial<DeviceState> = {}): DeviceState {
  const id = `0200${n.toString(16).padStart(8, "0")}`;
  const mac = id.replace(/(..)(?=.)/g, "$1:");
  const at = 1_768_478_400_000;
  return {
    id,
    mac,
    macs: [mac],
    slug: `phone_${n}`,
    firstSeen: at - 86_400_000,
    lastSeen: at,
    sightings: {
      [`alien ${mac}`]: {
        at,
        connectedAt: at,
        missed: 0,
        sighting: {
          mac,
          connected: true,
          ip: `10.0.${n >> 8}.${n & 255}`,
          ipv6: ["fd00::1"],
          hostname: `Phone-${n}`,
          description: "Anna's <b>phone</b>",
          link: "wifi",
          accessPoint: "attic",
          ssid: "Home",
          band: "5",
          network: "user",
          signalDbm: -61,
          receivedBytes: 1_000_000 + n,
          sentBytes: 2_000,
          counter: "attic",
          recent: { seconds: 10, receivedBytes: 5, sentBytes: 6 },
          lease: { status: "bound", dynamic: true, expiresInS: 600 },
          arp: { status: "reachable", interface: "br0" },
          conflicts: ["lease says 10.0.0.5, ARP says 10.0.0.9"],
        },
      },
    },
    names: { router: { name: "Anna's <b>phone</b>", at }, dhcp: { name: `Phone-${n}`, at } },
    connected: true,
    presence: "home",
    lastConnected: true,
    lastPresence: "home",
    seenBy: ["alien"],
    together: [],
    place: {
      source: "alien",
      router: "Alien",
      accessPoint: "Attic",
      main: false,
      link: "wifi",
      band: "5",
      signalDbm: -61,
    },
    addresses: [{ ip: `10.0.0.${n & 255}`, first: at - 1_000, last: at }],
    traffic: {
      source: "alien",
      day: "2026-01-15",
      received: 9_000_000,
      sent: 8_000,
      receivedToday: 7_000,
      sentToday: 600,
      receivedMonth: 50_000,
      sentMonth: 4_000,
      counters: { [`alien ${mac} attic`]: { received: 1_000_000 + n, sent: 2_000, at } },
      downBps: 12_345,
      upBps: 678.5,
      minute: Array.from({ length: 6 }, (_, k) => ({ at: at - k * 10_000, received: 100, sent: 10 })),
    },
    activity: { day: "2026-01-15", cells: Array.from({ length: 24 }, (_, hour) => (hour < 12 ? 0x3ff : 0)) },
    alarms: { unknown: { active: true, told: at } },
    ...more,
  };
}

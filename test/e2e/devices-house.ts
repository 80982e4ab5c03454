import type { DevicesView, DeviceView } from "../../src/model/devices/view.ts";
import type { View } from "../../src/model/view.ts";
import {
  exampleClient,
  exampleMesh,
  exampleNetwork,
  exampleRouter,
  lostRouter,
  unknownClient,
} from "../fakes/example-network.ts";
import { okView } from "../web/fixtures.ts";

/** A name that would be a script in a page that does not take it for text, and that turns the line around. */
export const hostile = "<img src=x onerror=alert(1)>\u202e{{7*7}}";
export const minute = 60_000;

/** The hours of a day on which it was there, from seven to eleven. */
export const morning = Array.from({ length: 24 }, (_, hour) => (hour >= 7 && hour < 11 ? 0x3ff >> (hour % 4) : 0));

/** Four devices: here, here and new, away, and one that nobody can tell of. */
export function house(): readonly DeviceView[] {
  const now = Date.now();
  const place = { source: "alien", router: "Alien", accessPoint: "Alien", main: true } as const;
  return [
    exampleClient(1, {
      name: "Anna's phone",
      nameOrigin: "router",
      activity: morning,
      lastSeen: now,
      firstSeen: now - 1e10,
    }),
    exampleClient(2, {
      name: hostile,
      known: false,
      ip: "192.0.2.9",
      place: { ...place, link: "wifi", band: "2.4", network: "guest", signalPercent: 34 },
      activity: morning,
      lastSeen: now,
      conflicts: ["lease says 10.0.0.5, ARP says 10.0.0.9"],
    }),
    exampleClient(3, {
      name: "Printer",
      connected: false,
      presence: "not_home",
      lastSeen: now - 125 * minute,
      place: { source: "hex", router: "Hex", accessPoint: "Hex", main: true, link: "wired", interface: "ether3" },
    }),
    unknownClient(4, {
      name: "Laptop",
      lastSeen: now - 26 * 60 * minute,
      macs: ["00:11:22:00:00:04", "02:00:00:00:00:aa"],
      randomMac: true,
    }),
  ];
}

/** The house with its routers, one of which can't be read. */
export function network(more: Partial<DevicesView> = {}): View {
  const devices = house();
  const [anna, , , laptop] = devices;
  if (anna === undefined || laptop === undefined) throw new Error("nobody lives here");
  return {
    ...okView(Date.now()),
    network: exampleNetwork({
      devices,
      unseen: [
        exampleClient(9, { name: "Old tablet", lastSeen: 0, firstSeen: 0, connected: false, presence: "not_home" }),
      ],
      routers: [
        exampleRouter({ id: "alien", name: "Alien", kind: "amplifi", host: "192.0.2.1", clients: 2 }),
        lostRouter({ code: "auth", message: "Hex refused the password" }),
      ],
      meshPoints: [
        exampleMesh({ router: "alien" }),
        exampleMesh({ id: "0a0b0c0d0e10", name: hostile, router: "alien", online: false, clients: 0 }),
      ],
      devicesOnline: 2,
      unknownDevices: 1,
      suggestions: [
        {
          macs: [anna.mac, laptop.mac],
          names: ["Anna's phone", "Laptop"],
          reasons: ['same host name "anna"', "never at once"],
        },
      ],
      ignored: [{ mac: "00:11:22:00:00:77", name: hostile }],
      ...more,
    }),
  };
}

/** So many devices, each hundredth with a hostile name. */
export const many = (count: number) =>
  Array.from({ length: count }, (_, n) =>
    exampleClient(n + 100, {
      name: n % 100 === 7 ? `${hostile} ${n}` : `Device ${n}`,
      ip: `10.0.${n >> 8}.${n & 255}`,
      connected: n % 3 !== 0,
      activity: morning,
      lastSeen: Date.now() - n * minute,
    }),
  );

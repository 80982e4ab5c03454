import type { Mac } from "../../src/lib/mac.ts";
import type { ClientSighting, SourceReading, SourceSettings } from "../../src/model/devices/sighting.ts";

/** An AmpliFi, a MikroTik and a DD-WRT that all see the same clients. */
export const threeRouters: readonly SourceSettings[] = [
  { id: "alien", name: "Alien", kind: "amplifi", host: "192.0.2.1", isRouter: true, intervalMs: 10_000 },
  { id: "hex", name: "Hex", kind: "routeros", host: "192.0.2.2", isRouter: true, intervalMs: 10_000 },
  { id: "shed", name: "Shed", kind: "ddwrt", host: "192.0.2.3", isRouter: true, intervalMs: 10_000 },
];

export function macOf(n: number): Mac {
  return `3c:11:22:${[16, 8, 0].map((bits) => ((n >> bits) & 0xff).toString(16).padStart(2, "0")).join(":")}`;
}

/** What a router says at its poll number `poll`: the counters of all have moved, and one client is elsewhere or gone. */
export function readingOf(source: SourceSettings, count: number, poll: number): SourceReading {
  const all = Array.from({ length: count }, (_, n) => clientOf(source, n, poll));
  const odd = poll % count;
  const clients = source.kind === "routeros" ? all.filter((_, n) => n !== odd) : all;
  const accessPoints = ["main", "attic"].map((id) => ({ id, name: id, main: id === "main" }));
  return { clients, coverage: "full", ...(source.kind === "amplifi" ? { accessPoints } : {}) };
}

function clientOf({ kind }: SourceSettings, n: number, poll: number): ClientSighting {
  const named = { mac: macOf(n), connected: true, ip: `10.0.${n >> 8}.${n & 0xff}`, hostname: `host-${n}` };
  const bytes = { receivedBytes: poll * 10_000 * (1 + (n % 7)), sentBytes: poll * 1_000 * (1 + (n % 5)) };
  switch (kind) {
    case "amplifi": {
      const accessPoint = n === poll % 1_000 ? "attic" : "main";
      const signalPercent = 70 + ((n + poll) % 20);
      return { ...named, ...bytes, link: "wifi", band: "5", accessPoint, signalPercent, counter: accessPoint };
    }
    case "routeros": {
      const lease = {
        status: "bound",
        dynamic: true,
        expiresInS: 600 - ((poll * 10) % 300),
        lastSeenS: (poll * 10) % 300,
      };
      return { ...named, lease, arp: { status: "reachable", dynamic: true, interface: "bridge" } };
    }
    case "ddwrt":
    case "macupd":
      return { ...named, ...bytes, link: "wired", interface: "br0", arp: { interface: "br0" } };
  }
}

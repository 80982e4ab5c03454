/** Someone's device. Where it is: on one of the router's radios, behind a cable or another access point, or gone. */
export interface FakeClient {
  readonly mac: string;
  readonly name: string;
  readonly ip: string;
  readonly place: "wifi" | "wired" | "away";
  readonly interface: string;
  readonly signalDbm: number;
  readonly noiseDbm: number;
  /** What the router sent to it, and it to the router. */
  readonly receivedBytes: number;
  readonly sentBytes: number;
  /** Rows of tables that outlive its presence. */
  readonly inArp: boolean;
  readonly leased: boolean;
  /** In the router's words. */
  readonly expiry: string;
}

/** What a DD-WRT router knows: clients come, roam, leave and linger in its tables; it reboots. */
export interface Household {
  readonly clients: ReadonlyMap<string, FakeClient>;
  readonly router: { readonly name: string; readonly uptimeS: number; readonly wanUp: boolean; readonly wanIp: string };
  /** Comes, or is there in another way. What is not said stays, or is made up for a new one. */
  join(mac: string, changes?: Partial<Omit<FakeClient, "mac">>): void;
  /** Goes; its lease and its row of the ARP table stay. */
  leave(mac: string): void;
  /** The router forgets rows of the ARP table that nobody answers for any more. */
  prune(): void;
  /** Everybody's counters and the uptime start anew, and all tables are empty but for the leases. */
  reboot(): void;
  pass(seconds: number): void;
  wan(up: boolean): void;
}

/** An empty house. */
export function createHousehold(): Household {
  const clients = new Map<string, FakeClient>();
  let router = { name: "Attic", uptimeS: 759_300, wanUp: true, wanIp: "203.0.113.7" };
  const change = (mac: string, changes: Partial<FakeClient>) => {
    const client = clients.get(mac);
    if (client !== undefined) clients.set(mac, { ...client, ...changes });
  };
  return {
    clients,
    get router() {
      return router;
    },
    join: (mac, changes = {}) => {
      const known = clients.get(mac) ?? newcomer(mac, clients.size);
      const { place = known.place === "away" ? "wifi" : known.place } = changes;
      const device = changes.interface ?? (place === "wifi" ? "eth1" : "br0");
      clients.set(mac, { ...known, inArp: true, leased: true, ...changes, place, interface: device });
    },
    leave: (mac) => change(mac, { place: "away" }),
    prune: () => {
      for (const { mac, place } of [...clients.values()]) if (place === "away") change(mac, { inArp: false });
    },
    reboot: () => {
      router = { ...router, uptimeS: 0 };
      for (const mac of [...clients.keys()]) {
        change(mac, { place: "away", inArp: false, receivedBytes: 0, sentBytes: 0 });
      }
    },
    pass: (seconds) => {
      router = { ...router, uptimeS: router.uptimeS + seconds };
      for (const { mac, place, receivedBytes, sentBytes } of [...clients.values()]) {
        if (place === "away") continue;
        change(mac, { receivedBytes: receivedBytes + seconds * 10_000, sentBytes: sentBytes + seconds * 1_000 });
      }
    },
    wan: (up) => {
      router = { ...router, wanUp: up, wanIp: up ? "203.0.113.7" : "0.0.0.0" };
    },
  };
}

function newcomer(mac: string, n: number): FakeClient {
  return {
    mac,
    name: `device-${n + 1}`,
    ip: `192.168.1.${100 + (n % 150)}`,
    place: "wifi",
    interface: "eth1",
    signalDbm: -50 - (n % 30),
    noiseDbm: -92,
    receivedBytes: 0,
    sentBytes: 0,
    inArp: true,
    leased: true,
    expiry: "0 days 11:03:07",
  };
}

/** A client of the simulated network; rates in bytes a second from its own viewpoint. */
export interface SimulatedClient {
  readonly mac: string;
  readonly hostname?: string;
  /** Set in the router's app. */
  readonly description?: string;
  readonly ip?: string;
  readonly manufacturer?: string;
  readonly downBytesPerS?: number;
  readonly upBytesPerS?: number;
}

/** Where a client is: on a radio of the router or of a mesh point, or at a port. */
export type Attachment =
  | { readonly at: string; readonly band: string; readonly network?: string; readonly quality?: number }
  | { readonly at: string; readonly port: number };

/** What an access point counts of one client; another association begins at zero. */
export interface SimulatedAssociation {
  readonly client: SimulatedClient;
  readonly place: Attachment;
  age: number;
  idle: number;
  received: number;
  sent: number;
  /** Left behind by a client that has gone elsewhere: kept for so many seconds more. */
  staleFor: number | undefined;
}

/** The router or a mesh point. */
export interface SimulatedNode {
  readonly mac: string;
  readonly name: string;
  readonly model: string;
  readonly ip: string;
  /** What it hangs on; `undefined`: it is the router. */
  readonly uplink: string | undefined;
  readonly band: string;
  rssi: number;
  online: boolean;
  uptime: number;
}

/** A mesh network that lives by itself: counters grow as time passes, associations begin anew with each roam. */
export interface SimulatedNetwork {
  readonly router: SimulatedNode;
  readonly nodes: ReadonlyMap<string, SimulatedNode>;
  readonly associations: readonly SimulatedAssociation[];
  wanUp: boolean;
  addPoint(point: { mac: string; name: string; uplink?: string; band?: string }): void;
  join(client: SimulatedClient, place: Attachment): void;
  leave(mac: string): void;
  /** To another place; `staleFor`: the old one forgets it only after so many seconds. */
  roam(mac: string, place: Attachment, staleFor?: number): void;
  losePoint(mac: string): void;
  regainPoint(mac: string): void;
  /** All associations and uptimes begin anew. */
  reboot(): void;
  advance(seconds: number): void;
}

/** A router without any point or client. */
export function createNetwork(router: { mac: string; name: string; model?: string }): SimulatedNetwork {
  const own: SimulatedNode = {
    mac: router.mac,
    name: router.name,
    model: router.model ?? "AFi-R-HD",
    ip: "192.168.1.1",
    uplink: undefined,
    band: "",
    rssi: 0,
    online: true,
    uptime: 3_600,
  };
  const nodes = new Map([[own.mac, own]]);
  let associations: SimulatedAssociation[] = [];
  const current = (mac: string) => associations.find((one) => one.client.mac === mac && one.staleFor === undefined);
  const associate = (client: SimulatedClient, place: Attachment) => {
    const isThere = (one: SimulatedAssociation) => one.client.mac === client.mac && one.place.at === place.at;
    associations = associations.filter((one) => !isThere(one));
    associations.push({ client, place, age: 0, idle: 0, received: 0, sent: 0, staleFor: undefined });
  };
  const nodeOf = (mac: string): SimulatedNode => {
    const node = nodes.get(mac);
    if (node === undefined) throw new Error(`no node ${mac}`);
    return node;
  };
  return {
    router: own,
    nodes,
    get associations() {
      return associations;
    },
    wanUp: true,
    addPoint: ({ mac, name, uplink = own.mac, band = "5 GHz" }) => {
      const ip = `192.168.1.${230 + nodes.size}`;
      nodes.set(mac, { mac, name, model: "AFi-P-HD", ip, uplink, band, rssi: -55, online: true, uptime: 3_000 });
    },
    join: associate,
    leave: (mac) => {
      associations = associations.filter(({ client }) => client.mac !== mac);
    },
    roam: (mac, place, staleFor) => {
      const old = current(mac);
      if (old === undefined) throw new Error(`no client ${mac}`);
      if (staleFor === undefined) associations = associations.filter((one) => one !== old);
      else old.staleFor = staleFor;
      associate(old.client, place);
    },
    losePoint: (mac) => {
      nodeOf(mac).online = false;
      associations = associations.filter(({ place }) => place.at !== mac);
    },
    regainPoint: (mac) => {
      Object.assign(nodeOf(mac), { online: true, uptime: 0 });
    },
    reboot: () => {
      for (const node of nodes.values()) node.uptime = 0;
      associations = associations.filter(({ staleFor }) => staleFor === undefined);
      for (const one of associations) Object.assign(one, { age: 0, idle: 0, received: 0, sent: 0 });
    },
    advance: (seconds) => {
      for (const node of nodes.values()) if (node.online) node.uptime += seconds;
      for (const one of associations) pass(one, seconds);
      associations = associations.filter(({ staleFor }) => staleFor === undefined || staleFor > 0);
    },
  };
}

function pass(one: SimulatedAssociation, seconds: number): void {
  if (one.staleFor !== undefined) {
    one.staleFor -= seconds;
    one.idle += seconds;
    return;
  }
  const { downBytesPerS = 0, upBytesPerS = 0 } = one.client;
  one.age += seconds;
  one.received += downBytesPerS * seconds;
  one.sent += upBytesPerS * seconds;
  one.idle = downBytesPerS + upBytesPerS > 0 ? 0 : one.idle + seconds;
}

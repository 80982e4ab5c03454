import type { Word } from "./words.ts";

/** Where a client is: the name of the router's interface, `wlan1` or `ether3`. */
export type Port = string;

export interface HomeClient {
  readonly mac: string;
  readonly ip: string;
  readonly name?: string;
  /** What somebody called it on the router; bytes are a name in a code page. */
  readonly comment?: Word;
  /** `static`: kept for it on the router; `none`: it set its address itself and has no lease. */
  readonly lease?: "dynamic" | "static" | "none";
  /** bytes a second that it downloads and uploads while it is there. */
  readonly downBps?: number;
  readonly upBps?: number;
  readonly signal?: number;
}

/** What the network knows of a client at the moment. Times are seconds of the home's own time. */
export interface HomeState {
  readonly client: HomeClient;
  /** Undefined: not here. */
  port: Port | undefined;
  /** Where the bridge saw it last. */
  lastPort: Port;
  since: number;
  heardAt: number;
  leaseUntil: number;
  /** In the ARP table. */
  inArp: boolean;
  /** Its association's bytes, from its own viewpoint, and those since it was first seen. */
  received: number;
  sent: number;
  totalReceived: number;
  totalSent: number;
}

const leaseS = 1_800;
const reachableS = 30;
const arpGoneS = 240;
const bridgeGoneS = 300;

/** A home with people in it: who comes, roams, leaves; the tables of a router follow as they do on a real one. */
export interface Home {
  readonly states: ReadonlyMap<string, HomeState>;
  readonly uptimeS: number;
  readonly wan: { up: boolean; ip: string };
  /** Bytes through the router since it started. */
  readonly through: { readonly received: number; readonly sent: number };
  /** Comes, or moves to another port: an association begins anew. */
  come(client: HomeClient, port: Port): void;
  leave(mac: string): void;
  /** Known by a static lease only: it has never been here. */
  reserve(client: HomeClient): void;
  advance(seconds: number): void;
  /** The router starts anew: leases stay, all else that it had learnt is gone, and its counters are zero. */
  reboot(): void;
  arpStatus(state: HomeState): "reachable" | "stale" | undefined;
  inBridge(state: HomeState): boolean;
  hasLease(state: HomeState): boolean;
  readonly now: number;
}

export function createHome(): Home {
  const states = new Map<string, HomeState>();
  const wan = { up: true, ip: "198.51.100.20" };
  let now = 100_000;
  let bootAt = now - 2 * 86_400;
  let through = { received: 0, sent: 0 };

  const stateOf = (client: HomeClient, port: Port): HomeState => {
    const known = states.get(client.mac);
    if (known !== undefined) return known;
    const bytes = { received: 0, sent: 0, totalReceived: 0, totalSent: 0 };
    const state = { client, port: undefined, lastPort: port, since: now, heardAt: -1e9, leaseUntil: 0, inArp: false };
    const made: HomeState = { ...state, ...bytes };
    states.set(client.mac, made);
    return made;
  };

  const live = (state: HomeState, seconds: number) => {
    const { downBps = 1_000, upBps = 200 } = state.client;
    const [received, sent] = [downBps * seconds, upBps * seconds];
    state.received += received;
    state.sent += sent;
    state.totalReceived += received;
    state.totalSent += sent;
    through = { received: through.received + received, sent: through.sent + sent };
    state.heardAt = now;
    state.inArp = true;
    if (state.leaseUntil > 0 && state.leaseUntil - now < leaseS / 2) state.leaseUntil = now + leaseS;
  };

  return {
    states,
    wan,
    get through() {
      return through;
    },
    get now() {
      return now;
    },
    get uptimeS() {
      return now - bootAt;
    },
    come: (client, port) => {
      const state = stateOf(client, port);
      Object.assign(state, { port, lastPort: port, since: now, received: 0, sent: 0, inArp: true, heardAt: now });
      if (client.lease !== "none") state.leaseUntil = now + leaseS;
    },
    leave: (mac) => {
      const state = states.get(mac);
      if (state !== undefined) state.port = undefined;
    },
    reserve: (client) => void stateOf(client, ""),
    advance: (seconds) => {
      now += seconds;
      for (const state of states.values()) {
        if (state.port !== undefined) live(state, seconds);
        if (now - state.heardAt > arpGoneS) state.inArp = false;
      }
    },
    reboot: () => {
      bootAt = now;
      through = { received: 0, sent: 0 };
      for (const state of states.values()) {
        state.inArp = state.port !== undefined;
        if (state.port === undefined) state.heardAt = -1e9;
        Object.assign(state, { since: now, received: 0, sent: 0, totalReceived: 0, totalSent: 0 });
      }
    },
    arpStatus: (state) => (!state.inArp ? undefined : now - state.heardAt <= reachableS ? "reachable" : "stale"),
    inBridge: (state) =>
      state.lastPort !== "" &&
      (state.port !== undefined || (!isRadio(state.lastPort) && now - state.heardAt <= bridgeGoneS)),
    hasLease: (state) => state.leaseUntil > now,
  };
}

/** Whether clients of that port are associated rather than plugged in. */
export function isRadio(port: Port): boolean {
  return /^(wlan|wifi|cap)/.test(port);
}

/** `1w2d3h4m5s`, the way all releases but the oldest say it. */
export function durationText(seconds: number): string {
  let rest = Math.floor(seconds);
  const parts = (
    [
      ["w", 604_800],
      ["d", 86_400],
      ["h", 3_600],
      ["m", 60],
      ["s", 1],
    ] as const
  ).map(([unit, size]) => {
    const amount = Math.floor(rest / size);
    rest -= amount * size;
    return amount === 0 ? "" : `${amount}${unit}`;
  });
  return parts.join("") || "0s";
}

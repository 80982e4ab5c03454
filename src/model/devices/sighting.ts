import type { Mac } from "../../lib/mac.ts";

/** A source's slug: `alien`, `hex`, `macupd`. */
export type SourceId = string;

export type Band = "2.4" | "5" | "6";

/** A DHCP lease, as the router tells it. Times are seconds at the moment of the reading. */
export interface Lease {
  /** `bound`, `waiting`, … in the router's words. */
  readonly status?: string;
  readonly server?: string;
  readonly clientId?: string;
  readonly dynamic?: boolean;
  readonly expiresInS?: number;
  /** How long ago the client was last heard. */
  readonly lastSeenS?: number;
}

/** What the router's ARP table says. */
export interface ArpEntry {
  /** `reachable`, `stale`, `failed`, … in the router's words; absent where it tells none. */
  readonly status?: string;
  readonly dynamic?: boolean;
  readonly interface?: string;
}

/** One client as one source saw it. A field that the source did not report is absent. Strings are the router's, trimmed. */
export interface ClientSighting {
  readonly mac: Mac;
  /** Associated, port up, or answered, now. False: known (a lease, a stale entry) but with no sign of life. */
  readonly connected: boolean;
  readonly ip?: string;
  readonly ipv6?: readonly string[];
  readonly hostname?: string;
  /** The name or comment that somebody gave it on the router. */
  readonly description?: string;
  /** As the router's own fingerprinting says. */
  readonly vendor?: string;
  readonly link?: "wired" | "wifi";
  /** The `id` of an access point of the reading; absent: the router itself. */
  readonly accessPoint?: string;
  /** On the router: `br0`, `wlan1`, `ether3`. */
  readonly interface?: string;
  readonly ssid?: string;
  readonly band?: Band;
  readonly network?: "user" | "guest" | "device";
  /** A source gives one or the other; never convert silently. */
  readonly signalDbm?: number;
  readonly signalPercent?: number;
  /** Seconds since the client last sent something. */
  readonly idleS?: number;
  /**
   * Bytes, from the client's viewpoint: `received` is its download. Cumulative; a smaller value than before is a restart.
   * `counter` names what counts (an association): another one begins at zero.
   */
  readonly receivedBytes?: number;
  readonly sentBytes?: number;
  readonly counter?: string;
  /** Bytes within the last `seconds`, where the router tells them itself. */
  readonly recent?: { readonly seconds: number; readonly receivedBytes: number; readonly sentBytes: number };
  /** Negotiated rates in bit/s, from the client's viewpoint. */
  readonly linkDownBps?: number;
  readonly linkUpBps?: number;
  readonly lease?: Lease;
  readonly arp?: ArpEntry;
  /** What the router's own tables contradict each other in, each for people: `lease says 10.0.0.5, ARP says 10.0.0.9`. */
  readonly conflicts?: readonly string[];
  /** Rows that only `experimental: true` shows, for people. */
  readonly notes?: readonly string[];
}

/** Where clients attach: the router's own radios, or a mesh point. */
export interface AccessPoint {
  readonly id: string;
  readonly name: string;
  /** The router itself, not a mesh point. */
  readonly main: boolean;
}

/** An interface of a router. Counters are cumulative, from the router's viewpoint. */
export interface RouterInterface {
  readonly name: string;
  readonly running?: boolean;
  readonly rxBytes?: number;
  readonly txBytes?: number;
  /** In bit/s, where the router tells them itself. */
  readonly rxBps?: number;
  readonly txBps?: number;
  readonly linkMbps?: number;
  readonly comment?: string;
}

/** A satellite of a mesh router. */
export interface MeshPoint {
  readonly mac: Mac;
  readonly name: string;
  readonly online: boolean;
  readonly model?: string;
  readonly ip?: string;
  readonly signalDbm?: number;
  readonly signalPercent?: number;
  readonly rateMbps?: number;
  /** The band of its way back, or `wired`. */
  readonly band?: Band | "wired";
  /** The name of the router or mesh point that it hangs on. */
  readonly uplink?: string;
  readonly uptimeS?: number;
}

/** What a router says of itself. */
export interface RouterFacts {
  readonly mac?: Mac;
  readonly model?: string;
  readonly firmware?: string;
  readonly serial?: string;
  /** Its own name for itself. */
  readonly identity?: string;
  readonly uptimeS?: number;
  /** `up` false: the port or the session to the provider is down. */
  readonly wan?: { readonly up?: boolean; readonly ip?: string; readonly interface?: string };
  readonly cpuPercent?: number;
  readonly memoryPercent?: number;
  readonly temperatureC?: number;
  readonly update?: { readonly installed: string; readonly latest: string };
  readonly interfaces?: readonly RouterInterface[];
  readonly meshPoints?: readonly MeshPoint[];
}

/**
 * What one source knows at one moment. `full`: who is not listed is not connected. `partial`: absence says nothing.
 * `part` names the piece of the network that a reading speaks for where a source has several (the sender of a report).
 */
export interface SourceReading {
  readonly clients: readonly ClientSighting[];
  readonly coverage: "full" | "partial";
  readonly accessPoints?: readonly AccessPoint[];
  readonly router?: RouterFacts;
  readonly part?: { readonly id: string; readonly name: string };
}

/** `busy`: somebody else keeps taking the session (a browser). `protocol`: not the answer that such a router gives. */
export type SourceErrorCode = "unreachable" | "refused" | "timeout" | "tls" | "auth" | "busy" | "protocol";

/** A source, as the model must know it. */
export interface SourceSettings {
  readonly id: SourceId;
  /** For people. */
  readonly name: string;
  readonly kind: "amplifi" | "routeros" | "ddwrt" | "macupd";
  /** What the configuration says, with its port. */
  readonly host: string;
  /** True: a router that is polled, with entities of its own. False: reports that come by themselves. */
  readonly isRouter: boolean;
  /** Between two readings; of reports: between two of a client. */
  readonly intervalMs: number;
}

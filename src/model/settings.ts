import type { Mac } from "../lib/mac.ts";
import type { SourceSettings } from "./devices/sighting.ts";
import type { CheckId } from "./types.ts";

/** What a probe aims at, from the configuration. */
export interface TargetSettings {
  readonly slug: string;
  readonly name: string;
  /** An address or a host name. */
  readonly host: string;
  /** Port of the TCP check; 0 leaves it out. */
  readonly tcpPort: number;
  readonly icmp: boolean;
}

/** A page, a resolver or a provider hop with a name of its own. */
export interface NamedAddress {
  readonly slug: string;
  readonly name: string;
  readonly address: string;
}

/** How clients of the network are told apart, named, and watched. */
export interface DeviceSettings {
  /** One entry a device: the MACs that are one, and its name. */
  readonly known: readonly { readonly macs: readonly Mac[]; readonly name: string }[];
  /** Texts that a description or host name contains, MACs, or globs with `*`. */
  readonly ignore: readonly string[];
  readonly awayAfterMs: number;
  /** 0: never. */
  readonly forgetAfterMs: number;
  /** Alert below; 0 % and -120 dBm are off. */
  readonly poorSignalPercent: number;
  readonly poorSignalDbm: number;
  /** Bytes within 60 s; 0 is off. */
  readonly hogDownBytes: number;
  readonly hogUpBytes: number;
}

/** What the model must know of the configuration; fixed while the program runs. */
export interface Settings {
  readonly site: string;
  /** The gateway's address, or `auto` for the routing table's. */
  readonly gateway: string;
  /** The address of the modem behind the router, `auto` or `none`. */
  readonly modem: string;
  readonly intervalMs: number;
  /** 0: no heartbeat. */
  readonly heartbeatMs: number;
  readonly targets: readonly TargetSettings[];
  readonly hops: readonly NamedAddress[];
  /** Asked only where this machine has IPv6. */
  readonly ipv6Targets: readonly NamedAddress[];
  /** What the line can carry, in bit/s; 0: not known. */
  readonly line: { readonly downBps: number; readonly upBps: number };
  readonly trace: {
    /** 0: none. */
    readonly baselineMs: number;
    readonly intensive: boolean;
    readonly intensiveCount: number;
  };
  readonly dns: {
    readonly hostname: string;
    /** Configured by the user, beside the system's and the gateway's. */
    readonly resolvers: readonly NamedAddress[];
    readonly publicResolver: string;
    readonly dohUrl: string;
  };
  readonly sources: readonly SourceSettings[];
  readonly devices: DeviceSettings;
  readonly http: { readonly sites: readonly NamedAddress[]; readonly ipUrl: string; readonly portalUrl: string };
}

/** Every check's id is made here. */
export function checkId(kind: string, slug: string): CheckId {
  return `${kind}:${slug}`;
}

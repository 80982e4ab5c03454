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

/** What the model must know of the configuration; fixed while the program runs. */
export interface Settings {
  readonly site: string;
  /** The gateway's address, or `auto` for the routing table's. */
  readonly gateway: string;
  readonly intervalMs: number;
  /** 0: no heartbeat. */
  readonly heartbeatMs: number;
  readonly targets: readonly TargetSettings[];
  readonly hops: readonly NamedAddress[];
  readonly dns: {
    readonly hostname: string;
    /** Configured by the user, beside the system's and the gateway's. */
    readonly resolvers: readonly NamedAddress[];
    readonly publicResolver: string;
    readonly dohUrl: string;
  };
  readonly http: { readonly sites: readonly NamedAddress[]; readonly ipUrl: string; readonly portalUrl: string };
}

/** Every check's id is made here. */
export function checkId(kind: string, slug: string): CheckId {
  return `${kind}:${slug}`;
}

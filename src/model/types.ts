import type { Timestamp } from "../lib/clock.ts";
import type { Mac } from "../lib/mac.ts";
import type { SourceErrorCode, SourceId, SourceReading } from "./devices/sighting.ts";

/** `<kind>:<slug>`, e.g. `icmp:gateway`, `tcp:cloudflare`, `dns:system`, `http:example_com`. */
export type CheckId = string;

/** What a check is evidence for. */
export type CheckRole =
  | "gateway"
  | "target"
  | "hop"
  | "resolver"
  | "site"
  | "ip_site"
  | "portal"
  /** A router on the way that was learnt from traces. */
  | "path"
  | "modem"
  /** A packet as large as an Ethernet frame takes, which nobody may split. */
  | "mtu"
  /** A target by IPv6, where this machine has it. */
  | "target6";

/** Whose resolver a DNS check asks: the host's own configuration, the router's, a public one by UDP, one by HTTPS. */
export type ResolverScope = "system" | "gateway" | "public" | "doh";

interface CheckCommon {
  readonly id: CheckId;
  readonly role: CheckRole;
  readonly slug: string;
  /** For people. */
  readonly name: string;
  /** Measured only when a burst asks for it: neither by the heartbeat nor in each cycle. */
  readonly onDemand?: true;
}

/** One thing to measure, and how. Several checks may aim at one target. */
export type Check = CheckCommon &
  /** `bytes`: of the payload, sent with "don't fragment"; absent: small. */
  (
    | { readonly kind: "icmp"; readonly host: string; readonly bytes?: number }
    /** `anyAnswer`: a refusal is a sign of life too (the gateway); otherwise a port must accept. */
    | { readonly kind: "tcp"; readonly host: string; readonly ports: readonly number[]; readonly anyAnswer: boolean }
    | { readonly kind: "dns"; readonly scope: ResolverScope; readonly server: string; readonly hostname: string }
    | { readonly kind: "http"; readonly url: string; readonly expect: "page" | "no_content" }
  );

export type CheckKind = Check["kind"];

/** Why a probe failed. `internal`: it could not be measured, which says nothing about the network. */
export type ProbeFailure =
  | "timeout"
  | "unreachable"
  | "refused"
  | "reset"
  | "rcode"
  /** A resolver that lives (it answers what it knows itself) and gets no answer from those that it asks. */
  | "upstream"
  | "mismatch"
  | "tls"
  | "status"
  | "redirect"
  | "protocol"
  | "internal";

/** What one probe saw. `rttMs` is a fraction; `detail` is one line for people; `answers`: the addresses that a resolver gave. */
export type ProbeOutcome =
  | { readonly ok: true; readonly rttMs: number; readonly detail?: string; readonly answers?: readonly string[] }
  | { readonly ok: false; readonly reason: ProbeFailure; readonly detail: string };

/** This machine's own side of the network, read from the operating system. */
export interface LinkFacts {
  /** The interface of the default route, or the one that carried it last. */
  readonly interface?: string;
  readonly medium?: "wired" | "wifi";
  /** False when the interface is gone, administratively down or without a carrier. */
  readonly carrier: boolean;
  /** Usable addresses of that interface: not link-local, not loopback. */
  readonly addresses: readonly string[];
  /** Without one nothing beyond the own network can be reached. Taken for granted where it can't be read. */
  readonly defaultRoute: boolean;
  /** A global IPv6 address and a default route for it. */
  readonly ipv6?: boolean;
  /** Next hop of the default route; absent without one, and on a point-to-point link. IPv4 is preferred. */
  readonly gateway?: string;
  /** What the neighbour table says of the gateway: `stale` entries count as unknown. */
  readonly neighbour: "reachable" | "failed" | "unknown";
  readonly gatewayMac?: string;
  /** The host's configured resolvers, in order. */
  readonly resolvers: readonly string[];
}

/** One hop of a path. Without an address nobody answered there. Times in ms; loss in percent is what `sent` and `answered` say. */
export interface Hop {
  /** 1 is the first router on the way. */
  readonly ttl: number;
  readonly address?: string;
  /** `AS3320`, where it was asked for and found. */
  readonly asn?: string;
  readonly sent: number;
  readonly answered: number;
  readonly lastMs?: number;
  readonly meanMs?: number;
  readonly bestMs?: number;
  readonly worstMs?: number;
  readonly deviationMs?: number;
}

/** `baseline`: now and then while all is well. `intensive`: in an outage. `manual`: somebody asked. */
export type TraceMode = "baseline" | "intensive" | "manual";

/** Where a trace goes: `slug` is a target's or a provider hop's, or that of a host that somebody typed. */
export interface TraceTarget {
  readonly slug: string;
  readonly host: string;
}

/** What a user asked for at run time. */
export type Command =
  | { readonly name: "run_test"; readonly scope: "all" | "gateway" }
  | { readonly name: "monitoring"; readonly on: boolean }
  /** Traces this host, or all targets. */
  | { readonly name: "trace"; readonly host?: string }
  | { readonly name: "discover_hops" }
  /** A report of this time, or of the last day. */
  | { readonly name: "analyze"; readonly from?: Timestamp; readonly to?: Timestamp }
  /** This device is known; with a name, that is its name from now on. Takes an `ignore` back. */
  | { readonly name: "acknowledge"; readonly mac: Mac; readonly deviceName?: string }
  | { readonly name: "ignore"; readonly mac: Mac }
  /** These are one device; a single one stands for itself again. */
  | { readonly name: "join"; readonly macs: readonly Mac[]; readonly deviceName?: string };

/** Everything that can change the model. `at` is when it was so: for a probe, when it was sent. */
export type Observation = { readonly at: Timestamp } & (
  | { readonly type: "probe"; readonly check: CheckId; readonly outcome: ProbeOutcome }
  | { readonly type: "link"; readonly facts: LinkFacts }
  /** A cycle of all checks has ended; `partial`: of the gateway's alone, which says nothing of the rest. */
  | { readonly type: "cycle"; readonly startedAt: Timestamp; readonly requested: boolean; readonly partial: boolean }
  /**
   * The clock, about once a second: `elapsed` ms since the last one, `slept` ms of them by which it came late, whether the
   * wall clock was set meanwhile, the local calendar day, and whether the schedule has the probes run.
   */
  | {
      readonly type: "tick";
      readonly elapsed: number;
      readonly slept: number;
      readonly stepped: boolean;
      readonly day: string;
      readonly active: boolean;
      /** Local time minus UTC. */
      readonly utcOffsetMs: number;
    }
  /** A path was traced; the last hop is the target itself when it answered. `startedAt`: when its first packet went out. */
  | {
      readonly type: "path";
      readonly target: TraceTarget;
      readonly mode: TraceMode;
      readonly startedAt: Timestamp;
      readonly hops: readonly Hop[];
      readonly reached: boolean;
      /** What traced it. */
      readonly tool: "mtr" | "traceroute" | "tracepath";
      /** The tool's own report as text, for the logs. */
      readonly text: string;
    }
  /** A path could not be traced: why, and what to do, in one line. It says nothing of the network. */
  | { readonly type: "path-failed"; readonly target: TraceTarget; readonly mode: TraceMode; readonly reason: string }
  /** A longer piece of work that was asked for has ended. */
  | {
      readonly type: "job";
      readonly event: "analysis_ready" | "hops_discovered";
      readonly text: string;
      readonly report?: string;
    }
  /** A source was read, or reported. */
  | { readonly type: "reading"; readonly source: SourceId; readonly reading: SourceReading }
  /** It could not be read. The message is for people and holds no secret. */
  | {
      readonly type: "source-failed";
      readonly source: SourceId;
      readonly code: SourceErrorCode;
      readonly message: string;
    }
  /** Something came that is no report: kept for people who look for a mistake. One line. */
  | { readonly type: "report-rejected"; readonly source: SourceId; readonly from: string; readonly text: string }
  | { readonly type: "command"; readonly command: Command }
);

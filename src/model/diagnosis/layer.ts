import type { Timestamp } from "../../lib/clock.ts";
import type { CheckState, Status } from "../check-state.ts";
import type { Check } from "../types.ts";

/** The layers of evidence that verdicts are made of, from this machine outwards. */
export const layerNames = [
  "own_link",
  "address",
  "route",
  "neighbour",
  "gateway_icmp",
  "gateway_tcp",
  "gateway",
  "router_load",
  "peers",
  "wan",
  "modem",
  "access",
  "core",
  "targets_icmp",
  "targets_tcp",
  "http_by_address",
  "internet",
  "dns_system",
  "dns_gateway",
  "dns_public",
  "dns_doh",
  "http_by_name",
  "portal",
  "large_packets",
  "ipv6",
  "loss",
  "own_loss",
  "latency",
  "own_latency",
  "jitter",
  "load",
] as const;

export type LayerName = (typeof layerNames)[number];

/** What one layer says. `absent`: nothing measures it here, so it says neither yes nor no. */
export interface Layer {
  readonly status: Status | "absent";
  /** When it came to this status, back-dated to the first probe that said so; 0: it always was. */
  readonly since: Timestamp;
  readonly measuredAt: Timestamp;
  readonly detail: string;
  readonly members: readonly Member[];
  /** The members that failed for certain, measured after all that matters had changed. */
  readonly failing: readonly Member[];
  /** The members that were lost a moment ago and await their confirmation. */
  readonly suspects: readonly Member[];
}

/** A check, and what is known of it. */
export interface Member {
  readonly check: Check;
  readonly state: CheckState;
}

export type Layers = Readonly<Record<LayerName, Layer>>;

/** A layer that nothing measures. */
export const absent: Layer = {
  status: "absent",
  since: 0,
  measuredAt: 0,
  detail: "not measured here",
  members: [],
  failing: [],
  suspects: [],
};

import type { Timestamp } from "../lib/clock.ts";
import type { DevicesView } from "./devices/view.ts";
import type { Blame, OldHint, OldStatus, Severity, Verdict } from "./diagnosis/verdicts.ts";
import type { Check, CheckId, LinkFacts, ResolverScope, TraceTarget } from "./types.ts";

/** What a layer of the evidence says. */
export interface Evidence {
  readonly layer: string;
  readonly result: "ok" | "bad" | "no_data";
  readonly detail: string;
}

/** Whether the Internet works, and if not, whose fault it is. `verdict` is absent until enough was measured. */
export interface VerdictView {
  readonly verdict?: Verdict;
  readonly severity: Severity;
  readonly blame: Blame;
  readonly status?: OldStatus;
  readonly hint?: OldHint;
  /** 0 to 100. */
  readonly confidence: number;
  readonly place: string;
  /** When it began: back-dated to the first probe that said so. */
  readonly since?: Timestamp;
  readonly evidence: readonly Evidence[];
  readonly secondBest?: Verdict;
  /** One sentence on what to do. */
  readonly advice: string;
}

/** Quality over the last 60 s; a field without enough samples is absent. */
export interface Quality {
  readonly rttMs?: number;
  readonly jitterMs?: number;
  readonly lossPercent?: number;
  /** 1 (unusable) to 4.5. */
  readonly mos?: number;
}

/** `reachable` absent: unknown, because nothing was measured or because something before it is broken. */
export interface TargetView extends Quality {
  readonly slug: string;
  readonly name: string;
  readonly host: string;
  readonly reachable?: boolean;
  readonly tcp?: boolean;
  /** Why it is not reachable, for people. */
  readonly detail?: string;
}

/** One resolver that is asked each cycle. */
export interface ResolverView {
  readonly slug: string;
  readonly name: string;
  readonly server: string;
  readonly scope: ResolverScope;
  readonly ok?: boolean;
  readonly timeMs?: number;
  readonly detail?: string;
}

/** One page that is fetched each cycle. */
export interface SiteView {
  readonly slug: string;
  readonly name: string;
  readonly url: string;
  readonly ok?: boolean;
  readonly timeMs?: number;
  readonly detail?: string;
}

/** Since local midnight. Durations in ms. */
export interface Today {
  readonly day: string;
  readonly cycles: number;
  readonly okCycles: number;
  readonly upMs: number;
  readonly downMs: number;
  readonly noDataMs: number;
  readonly outages: number;
}

/** An outage or a degradation, as recorded. `ended` absent: it goes on. */
export interface Outage {
  readonly started: Timestamp;
  readonly ended?: Timestamp;
  readonly verdict: Verdict;
  readonly severity: Severity;
  readonly blame: Blame;
  readonly place: string;
  readonly confidence: number;
  readonly advice: string;
  readonly evidence: readonly Evidence[];
}

/** Where the diagnosis stands: `suspect` means that a burst of probes is under way. */
export interface EpisodeView {
  readonly state: "settled" | "suspect" | "confirmed" | "recovering";
  readonly suspectSince?: Timestamp;
}

/** Paths to trace. A new `id` asks for one round of `targets` at once, `count` packets a hop. */
export interface TracePlan {
  /** 0: no baseline. Else each target, and each provider hop, is traced once in this time, one after the other. */
  readonly baselineMs: number;
  readonly baselineTargets: readonly TraceTarget[];
  readonly round: {
    readonly id: number;
    readonly mode: "intensive" | "manual";
    readonly targets: readonly TraceTarget[];
    readonly count: number;
  };
}

/** What the inputs should do now. They read it; nobody calls them. */
export interface Plan {
  /** False: measure nothing (switched off, or outside the schedule). */
  readonly active: boolean;
  readonly checks: readonly Check[];
  readonly intervalMs: number;
  /** 0: no heartbeat. */
  readonly heartbeatMs: number;
  /** How long the heartbeat waits for an answer. */
  readonly heartbeatTimeoutMs: number;
  /** A new `id` asks for a burst of probes of these checks at once. */
  readonly burst: { readonly id: number; readonly checks: readonly CheckId[] };
  readonly trace: TracePlan;
  /** A new `id` asks for a full cycle now. */
  readonly cycle: { readonly id: number; readonly scope: "all" | "gateway" };
}

/** The answers: everything that a sink or a page shows. Plain data. */
export interface View {
  readonly at: Timestamp;
  readonly site: string;
  readonly monitoring: boolean;
  readonly verdict: VerdictView;
  readonly episode: EpisodeView;
  /** The connection comes and goes. */
  readonly flapping: boolean;
  /** Does the Internet work for the people here? Absent: unknown. */
  readonly internet?: boolean;
  readonly gateway?: boolean;
  readonly tcp?: boolean;
  readonly dns?: boolean;
  readonly httpName?: boolean;
  readonly httpIp?: boolean;
  readonly gatewayIp?: string;
  readonly gatewayRttMs?: number;
  readonly link?: LinkFacts;
  /** The median of the targets. */
  readonly quality: Quality;
  readonly targets: readonly TargetView[];
  readonly hops: readonly TargetView[];
  readonly resolvers: readonly ResolverView[];
  readonly sites: readonly SiteView[];
  readonly today: Today;
  readonly lastOutage?: Outage;
  readonly network: DevicesView;
  readonly plan: Plan;
}

/** Something that happened once, for automations and the log. */
export interface DomainEvent {
  readonly event_type:
    | "outage_started"
    | "outage_ended"
    | "degraded_started"
    | "degraded_ended"
    | "gateway_changed"
    | "test_finished"
    | "device_joined"
    | "device_left"
    | "device_moved"
    | "arrived_home"
    | "left_home"
    | "unknown_device"
    | "poor_signal"
    | "bandwidth_hog"
    | "router_lost"
    | "router_back"
    | "mesh_lost"
    | "mesh_back"
    | "external_ip_changed"
    | "firmware_available"
    | "route_changed"
    | "analysis_ready"
    | "hops_discovered";
  readonly at: Timestamp;
  /** One sentence that a person understands. */
  readonly text: string;
  readonly fields: Readonly<Record<string, string | number | boolean | undefined>>;
}

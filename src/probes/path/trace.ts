import type { Timestamp } from "../../lib/clock.ts";
import type { Hop } from "../../model/types.ts";

/** A program that can trace a path. */
export type TraceTool = "mtr" | "traceroute" | "tracepath";

/** One path to trace. */
export interface TraceJob {
  /** An address or a host name. */
  readonly host: string;
  /** Packets a hop; tools that are not mtr send fewer. */
  readonly count: number;
  /** Between two packets to one hop; below a second only root may. */
  readonly intervalMs: number;
  /** No further than so many hops. */
  readonly mostHops?: number;
  /** Ask whose networks the hops are in: a question to a public DNS service for each. */
  readonly asn?: boolean;
  /** Is told the hops as they become known, where the tool tells them. */
  readonly onHops?: (hops: readonly Hop[]) => void;
}

/** What a trace found. */
export interface Traced {
  readonly ok: true;
  /** What the host's name stands for. */
  readonly address: string;
  readonly startedAt: Timestamp;
  readonly hops: readonly Hop[];
  /** The host itself answered. */
  readonly reached: boolean;
  readonly tool: TraceTool;
  /** The report in mtr's own form, with its two lines of head. */
  readonly text: string;
}

/** `broken`: the tool is missing, may not or does not work, so another one may. Else there is nothing to trace with any tool. */
export interface NotTraced {
  readonly ok: false;
  readonly broken: boolean;
  /** One line for people. */
  readonly reason: string;
}

/** Traces a path; never rejects, never takes much longer than its packets need. */
export type Trace = (job: TraceJob, signal: AbortSignal) => Promise<Traced | NotTraced>;

/** A tool's way to trace one address. */
export type TraceAddress = (
  job: TraceJob & { readonly address: string },
  signal: AbortSignal,
) => Promise<{ readonly ok: true; readonly hops: readonly Hop[] } | NotTraced>;

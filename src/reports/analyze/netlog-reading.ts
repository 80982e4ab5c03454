import type { OldHint, OldStatus, Verdict } from "../../model/diagnosis/verdicts.ts";

/** What a row of the log says; a flag is -1 where the row does not tell. */
export interface CycleFacts {
  readonly status: OldStatus;
  readonly hint: OldHint;
  /** How many targets answered a ping; -1: not told. */
  readonly targetsUp: number;
  readonly dns: -1 | 0 | 1;
  readonly httpName: -1 | 0 | 1;
  readonly httpIp: -1 | 0 | 1;
  readonly tcp: -1 | 0 | 1;
}

/** Verdicts that rows of a log can lead to. The last three are no outage: people could work all the same. */
export type NetlogVerdict = Extract<
  Verdict,
  | "gateway_down"
  | "internet_down"
  | "dns_down"
  | "app_layer_down"
  | "ok"
  | "icmp_filtered"
  | "gateway_icmp_filtered"
  | "target_down"
>;

/**
 * What a row shows, from all of its tests. The older tool asked the gateway's and the targets' ping first and stopped there: one
 * lost ping made an outage of a cycle in which every page opened, and one failing page made it the fault of DNS.
 */
export function readCycle(facts: CycleFacts): NetlogVerdict {
  const { status, hint, targetsUp, dns, httpName, httpIp, tcp } = facts;
  if (status === "OK") return "ok";
  const pingOnly: NetlogVerdict = status === "LAN_DOWN" ? "gateway_icmp_filtered" : "icmp_filtered";
  // A page that was fetched by its name needs the router, the line and the name service.
  if (httpName === 1) return status === "LAN_DOWN" || status === "WAN_DOWN" ? pingOnly : "ok";
  // TCP and a page by address worked, says the older tool's own hint; older files may lack those columns.
  if (hint === "ICMP-only" && httpName === -1) return pingOnly;
  const passes = httpIp === 1 || tcp === 1 || targetsUp > 0;
  if (!passes && status === "LAN_DOWN") return "gateway_down";
  if (!passes && status === "WAN_DOWN") return "internet_down";
  if (httpName === -1 && (status === "LAN_DOWN" || status === "WAN_DOWN")) return pingOnly;
  if (status === "APP_LAYER_FAIL" || httpIp !== 1) return "app_layer_down";
  // Names resolve and pages open: only the one page that is fetched by its name fails.
  return dns === 1 ? "target_down" : "dns_down";
}

/** False: it is an outage. */
export function isHarmless(verdict: NetlogVerdict): boolean {
  return (
    verdict === "ok" || verdict === "icmp_filtered" || verdict === "gateway_icmp_filtered" || verdict === "target_down"
  );
}

/** What the older tool measures in one cycle: one ping a host, two pages, one connection. */
export interface OldCycle {
  readonly gateway: boolean;
  readonly targets: readonly boolean[];
  /** A page by name and one by address, redirects followed. */
  readonly httpByName: boolean;
  readonly httpByAddress: boolean;
  /** A connection to port 443 of a target. */
  readonly tcp443: boolean;
}

/** The older tool's own rules, as a baseline to compare with: status and hint of one cycle, without memory or repetition. */
export function oldRules(cycle: OldCycle): { readonly status: string; readonly hint: string } {
  const status = statusOf(cycle);
  return { status, hint: status === "OK" ? "" : hintOf(cycle) };
}

function statusOf({ gateway, targets, httpByName, httpByAddress }: OldCycle): string {
  if (!gateway) return "LAN_DOWN";
  if (!targets.includes(true)) return "WAN_DOWN";
  if (httpByName) return "OK";
  return httpByAddress ? "DNS_APP_FAIL" : "APP_LAYER_FAIL";
}

function hintOf({ targets, httpByName, httpByAddress, tcp443 }: OldCycle): string {
  if (!httpByName && httpByAddress) return "DNS";
  if (!targets.includes(true) && tcp443 && httpByAddress) return "ICMP-only";
  return !httpByAddress && !tcp443 ? "Transport" : "Mixed";
}

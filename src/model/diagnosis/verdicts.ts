/** How bad it is for the people in the house. `no_data`: nothing was measured. */
export type Severity = "ok" | "degraded" | "outage" | "no_data";

/** Whose fault it is. */
export type Blame =
  | "none"
  | "self"
  | "lan"
  | "wifi"
  | "router"
  | "modem"
  | "isp"
  | "transit"
  | "dns"
  | "account"
  | "remote";

/** The five classes of the older tool, kept for its users. */
export type OldStatus = "OK" | "LAN_DOWN" | "WAN_DOWN" | "DNS_APP_FAIL" | "APP_LAYER_FAIL";
export type OldHint = "" | "ICMP-only" | "Mixed" | "DNS" | "Transport";

interface VerdictMeaning {
  readonly severity: Severity;
  readonly blame: Blame;
  readonly status: OldStatus | undefined;
  readonly hint: OldHint | undefined;
}

const meaning = (
  severity: Severity,
  blame: Blame,
  old: readonly [OldStatus, OldHint] | undefined = undefined,
): VerdictMeaning => ({ severity, blame, status: old?.[0], hint: old?.[1] });

/** Every verdict and what follows from its name alone. Users' automations rely on these names. */
export const verdicts = {
  ok: meaning("ok", "none", ["OK", ""]),
  icmp_filtered: meaning("ok", "none", ["OK", "ICMP-only"]),
  gateway_icmp_filtered: meaning("ok", "none", ["OK", "ICMP-only"]),
  target_down: meaning("degraded", "remote", ["OK", "Mixed"]),
  monitor_gap: meaning("no_data", "self"),
  host_restarted: meaning("no_data", "self"),
  wan_failover: meaning("degraded", "isp", ["OK", "Mixed"]),
  own_link_down: meaning("outage", "self", ["LAN_DOWN", "Transport"]),
  no_address: meaning("outage", "self", ["LAN_DOWN", "Transport"]),
  no_route: meaning("outage", "self", ["LAN_DOWN", "Transport"]),
  lan_segment_down: meaning("outage", "lan", ["LAN_DOWN", "Transport"]),
  gateway_down: meaning("outage", "router", ["LAN_DOWN", "Transport"]),
  gateway_reboot: meaning("outage", "router", ["LAN_DOWN", "Transport"]),
  gateway_overloaded: meaning("degraded", "router", ["OK", "Mixed"]),
  wifi_degraded: meaning("degraded", "wifi", ["OK", "Mixed"]),
  modem_down: meaning("outage", "modem", ["WAN_DOWN", "Transport"]),
  wan_session_down: meaning("outage", "isp", ["WAN_DOWN", "Transport"]),
  isp_access_down: meaning("outage", "isp", ["WAN_DOWN", "Transport"]),
  isp_core_down: meaning("outage", "isp", ["WAN_DOWN", "Transport"]),
  transit_down: meaning("outage", "transit", ["WAN_DOWN", "Transport"]),
  transit_partial: meaning("degraded", "transit", ["OK", "Mixed"]),
  internet_down: meaning("outage", "isp", ["WAN_DOWN", "Transport"]),
  ipv4_down: meaning("outage", "isp", ["WAN_DOWN", "Transport"]),
  ipv6_down: meaning("degraded", "isp", ["OK", "Mixed"]),
  dns_own_config: meaning("outage", "self", ["DNS_APP_FAIL", "DNS"]),
  dns_router_down: meaning("outage", "router", ["DNS_APP_FAIL", "DNS"]),
  dns_isp_down: meaning("outage", "dns", ["DNS_APP_FAIL", "DNS"]),
  dns_down: meaning("outage", "dns", ["DNS_APP_FAIL", "DNS"]),
  dns_hijack: meaning("outage", "dns", ["DNS_APP_FAIL", "DNS"]),
  dns_slow: meaning("degraded", "dns", ["OK", "DNS"]),
  captive_portal: meaning("outage", "account", ["APP_LAYER_FAIL", "Mixed"]),
  app_layer_down: meaning("outage", "remote", ["APP_LAYER_FAIL", "Mixed"]),
  tcp_blocked: meaning("outage", "isp", ["APP_LAYER_FAIL", "Transport"]),
  tls_error: meaning("outage", "self", ["APP_LAYER_FAIL", "Mixed"]),
  mtu_blackhole: meaning("outage", "isp", ["APP_LAYER_FAIL", "Transport"]),
  packet_loss: meaning("degraded", "isp", ["OK", "Mixed"]),
  high_latency: meaning("degraded", "isp", ["OK", "Mixed"]),
  high_jitter: meaning("degraded", "isp", ["OK", "Mixed"]),
  bufferbloat: meaning("degraded", "self", ["OK", "Mixed"]),
  congestion: meaning("degraded", "isp", ["OK", "Mixed"]),
} as const satisfies Record<string, VerdictMeaning>;

export type Verdict = keyof typeof verdicts;

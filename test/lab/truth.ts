import type { Verdict } from "../../src/model/diagnosis/verdicts.ts";
import type { FaultName } from "./faults.ts";

/** What is broken, and what is right to say of it. */
export interface Truth {
  readonly fault: FaultName;
  /** Any of these. Where `ok` is among them, nothing else may be confirmed as long as it lasts. */
  readonly right: readonly Verdict[];
  /** How long it may take; the default is for what a burst of probes shows. */
  readonly withinMs?: number;
  /** What the place must say, where the verdict alone does not tell whose part it is. */
  readonly place?: RegExp;
  /** The overlay: one state instead of many. */
  readonly flapping?: true;
}

const access: readonly Verdict[] = ["isp_access_down", "wan_session_down", "modem_down"];
const noNames: readonly Verdict[] = ["dns_down", "dns_isp_down"];
const late: readonly Verdict[] = ["high_latency", "congestion", "bufferbloat"];
/** Quality is judged over a minute. */
const slow = { withinMs: 75_000 };
const atProvider = { ...slow, place: /provider/i };
const atHome = { ...slow, place: /own|this machine|wi-?fi|home/i };

const is = (fault: FaultName, right: readonly Verdict[], rest: Omit<Truth, "fault" | "right"> = {}): Truth => ({
  fault,
  right,
  ...rest,
});

/** Every fault; those that take longest come first, so that labs side by side end together. */
export const truths: readonly Truth[] = [
  is("flapping", [...access, "internet_down"], { flapping: true, withinMs: 60_000 }),
  // One packet in twenty: a minute may lose three, or none.
  is("loss_own_5", ["packet_loss", "wifi_degraded"], { ...atHome, withinMs: 150_000 }),
  is("loss_own_30", ["packet_loss", "wifi_degraded"], atHome),
  is("loss_10", ["packet_loss"], atProvider),
  is("loss_30", ["packet_loss"], atProvider),
  is("latency_500", late, slow),
  is("latency_own_500", [...late, "wifi_degraded"], slow),
  is("jitter", ["high_jitter", "high_latency"], slow),
  is("gateway_down", ["gateway_down", "lan_segment_down"]),
  is("gateway_frozen", ["gateway_down"]),
  is("own_cable", ["own_link_down"]),
  is("own_interface", ["own_link_down"]),
  is("no_address", ["no_address"]),
  is("no_route", ["no_route"]),
  is("wan_known", access),
  is("wan_silent", access),
  is("modem_down", access),
  is("line_down", access),
  is("session_down", access),
  is("core_known", ["isp_core_down"]),
  is("core_silent", ["isp_core_down"]),
  is("beyond_known", ["transit_down"]),
  is("beyond_silent", ["transit_down"]),
  is("ipv4_silent", ["ipv4_down"]),
  is("ipv4_known", ["ipv4_down"]),
  is("ipv6_silent", ["ipv6_down"]),
  is("ipv6_known", ["ipv6_down"]),
  is("dns_upstream_silent", noNames),
  is("dns_upstream_servfail", noNames),
  is("dns_upstream_refused", noNames),
  is("dns_upstream_one", ["ok", "dns_slow"]),
  is("dns_all_silent", noNames),
  is("dns_servfail", noNames),
  is("dns_refused", noNames),
  is("dns_nxdomain", noNames),
  is("dns_empty", noNames),
  is("dns_forwarder_refused", ["dns_router_down"]),
  is("dns_forwarder_silent", ["dns_router_down"]),
  is("dns_own_config", ["dns_own_config"]),
  is("dns_first_dead", ["dns_slow"]),
  is("dns_second_dead", ["dns_slow"]),
  is("dns_slow", ["dns_slow"]),
  is("dns_hijack", ["dns_hijack"]),
  is("dns_hijack_http", ["dns_hijack"]),
  is("dns_hijack_tls", ["dns_hijack"]),
  is("dns_hijack_provider", ["dns_hijack"]),
  is("targets_drop_icmp", ["icmp_filtered"]),
  is("provider_drops_icmp", ["icmp_filtered"]),
  is("gateway_ignores_ping", ["gateway_icmp_filtered"]),
  is("hops_silent", ["ok"]),
  is("target_down", ["target_down"]),
  is("target_of_names_down", ["target_down"]),
  is("site_down", ["target_down"]),
  is("servers_refuse", ["app_layer_down"]),
  is("servers_hang", ["app_layer_down"]),
  is("servers_503", ["app_layer_down"]),
  is("servers_slow", ["ok", "high_latency"]),
  is("certificate_expired", ["tls_error"]),
  is("certificate_wrong_ca", ["tls_error"]),
  is("certificate_wrong_name", ["tls_error"]),
  is("port_443_filtered", ["tcp_blocked"]),
  is("portal_redirect", ["captive_portal"]),
  is("portal_strict", ["captive_portal"]),
  is("portal_http_only", ["ok", "captive_portal"]),
  is("mtu_blackhole", ["mtu_blackhole"]),
  is("mtu_handshake", ["mtu_blackhole"]),
  is("mtu_narrow", ["ok"]),
];

/** What the program can't tell yet. A fault on this list that is told right fails the test: take it off then. */
export const notYet: ReadonlySet<FaultName> = new Set<FaultName>();

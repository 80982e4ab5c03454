import type { Verdict } from "./diagnosis/verdicts.ts";

/** What a verdict means, in a few words that anybody understands. */
export const meanings: Readonly<Record<Verdict, string>> = {
  ok: "Everything works",
  icmp_filtered: "Everything works; pings are dropped on the way",
  gateway_icmp_filtered: "Everything works; the router ignores ping",
  target_down: "Not everything answers",
  monitor_gap: "The monitor itself was paused, so nothing is known",
  host_restarted: "The monitor's machine was restarted, so nothing is known",
  wan_failover: "The router switched to its second connection",
  own_link_down: "The monitor's own network connection is down",
  no_address: "The monitor's machine has no network address",
  no_route: "The monitor's machine has no default route",
  lan_segment_down: "A part of the home network is down",
  gateway_down: "The router does not answer",
  gateway_reboot: "The router is restarting",
  gateway_overloaded: "The router is overloaded",
  wifi_degraded: "The Wi-Fi is poor",
  modem_down: "The modem does not answer",
  wan_session_down: "The router has no session with the provider",
  isp_access_down: "The line to the provider is down",
  isp_core_down: "The provider's network is down",
  transit_down: "The Internet beyond the provider is down",
  transit_partial: "A part of the Internet beyond the provider is down",
  internet_down: "Nothing beyond the router answers",
  ipv4_down: "IPv4 does not work",
  ipv6_down: "IPv6 does not work",
  dns_own_config: "This machine's resolver setting is wrong",
  dns_router_down: "The router's name service is down",
  dns_isp_down: "The provider's name servers are down",
  dns_down: "Names can't be looked up",
  dns_hijack: "Name servers give false answers",
  dns_slow: "A name server fails or is slow",
  captive_portal: "A sign-in page stands before the Internet",
  app_layer_down: "The network works but the watched pages fail",
  tcp_blocked: "Connections are blocked on the way",
  tls_error: "Secure connections fail everywhere",
  mtu_blackhole: "Large packets are lost on the way",
  packet_loss: "Packets are lost",
  high_latency: "Answers take long",
  high_jitter: "Delays vary a lot",
  bufferbloat: "The line is filled up by own traffic",
  congestion: "The provider's network is congested",
};

/** Verdicts whose meaning does not say where: there the place names it. */
const placeless: ReadonlySet<Verdict> = new Set<Verdict>([
  "target_down",
  "dns_slow",
  "packet_loss",
  "high_latency",
  "high_jitter",
]);

/** The meaning of a verdict, with its place where that says more, as one sentence without a full stop. */
export function sentence(verdict: Verdict, place: string): string {
  return place === "" || !placeless.has(verdict) ? meanings[verdict] : `${meanings[verdict]}: ${place}`;
}

/** A duration for people: `45 s`, `12 min`, `3 h 5 min`, `2 d 4 h`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return hours % 24 === 0 ? `${Math.floor(hours / 24)} d` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

import { brokenResolver, brokenTargets, isWifi, slowResolver } from "./conditions.ts";
import type { Rule } from "./rule.ts";

/** What works, but not well; and what only looks broken. */
export const qualityRules: readonly Rule[] = [
  {
    verdict: "wifi_degraded",
    when: { internet: "ok", own_loss: "bad" },
    and: ({ own_link: { detail } }) => isWifi(detail),
    expects: { loss: "bad", gateway: "ok" },
    place: "this machine's Wi-Fi",
    advice: "The Wi-Fi loses packets on the way to the router: move closer, or change its channel.",
  },
  {
    verdict: "packet_loss",
    when: { internet: "ok", own_loss: "bad" },
    expects: { loss: "bad", gateway: "ok" },
    place: "this machine's own connection",
    advice: "Packets are lost between this machine and the router: check the cable and the switch.",
  },
  {
    verdict: "packet_loss",
    when: { internet: "ok", loss: "bad", own_loss: "-bad" },
    expects: { gateway: "ok", own_loss: "ok" },
    place: "beyond the router, on the provider's line",
    advice: "Packets are lost beyond the router: restart the modem; if it stays, show the provider the report.",
  },
  {
    verdict: "bufferbloat",
    when: { internet: "ok", latency: "bad", load: "bad" },
    expects: { gateway: "ok" },
    place: "the own line",
    advice:
      "The line is filled by your own traffic: limit big transfers, or switch on the router's queue management (SQM).",
  },
  {
    verdict: "congestion",
    when: { internet: "ok", latency: "bad", load: "ok" },
    expects: { gateway: "ok", jitter: "bad" },
    place: "the provider's network",
    advice:
      "Answers take long though your line is not full: the provider's network is busy; tell them if it is often so.",
  },
  {
    verdict: "high_latency",
    when: { internet: "ok", latency: "bad" },
    expects: { gateway: "ok", jitter: "ok" },
    place: "between the router and the Internet",
    advice: "Answers take much longer than usual: look for big transfers at home, then ask the provider.",
  },
  {
    verdict: "high_jitter",
    when: { internet: "ok", jitter: "bad" },
    expects: { gateway: "ok", loss: "ok" },
    place: "between the router and the Internet",
    advice: "Delays vary a lot, which calls and games feel: look for big transfers at home, then ask the provider.",
  },
  {
    verdict: "ipv6_down",
    when: { internet: "ok", ipv6: "bad" },
    expects: { targets_icmp: "ok", http_by_name: "ok" },
    place: "IPv6",
    advice: "IPv6 fails while IPv4 works: restart the router; if it stays, tell the provider.",
  },
  {
    verdict: "dns_slow",
    when: { internet: "ok", dns_system: "ok" },
    and: (layers) => slowResolver(layers) !== undefined && brokenResolver(layers) === undefined,
    expects: { http_by_name: "ok" },
    place: "the name servers",
    advice: "Names are looked up slowly, so pages open late: restart the router, or set another resolver.",
  },
  {
    verdict: "dns_slow",
    when: { internet: "ok", dns_system: "-bad" },
    and: (layers) => brokenResolver(layers) !== undefined,
    expects: { dns_system: "ok", http_by_name: "ok" },
    place: "one of the name servers",
    advice: "One name server fails while others answer: pages may open slowly; replace it in the settings.",
  },
  {
    verdict: "target_down",
    when: { internet: "ok", http_by_name: "-bad" },
    and: (layers) => brokenTargets(layers).length > 0,
    expects: { dns_system: "ok", http_by_name: "ok", gateway: "ok" },
    place: "a single target",
    advice: "Only some targets fail; the Internet works, so it is most likely their fault.",
  },
  {
    verdict: "icmp_filtered",
    when: { internet: "ok", targets_icmp: "bad" },
    expects: { targets_tcp: "ok", http_by_name: "ok", dns_system: "ok" },
    place: "",
    advice: "Pings are dropped on the way, but everything works: nothing to do.",
  },
  {
    verdict: "gateway_icmp_filtered",
    when: { internet: "ok", gateway_icmp: "bad" },
    expects: { targets_icmp: "ok", http_by_name: "ok", dns_system: "ok" },
    place: "",
    advice: "The router ignores ping, but everything works: nothing to do.",
  },
  {
    verdict: "ok",
    when: { internet: "ok", dns_system: "-bad", http_by_name: "-bad" },
    expects: { gateway: "ok", targets_icmp: "ok", targets_tcp: "ok", dns_system: "ok", http_by_name: "ok" },
    place: "",
    advice: "",
  },
];

import { allSay, answersDiffer, namesSettled, silent, usesGateway } from "./conditions.ts";
import type { Rule } from "./rule.ts";

/** Whether names and pages work over a path that does. */
export const serviceRules: readonly Rule[] = [
  {
    verdict: "dns_router_down",
    when: { internet: "ok", dns_system: "bad", dns_gateway: "bad", dns_public: "ok" },
    and: (layers) => silent(layers, "dns_gateway") && usesGateway(layers),
    expects: { http_by_name: "bad", dns_doh: "ok" },
    place: "the router's name service",
    advice: "The router no longer looks up names: restart it, or set a public resolver such as 9.9.9.9.",
  },
  {
    verdict: "dns_isp_down",
    when: { internet: "ok", dns_system: "bad", dns_gateway: "bad", dns_public: "ok" },
    and: usesGateway,
    expects: { http_by_name: "bad", dns_doh: "ok", internet: "ok" },
    place: "the provider's name servers",
    advice: "The provider's name servers fail: set a public resolver such as 9.9.9.9 in the router.",
  },
  {
    verdict: "dns_own_config",
    when: { internet: "ok", dns_system: "bad" },
    and: (layers) => !usesGateway(layers) && (layers.dns_gateway.status === "ok" || layers.dns_public.status === "ok"),
    expects: { http_by_name: "bad", internet: "ok" },
    place: "this machine's resolver setting",
    advice: "The resolver that this machine is set to does not answer, others do: correct its DNS setting.",
  },
  {
    verdict: "dns_down",
    when: { internet: "ok", dns_system: "bad", dns_public: "-ok", dns_gateway: "-ok" },
    expects: { http_by_name: "bad", internet: "ok", dns_public: "bad" },
    place: "name servers",
    advice: "Names can't be looked up anywhere: wait, or call the provider; addresses still work.",
  },
  {
    verdict: "dns_own_config",
    when: { internet: "ok", dns_system: "ok", http_by_name: "bad" },
    and: (layers) => namesSettled(layers) && allSay(layers.http_by_name, "rcode"),
    expects: { targets_tcp: "ok", http_by_address: "ok" },
    place: "this machine's resolver setting",
    advice: "The name servers answer, but this machine does not get names from them: check its DNS setting.",
  },
  {
    verdict: "dns_hijack",
    when: { internet: "ok", dns_system: "ok", http_by_name: "bad" },
    and: (layers) => namesSettled(layers) && answersDiffer(layers),
    expects: { http_by_address: "ok", dns_doh: "ok", targets_tcp: "ok" },
    place: "name servers",
    advice: "The name servers give false addresses: set a resolver that you trust, such as 9.9.9.9, in the router.",
  },
  {
    verdict: "mtu_blackhole",
    when: { internet: "ok", large_packets: "bad", http_by_name: "bad" },
    and: (layers) =>
      namesSettled(layers) && allSay(layers.http_by_name, "timeout") && allSay(layers.large_packets, "timeout"),
    expects: { targets_icmp: "ok", targets_tcp: "ok", dns_system: "ok" },
    place: "large packets on the way",
    advice:
      "Large packets vanish on the way: set a smaller MTU (1,400) on the router's Internet connection, or tell the provider.",
  },
  {
    verdict: "tls_error",
    when: { internet: "ok", http_by_name: "bad", targets_tcp: "-bad" },
    and: (layers) => namesSettled(layers) && allSay(layers.http_by_name, "tls"),
    expects: { dns_system: "ok" },
    place: "secure connections",
    advice: "Certificates are refused everywhere: check this machine's clock, or what inspects its traffic.",
  },
  {
    verdict: "tcp_blocked",
    when: { targets_icmp: "ok", targets_tcp: "bad", http_by_name: "-ok", http_by_address: "-ok" },
    // A refusal comes from a server that does not serve; what filters is silent.
    and: (layers) => !allSay(layers.targets_tcp, "refused"),
    expects: { http_by_name: "bad", http_by_address: "bad" },
    place: "a firewall on the way",
    advice: "Pings pass but connections do not: check the router's firewall, then ask the provider.",
  },
  {
    verdict: "app_layer_down",
    when: { internet: "ok", http_by_name: "bad" },
    and: namesSettled,
    expects: { dns_system: "ok", targets_tcp: "ok" },
    place: "the web servers",
    advice: "The network works but the watched web pages fail: nothing to do at home but wait.",
  },
];

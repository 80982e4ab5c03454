import { answersDiffer, namesSettled, wayIsKnown } from "./conditions.ts";
import type { Rule } from "./rule.ts";

/** Whether packets pass: from this machine outwards. */
export const pathRules: readonly Rule[] = [
  {
    verdict: "own_link_down",
    when: { own_link: "bad", internet: "-ok" },
    expects: { gateway: "bad", internet: "bad" },
    place: "this machine's network connection",
    advice: "Check the network cable or Wi-Fi of the machine that Netwarden runs on.",
  },
  {
    verdict: "no_address",
    when: { own_link: "ok", address: "bad", internet: "-ok" },
    expects: { gateway: "bad", internet: "bad" },
    place: "this machine's network settings",
    advice: "This machine got no address: restart the router, which hands them out, then this machine.",
  },
  {
    verdict: "no_route",
    when: { own_link: "ok", address: "ok", route: "bad", internet: "-ok" },
    expects: { internet: "bad" },
    place: "this machine's network settings",
    advice: "This machine does not know the way out: check its default gateway, or renew its address.",
  },
  {
    verdict: "lan_segment_down",
    when: { own_link: "-bad", gateway: "bad", peers: "bad", internet: "-ok" },
    expects: { neighbour: "bad", targets_icmp: "bad" },
    place: "the home network",
    advice:
      "Neither the router nor anything else at home answers: check the switch or access point that this machine hangs on.",
  },
  {
    verdict: "gateway_down",
    when: { own_link: "-bad", gateway: "bad", internet: "-ok" },
    expects: { gateway_tcp: "bad", targets_icmp: "bad", targets_tcp: "bad" },
    place: "the router",
    advice: "The router does not answer: check its power and cables, then restart it.",
  },
  {
    verdict: "gateway_down",
    when: { own_link: "-bad", gateway: "-ok", neighbour: "bad", internet: "bad" },
    expects: { gateway_tcp: "bad" },
    place: "the router",
    advice: "The router does not answer: check its power and cables, then restart it.",
  },
  {
    verdict: "ipv4_down",
    when: { gateway: "-bad", internet: "bad", ipv6: "ok" },
    expects: { gateway: "ok", http_by_address: "bad" },
    place: "IPv4",
    advice: "IPv4 fails while IPv6 works: restart the router; if it stays, call the provider.",
  },
  {
    verdict: "captive_portal",
    when: { portal: "bad", http_by_name: "bad", dns_system: "-bad" },
    // A hijacked name leads to a wrong page too.
    and: (layers) => namesSettled(layers) && !answersDiffer(layers),
    expects: { gateway: "ok", dns_system: "ok" },
    place: "the provider's sign-in page",
    advice: "A sign-in or payment page stands before the Internet: open any web page and follow it.",
  },
  {
    verdict: "modem_down",
    when: { gateway: "-bad", internet: "bad", modem: "bad" },
    expects: { gateway: "ok", wan: "bad", access: "bad" },
    place: "the modem",
    advice: "The modem does not answer: check its power and cable, then restart it.",
  },
  {
    verdict: "wan_session_down",
    when: { gateway: "-bad", internet: "bad", wan: "bad" },
    expects: { gateway: "ok", access: "bad" },
    place: "the router's connection to the provider",
    advice:
      "The router says that its line is down: check the cable to the modem, then restart both, then call the provider.",
  },
  {
    verdict: "isp_access_down",
    when: { gateway: "-bad", internet: "bad", access: "bad", core: "-ok" },
    and: wayIsKnown,
    expects: { gateway: "ok", core: "bad", dns_public: "bad" },
    place: "the line to the provider",
    advice:
      "The router works but the provider's first router does not answer: restart the modem, then call the provider.",
  },
  {
    verdict: "isp_core_down",
    when: { gateway: "-bad", internet: "bad", access: "ok", core: "bad" },
    and: wayIsKnown,
    expects: { gateway: "ok", dns_public: "bad" },
    place: "the provider's network",
    advice: "Your line works, but the provider's network behind it fails: nothing to do at home; call the provider.",
  },
  {
    verdict: "transit_down",
    when: { gateway: "-bad", internet: "bad", access: "ok", core: "ok" },
    and: wayIsKnown,
    expects: { gateway: "ok", dns_public: "bad" },
    place: "beyond the provider",
    advice: "The provider's network works, but nothing beyond it answers: it is theirs to mend; wait, or tell them.",
  },
  {
    verdict: "internet_down",
    when: { gateway: "-bad", internet: "bad" },
    and: wayIsKnown,
    expects: { gateway: "ok", http_by_name: "bad", dns_public: "bad" },
    place: "beyond the router",
    advice: "The router works but nothing beyond it answers: check the modem's lights, then call the provider.",
  },
];

import assert from "node:assert/strict";
import { test } from "node:test";
import { type CycleFacts, readCycle } from "../../../src/reports/analyze/netlog-reading.ts";

const facts: CycleFacts = { status: "OK", hint: "", targetsUp: 0, dns: 0, httpName: 0, httpIp: 0, tcp: 0 };

const table: readonly (readonly [string, Partial<CycleFacts>, ReturnType<typeof readCycle>])[] = [
  ["all is well", { status: "OK" }, "ok"],
  ["nothing answers, not even the router", { status: "LAN_DOWN" }, "gateway_down"],
  [
    "one lost ping to the router, and pages open",
    { status: "LAN_DOWN", httpName: 1, targetsUp: 4 },
    "gateway_icmp_filtered",
  ],
  ["the router is silent, pages by address open, names don't", { status: "LAN_DOWN", httpIp: 1 }, "dns_down"],
  ["the router is silent, and only pings pass", { status: "LAN_DOWN", targetsUp: 2 }, "app_layer_down"],
  ["nothing beyond the router", { status: "WAN_DOWN" }, "internet_down"],
  [
    "only pings are dropped",
    { status: "WAN_DOWN", hint: "ICMP-only", httpName: 1, httpIp: 1, tcp: 1 },
    "icmp_filtered",
  ],
  [
    "only pings are dropped, says an old file",
    { status: "WAN_DOWN", hint: "ICMP-only", httpName: -1, httpIp: -1, tcp: -1 },
    "icmp_filtered",
  ],
  [
    "an old file tells nothing more",
    { status: "WAN_DOWN", httpName: -1, httpIp: -1, tcp: -1, targetsUp: -1 },
    "internet_down",
  ],
  ["pings and names are dead, addresses work", { status: "WAN_DOWN", httpIp: 1, tcp: 1 }, "dns_down"],
  ["names are not resolved", { status: "DNS_APP_FAIL", httpIp: 1, targetsUp: 4 }, "dns_down"],
  ["names are resolved, one page fails", { status: "DNS_APP_FAIL", dns: 1, httpIp: 1, targetsUp: 4 }, "target_down"],
  ["pages fail by name and by address", { status: "APP_LAYER_FAIL", dns: 1, targetsUp: 4 }, "app_layer_down"],
];

for (const [words, given, verdict] of table)
  test(`a row is read from all of its tests: ${words}`, () => assert.equal(readCycle({ ...facts, ...given }), verdict));

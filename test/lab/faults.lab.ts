import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { type Verdict, verdicts } from "../../src/model/diagnosis/verdicts.ts";
import type { FaultName } from "./faults.ts";
import { createLab, type Lab } from "./network.ts";
import { type Program, startProgram } from "./program.ts";

/** Broken past the gateway: where exactly is not always to be told from the home. */
const notLocated = ["isp_access_down", "wan_session_down", "modem_down", "internet_down"] as const;

/** What is broken, and the verdicts that are right. */
const table: readonly (readonly [FaultName, readonly Verdict[]])[] = [
  ["gateway_down", ["gateway_down", "lan_segment_down"]],
  ["gateway_frozen", ["gateway_down"]],
  ["own_cable", ["own_link_down"]],
  ["own_interface", ["own_link_down"]],
  ["no_address", ["no_address"]],
  ["no_route", ["no_route"]],
  ["wan_known", notLocated],
  ["wan_silent", notLocated],
  ["core_known", ["isp_core_down", "internet_down"]],
  ["core_silent", ["isp_core_down", "internet_down"]],
  ["beyond_known", ["transit_down", "internet_down"]],
  ["beyond_silent", ["transit_down", "internet_down"]],
  // A forwarder whose upstream is silent is as silent as one that is dead.
  ["dns_upstream_silent", ["dns_down", "dns_isp_down", "dns_router_down"]],
  ["dns_all_silent", ["dns_down", "dns_isp_down"]],
  ["dns_servfail", ["dns_down", "dns_isp_down"]],
  ["dns_refused", ["dns_down", "dns_isp_down"]],
  ["dns_nxdomain", ["dns_down", "dns_isp_down"]],
  ["dns_empty", ["dns_down", "dns_isp_down"]],
  ["dns_forwarder_refused", ["dns_router_down"]],
  ["dns_forwarder_silent", ["dns_router_down"]],
  ["dns_own_config", ["dns_own_config"]],
  ["targets_drop_icmp", ["icmp_filtered"]],
  ["provider_drops_icmp", ["icmp_filtered"]],
  ["gateway_ignores_ping", ["gateway_icmp_filtered"]],
  ["target_down", ["target_down"]],
  ["servers_refuse", ["app_layer_down"]],
  ["servers_hang", ["app_layer_down"]],
  ["servers_503", ["app_layer_down"]],
  ["port_443_filtered", ["tcp_blocked"]],
  ["portal_redirect", ["captive_portal"]],
  ["portal_strict", ["captive_portal"]],
];

/** Each fault in turn, judged by one running program. Cycles are short only to make the run so. */
suite("a broken network", { timeout: 900_000 }, () => {
  let lab: Lab;
  let program: Program;
  before(async () => {
    lab = await createLab({ prefix: "fault" });
    await lab.tunnel(8099);
    const config = join(lab.dir, "netwarden.yaml");
    writeFileSync(config, "interval: 4\n");
    program = startProgram(lab, "data", ["--config", config]);
  });
  after(() => lab?.close());

  const quiet = () =>
    program.reaches("a quiet network", 40_000, ({ verdict, episode }) => {
      return verdict.verdict === "ok" && episode.state === "settled";
    });

  for (const [fault, right] of table)
    test(`${fault} is ${right.join(" or ")}`, { timeout: 120_000 }, async () => {
      await quiet();
      await lab.cut(fault);
      try {
        const { verdict, internet } = await program.reaches(right.join(" or "), 40_000, ({ verdict, episode }) => {
          return verdict.verdict !== undefined && right.includes(verdict.verdict) && episode.state !== "suspect";
        });
        const { severity } = verdicts[verdict.verdict ?? "ok"];
        assert.equal(internet, severity !== "outage");
        assert.notEqual(verdict.evidence.length, 0);
      } finally {
        await lab.heal();
      }
    });

  test("leaves one outage in the record for each fault that was one, with its verdict", async () => {
    await quiet();
    const recorded = (await program.outages()).filter(({ severity }) => severity === "outage");
    const wanted = table.filter(([, right]) => verdicts[right[0] ?? "ok"].severity === "outage");
    const matched = recorded.map(({ verdict }, n) => [
      wanted[n]?.[0],
      wanted[n]?.[1].includes(verdict) === true ? "right" : verdict,
    ]);
    assert.deepEqual(
      matched,
      wanted.map(([fault]) => [fault, "right"]),
    );
  });
});

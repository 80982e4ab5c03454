import type { TargetView, View } from "../../src/model/view.ts";
import { exampleNetwork } from "./example-network.ts";

/** A target or a hop that answers, or not (`false`), or of which nothing is known. */
export function exampleTarget(slug: string, reachable: boolean | undefined): TargetView {
  return { slug, name: slug, host: `${slug}.example`, ...(reachable !== undefined && { reachable }) };
}

/** A view in which all is well. */
export function exampleView(more: Partial<View> = {}): View {
  return {
    at: 0,
    site: "home",
    monitoring: true,
    verdict: {
      verdict: "ok",
      severity: "ok",
      blame: "none",
      status: "OK",
      hint: "",
      confidence: 99,
      place: "",
      evidence: [],
      advice: "",
    },
    episode: { state: "settled" },
    flapping: false,
    internet: true,
    gateway: true,
    tcp: true,
    dns: true,
    httpName: true,
    httpIp: true,
    gatewayRttMs: 1.2345,
    quality: {},
    targets: [exampleTarget("a", true), exampleTarget("b", true), exampleTarget("c", false)],
    hops: [],
    resolvers: [],
    sites: [],
    network: exampleNetwork(),
    today: { day: "2026-01-15", cycles: 0, okCycles: 0, upMs: 0, downMs: 0, noDataMs: 0, outages: 0 },
    plan: {
      active: true,
      checks: [],
      intervalMs: 20_000,
      heartbeatMs: 1_000,
      heartbeatTimeoutMs: 1_000,
      burst: { id: 0, checks: [] },
      trace: { baselineMs: 0, baselineTargets: [], round: { id: 0, mode: "manual", targets: [], count: 0 } },
      cycle: { id: 0, scope: "all" },
    },
    ...more,
  };
}

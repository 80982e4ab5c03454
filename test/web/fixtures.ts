import { checkId } from "../../src/model/settings.ts";
import type { Check } from "../../src/model/types.ts";
import type { DomainEvent, Outage, View } from "../../src/model/view.ts";
import { exampleView } from "../fakes/example-view.ts";

const minute = 60_000;
const checks: readonly Check[] = [
  {
    kind: "icmp",
    id: checkId("icmp", "cloudflare"),
    role: "target",
    slug: "cloudflare",
    name: "Cloudflare",
    host: "1.1.1.1",
  },
  {
    kind: "tcp",
    id: checkId("tcp", "cloudflare"),
    role: "target",
    slug: "cloudflare",
    name: "Cloudflare",
    host: "1.1.1.1",
    ports: [443],
    anyAnswer: false,
  },
];

/** A view of a house where all is well at `at`. */
export function okView(at: number): View {
  const view = exampleView();
  return {
    ...view,
    at,
    verdict: {
      ...view.verdict,
      confidence: 98,
      since: at - 26 * 60 * minute,
      evidence: [
        { layer: "own link", result: "ok", detail: "eth0 has a carrier and 192.168.1.20" },
        { layer: "gateway", result: "ok", detail: "192.168.1.1 answers in 0.8 ms" },
        { layer: "Internet", result: "ok", detail: "3 of 3 targets answer" },
        { layer: "DNS", result: "ok", detail: "4 of 4 resolvers answer" },
        { layer: "web", result: "ok", detail: "2 of 2 sites load" },
      ],
      advice: "Nothing to do.",
    },
    gatewayIp: "192.168.1.1",
    gatewayRttMs: 0.84,
    link: {
      interface: "eth0",
      medium: "wired",
      carrier: true,
      defaultRoute: true,
      addresses: ["192.168.1.20"],
      gateway: "192.168.1.1",
      neighbour: "reachable",
      resolvers: ["192.168.1.1"],
    },
    quality: { rttMs: 12.34, jitterMs: 0.9, lossPercent: 0, mos: 4.39 },
    targets: [
      {
        slug: "cloudflare",
        name: "Cloudflare",
        host: "1.1.1.1",
        reachable: true,
        tcp: true,
        rttMs: 11.2,
        jitterMs: 0.7,
        lossPercent: 0,
        mos: 4.4,
      },
      {
        slug: "google",
        name: "Google",
        host: "8.8.8.8",
        reachable: true,
        tcp: true,
        rttMs: 12.34,
        jitterMs: 0.9,
        lossPercent: 0,
        mos: 4.39,
      },
      {
        slug: "quad9",
        name: "Quad9",
        host: "9.9.9.9",
        reachable: true,
        tcp: true,
        rttMs: 18.06,
        jitterMs: 2.1,
        lossPercent: 1.7,
        mos: 4.3,
      },
    ],
    hops: [],
    resolvers: [
      { slug: "system", name: "This machine's", server: "192.168.1.1", scope: "system", ok: true, timeMs: 4.2 },
      { slug: "gateway", name: "The router's", server: "192.168.1.1", scope: "gateway", ok: true, timeMs: 3.9 },
      { slug: "public", name: "Cloudflare", server: "1.1.1.1", scope: "public", ok: true, timeMs: 12 },
      {
        slug: "doh",
        name: "Cloudflare over HTTPS",
        server: "https://1.1.1.1/dns-query",
        scope: "doh",
        ok: true,
        timeMs: 34,
      },
    ],
    sites: [
      { slug: "example_com", name: "example.com", url: "https://example.com/", ok: true, timeMs: 91 },
      { slug: "wikipedia_org", name: "wikipedia.org", url: "https://www.wikipedia.org/", ok: true, timeMs: 118 },
    ],
    today: {
      day: "2026-01-15",
      cycles: 2160,
      okCycles: 2154,
      upMs: 42_960_000,
      downMs: 240_000,
      noDataMs: 0,
      outages: 1,
    },
    lastOutage: pastOutage(at),
    plan: {
      active: true,
      checks,
      intervalMs: 20_000,
      heartbeatMs: 1_000,
      heartbeatTimeoutMs: 900,
      burst: { id: 0, checks: [] },
      trace: { baselineMs: 0, baselineTargets: [], round: { id: 0, mode: "manual", targets: [], count: 0 } },
      cycle: { id: 0, scope: "all" },
    },
  };
}

/** The same house while the provider is down: what is behind the break is unknown. */
export function outageView(at: number): View {
  const ok = okView(at);
  const lost = { reachable: false, tcp: false, lossPercent: 100, detail: "no answer within 900 ms" };
  return {
    ...ok,
    internet: false,
    tcp: false,
    dns: false,
    httpName: false,
    httpIp: false,
    verdict: {
      verdict: "isp_access_down",
      severity: "outage",
      blame: "isp",
      status: "WAN_DOWN",
      hint: "Transport",
      confidence: 87,
      place: "between the router and the provider's first hop",
      since: at - (12 * minute + 5_000),
      evidence: [
        { layer: "own link", result: "ok", detail: "eth0 has a carrier and 192.168.1.20" },
        { layer: "gateway", result: "ok", detail: "192.168.1.1 answers in 0.8 ms" },
        { layer: "Internet", result: "bad", detail: "0 of 3 targets answer" },
        { layer: "DNS", result: "bad", detail: "the router's resolver gives SERVFAIL" },
        { layer: "web", result: "no_data", detail: "not tried while nothing answers" },
      ],
      secondBest: "modem_down",
      advice: "Switch the modem off and on once. If that does not help, call the provider and tell them when it began.",
    },
    episode: { state: "confirmed" },
    flapping: false,
    quality: { lossPercent: 100 },
    targets: ok.targets.map(({ slug, name, host }, n) => ({ slug, name, host, ...(n < 2 ? lost : {}) })),
    hops: [{ slug: "first", name: "First hop", host: "100.64.0.1", reachable: false, lossPercent: 100 }],
    resolvers: ok.resolvers.map(({ timeMs: _ms, ...resolver }, n) => ({
      ...resolver,
      ok: false,
      detail: n < 2 ? "SERVFAIL" : "no answer within 2 s",
    })),
    sites: ok.sites.map(({ ok: _ok, timeMs: _ms, ...site }) => site),
    today: { ...ok.today, outages: 2, downMs: 965_000, noDataMs: 1_800_000 },
  };
}

/** An outage that is over. */
export function pastOutage(at: number): Outage {
  return {
    started: at - 27 * 60 * minute,
    ended: at - 26 * 60 * minute,
    verdict: "isp_access_down",
    severity: "outage",
    blame: "isp",
    place: "between the router and the provider's first hop",
    confidence: 91,
    advice: "Call the provider.",
    evidence: [],
  };
}

/** A domain event. */
export function outageStarted(at: number): DomainEvent {
  return {
    event_type: "outage_started",
    at,
    text: "The Internet is down: the provider's line.",
    fields: { verdict: "isp_access_down", blame: "isp", confidence: 87, ended: undefined },
  };
}

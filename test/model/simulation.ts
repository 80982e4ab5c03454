import { createDerive, type Derive } from "../../src/model/derive.ts";
import { createModel, type Model } from "../../src/model/model.ts";
import { createReduce, type Reduce } from "../../src/model/reduce.ts";
import type { Settings } from "../../src/model/settings.ts";
import type { Check, CheckId, LinkFacts, Observation, ProbeOutcome } from "../../src/model/types.ts";
import type { DomainEvent, View } from "../../src/model/view.ts";

/** What the world answers to a probe sent at a moment (ms since the simulation's start). */
export type World = (check: Check, at: number) => ProbeOutcome;

export const start = Date.UTC(2026, 10, 21, 12);

export const settings: Settings = {
  site: "home",
  gateway: "auto",
  modem: "auto",
  intervalMs: 20_000,
  heartbeatMs: 1_000,
  targets: [
    { slug: "cloudflare", name: "Cloudflare", host: "1.1.1.1", tcpPort: 443, icmp: true },
    { slug: "google", name: "Google", host: "8.8.8.8", tcpPort: 443, icmp: true },
    { slug: "quad9", name: "Quad9", host: "9.9.9.9", tcpPort: 443, icmp: true },
  ],
  hops: [],
  ipv6Targets: [{ slug: "anchor", name: "Anchor", address: "2001:db8::1" }],
  line: { downBps: 0, upBps: 0 },
  trace: { baselineMs: 900_000, intensive: true, intensiveCount: 60 },
  dns: { hostname: "example.com", resolvers: [], publicResolver: "1.1.1.1", dohUrl: "https://1.1.1.1/dns-query" },
  http: {
    sites: [
      { slug: "example_com", name: "example.com", address: "https://example.com/" },
      { slug: "wikipedia_org", name: "wikipedia.org", address: "https://www.wikipedia.org/" },
    ],
    ipUrl: "https://1.1.1.1/",
    portalUrl: "http://portal.example/generate_204",
  },
  sources: [],
  devices: {
    known: [],
    ignore: [],
    awayAfterMs: 180_000,
    forgetAfterMs: 30 * 86_400_000,
    poorSignalPercent: 60,
    poorSignalDbm: -75,
    hogDownBytes: 500e6,
    hogUpBytes: 50e6,
  },
};

export const link: LinkFacts = {
  interface: "eth0",
  medium: "wired",
  carrier: true,
  addresses: ["192.168.77.10"],
  defaultRoute: true,
  gateway: "192.168.77.1",
  neighbour: "reachable",
  resolvers: ["192.168.77.1"],
};

export const answer: ProbeOutcome = { ok: true, rttMs: 12 };
export const silence: ProbeOutcome = { ok: false, reason: "timeout", detail: "no answer" };

/** A moment of the simulation at which something was seen. */
interface Seen {
  readonly at: number;
  readonly view: View;
}

/** Plays the part of the inputs against a world, on a clock of its own, in steps of 50 ms: probes obey the plan. */
export class Simulation {
  now = 0;
  model: Model;
  view: View;
  readonly events: DomainEvent[] = [];
  /** Each change of the published verdict. */
  readonly verdicts: Seen[] = [];
  bursts = 0;
  /** A modem answers at its usual address. */
  hasModem = false;
  private readonly reduce: Reduce;
  private readonly derive: Derive;
  private readonly arriving: { at: number; observation: Observation }[] = [];
  private nextHeartbeat = 0;
  private nextCycle = 0;
  private nextTick = 1_000;
  private review: number | undefined;
  private readonly world: () => World;

  constructor(world: () => World, of: Settings = settings) {
    this.world = world;
    this.model = createModel(of, start);
    this.reduce = createReduce(of);
    this.derive = createDerive(of);
    const folded = this.reduce(this.model, [], start);
    this.view = this.derive(folded.model, folded.layers);
    this.emit({ type: "link", at: start, facts: link });
  }

  emit(observation: Observation): void {
    this.arriving.push({ at: this.now, observation });
  }

  link(facts: LinkFacts): void {
    this.emit({ type: "link", at: start + this.now, facts });
  }

  run(ms: number): void {
    const end = this.now + ms;
    while (this.now < end) {
      this.now += 50;
      this.measure();
      this.foldDue();
    }
  }

  /** The monitor stands still: nothing is measured, nothing is folded, until it wakes. */
  sleep(ms: number): void {
    this.now += ms;
    this.arriving.length = 0;
    this.nextHeartbeat = this.now;
    this.nextCycle = this.now;
    this.tick(ms);
  }

  private measure(): void {
    const { plan } = this.view;
    if (this.now >= this.nextTick) this.tick(1_000);
    if (!plan.active) return;
    if (plan.heartbeatMs > 0 && this.now >= this.nextHeartbeat) {
      this.nextHeartbeat = this.now + plan.heartbeatMs;
      const pings = plan.checks.filter(({ kind, onDemand }) => kind === "icmp" && onDemand !== true);
      for (const [index, check] of pings.entries()) {
        this.probe(check, { delay: index * 50, timeout: plan.heartbeatTimeoutMs });
      }
    }
    if (this.now >= this.nextCycle) {
      this.nextCycle = this.now + plan.intervalMs;
      const slow = plan.checks.filter(
        ({ kind, onDemand }) => onDemand !== true && (kind !== "icmp" || plan.heartbeatMs === 0),
      );
      for (const [index, check] of slow.entries()) this.probe(check, { delay: index * 20, timeout: 5_000 });
      const at = start + this.now;
      this.arriving.push({
        at: this.now + 6_000,
        observation: { type: "cycle", at: at + 6_000, startedAt: at, requested: false, partial: false },
      });
    }
  }

  private burst(ids: readonly CheckId[]): void {
    this.bursts += 1;
    for (const check of this.view.plan.checks.filter(({ id }) => ids.includes(id))) {
      if (check.kind === "icmp") for (let n = 0; n < 5; n += 1) this.probe(check, { delay: n * 200, timeout: 1_500 });
      else if (!this.probe(check, { delay: 0, timeout: 1_500 })) this.probe(check, { delay: 1_500, timeout: 1_500 });
    }
  }

  private probe(check: Check, { delay, timeout }: { delay: number; timeout: number }): boolean {
    const sent = this.now + delay;
    const outcome = check.role === "modem" && !this.hasModem ? silence : this.world()(check, sent);
    const arrives = sent + (outcome.ok ? outcome.rttMs : outcome.reason === "timeout" ? timeout : 2);
    this.arriving.push({ at: arrives, observation: { type: "probe", at: start + sent, check: check.id, outcome } });
    return outcome.ok;
  }

  private tick(elapsed: number): void {
    this.nextTick = this.now + 1_000;
    const slept = elapsed - 1_000;
    this.emit({
      type: "tick",
      at: start + this.now,
      elapsed,
      slept,
      stepped: false,
      day: "2026-11-21",
      active: true,
      utcOffsetMs: 0,
    });
  }

  private foldDue(): void {
    const due = this.arriving.filter(({ at }) => at <= this.now);
    const isReview = this.review !== undefined && start + this.now >= this.review;
    if (due.length === 0 && !isReview) return;
    const later = this.arriving.filter(({ at }) => at > this.now);
    this.arriving.splice(0, this.arriving.length, ...later);
    const batch = due.map(({ observation }) => observation);
    const folded = this.reduce(this.model, batch, start + this.now);
    const before = this.view;
    this.model = folded.model;
    this.review = folded.reviewAt;
    this.view = this.derive(folded.model, folded.layers);
    this.events.push(...folded.model.events);
    if (this.view.verdict.verdict !== before.verdict.verdict) this.verdicts.push({ at: this.now, view: this.view });
    if (this.view.plan.burst.id !== before.plan.burst.id) this.burst(this.view.plan.burst.checks);
  }
}

/** A world in which everything works but what `broken` names. */
export function worldWithout(broken: (check: Check, at: number) => ProbeOutcome | undefined): World {
  return (check, at) => broken(check, at) ?? answer;
}

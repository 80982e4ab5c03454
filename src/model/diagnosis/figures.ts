import type { Timestamp } from "../../lib/clock.ts";
import type { Bucket } from "../check-state.ts";
import type { Facts } from "../facts.ts";
import { absent, type Layer, type Member } from "./layer.ts";
import { medianQuality, qualityOf } from "./quality.ts";
import { gatewayRouter } from "./witness.ts";

const windowMs = 60_000;
/** Delays show in less. */
const recentMs = 30_000;
/** Among a thousand targets a few tell as much of the line. */
const mostAsked = 32;
/** Fewer lost packets are chance, however few were sent. */
const fewestLost = 6;
const lossShare = 0.04;
const doubtfulLost = 4;
const doubtfulShare = 0.025;
/** Back to good only well below: else a line at the bound would come and go. */
const clearShare = 0.02;
const deadShare = 0.6;
/** Of the loss to the targets: so much of it on the way to the router is loss of the own side. */
const ownShare = 0.4;
const fewestSent = 20;
/** Without a baseline: what anybody would call slow. */
const slowMs = 400;
const jumpMs = 80;
const slowTimes = 3;
const jitterMs = 30;
const jitterTimes = 4;
const loadedShare = 0.7;

/** `horizon`: what was lost before it belongs to an outage, not to a poor line. */
export interface Measured {
  readonly targets: readonly Member[];
  readonly gateway: readonly Member[];
  readonly horizon: Timestamp;
}

/** How good the line is, as layers: `bad` is degraded. */
export interface FigureLayers {
  readonly loss: Layer;
  readonly own_loss: Layer;
  readonly latency: Layer;
  readonly own_latency: Layer;
  readonly jitter: Layer;
  readonly load: Layer;
}

export const noFigures: FigureLayers = {
  loss: absent,
  own_loss: absent,
  latency: absent,
  own_latency: absent,
  jitter: absent,
  load: absent,
};

/** The figures of the last minute against what is usual. `before`: for hysteresis. */
export function figureLayers(
  facts: Facts,
  { targets, gateway, horizon }: Measured,
  before: FigureLayers,
): FigureLayers {
  const { at } = facts;
  const from = Math.max(at - windowMs, horizon);
  const alive = targets.slice(0, mostAsked).filter(({ state }) => state.status === "ok" || state.status === "suspect");
  const counts = countsOf(alive, from);
  const all = sum(counts);
  const own = sum(countsOf(gateway, from));
  const recent = Math.max(at - recentMs, horizon);
  const qualityIn = ({ state }: Member) => {
    const buckets = state.buckets.filter((bucket) => bucket.from >= recent);
    return qualityOf(buckets, at);
  };
  const quality = medianQuality(alive.map(qualityIn));
  const ownRttMs = medianQuality(gateway.map(qualityIn)).rttMs ?? 0;
  const { baseline } = facts;
  const loss = layer(before.loss, at, {
    known: all.sent >= fewestSent,
    bad: all.lost >= fewestLost && all.lost >= all.sent * lossShare,
    doubtful: all.lost >= doubtfulLost && all.lost >= all.sent * doubtfulShare,
    clear: all.lost < all.sent * clearShare,
    detail: `${percent(all)} of the packets to the targets are lost`,
  });
  const usual = baseline.rttMs;
  const slow = usual === undefined ? slowMs : Math.max(usual * slowTimes, usual + jumpMs);
  const restless = Math.max(jitterMs, (baseline.jitterMs ?? 0) * jitterTimes);
  return {
    loss,
    own_loss: layer(before.own_loss, at, {
      known: own.sent >= fewestSent,
      // While the targets lose packets, the router's share tells on which side; alone it must lose enough to be no chance.
      bad:
        loss.status === "bad"
          ? own.lost >= 2 && own.lost * all.sent >= ownShare * all.lost * own.sent
          : own.lost >= fewestLost && own.lost >= own.sent * lossShare,
      clear: loss.status === "bad" ? own.lost === 0 : own.lost < own.sent * clearShare,
      detail: `${percent(own)} of the packets to the router are lost`,
    }),
    latency: layer(before.latency, at, {
      known: quality.rttMs !== undefined,
      bad: (quality.rttMs ?? 0) > slow,
      clear: (quality.rttMs ?? 0) < slow * 0.8,
      detail: `answers take ${Math.round(quality.rttMs ?? 0)} ms${usual === undefined ? "" : `, usually ${Math.round(usual)} ms`}`,
    }),
    own_latency: layer(before.own_latency, at, {
      known: quality.rttMs !== undefined && gateway.length > 0,
      bad: ownRttMs > jumpMs && ownRttMs > (quality.rttMs ?? 0) / 2,
      clear: ownRttMs < jumpMs * 0.8,
      detail: `the router answers in ${Math.round(ownRttMs)} ms`,
    }),
    jitter: layer(before.jitter, at, {
      known: quality.jitterMs !== undefined,
      bad: (quality.jitterMs ?? 0) > restless,
      clear: (quality.jitterMs ?? 0) < restless * 0.7,
      detail: `delays vary by ${Math.round(quality.jitterMs ?? 0)} ms`,
    }),
    load: loadLayer(facts),
  };
}

interface Count {
  readonly sent: number;
  readonly lost: number;
}

/** Who hardly ever answers is filtered or dead: no measure of the line. */
function countsOf(members: readonly Member[], from: Timestamp): readonly Count[] {
  // What it lost while it was dead says nothing of the line.
  const counts = members.map(({ state }) => countOf(state.buckets, Math.max(from, state.okSince)));
  return counts.filter(({ sent, lost }) => lost < sent * deadShare);
}

function countOf(buckets: readonly Bucket[], from: Timestamp): Count {
  let sent = 0;
  let lost = 0;
  for (const bucket of buckets) {
    if (bucket.from < from) continue;
    sent += bucket.sent;
    lost += bucket.sent - bucket.answered;
  }
  return { sent, lost };
}

function sum(counts: readonly Count[]): Count {
  return counts.reduce((all, { sent, lost }) => ({ sent: all.sent + sent, lost: all.lost + lost }), {
    sent: 0,
    lost: 0,
  });
}

function percent({ sent, lost }: Count): string {
  return `${sent === 0 ? 0 : Math.round((100 * lost) / sent)} %`;
}

interface Figure {
  readonly known: boolean;
  readonly bad: boolean;
  /** Not good, and not bad enough to tell: more packets will. */
  readonly doubtful?: boolean;
  readonly clear: boolean;
  readonly detail: string;
}

/** Bad until it is clear again; what is between changes nothing. */
function layer(before: Layer, at: Timestamp, { known, bad, doubtful = false, clear, detail }: Figure): Layer {
  if (!known) return before.status === "absent" ? absent : { ...absent, status: "unknown" };
  const status = bad || (before.status === "bad" && !clear) ? "bad" : doubtful ? "suspect" : "ok";
  if (before.status === status) return before.detail === detail ? before : { ...before, measuredAt: at, detail };
  return { ...absent, status, since: at, measuredAt: at, detail };
}

/** Whether the home itself fills the line: by the rates of the router's way out, where it is read and the line's speed is known. */
function loadLayer(facts: Facts): Layer {
  const router = gatewayRouter(facts);
  const port = router?.interfaces.find(({ name }) => name === router.facts.wan?.interface);
  const { downBps, upBps } = facts.settings.line;
  if (port === undefined || (downBps === 0 && upBps === 0)) return absent;
  const share = Math.max(downBps === 0 ? 0 : (port.rxBps ?? 0) / downBps, upBps === 0 ? 0 : (port.txBps ?? 0) / upBps);
  const status = share >= loadedShare ? "bad" : "ok";
  return { ...absent, status, measuredAt: facts.at, detail: `the line is used at ${Math.round(share * 100)} %` };
}

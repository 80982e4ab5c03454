import type { Timestamp } from "../../lib/clock.ts";
import type { Assessment } from "./assess.ts";
import type { Layers } from "./layer.ts";
import { type Severity, type Verdict, verdicts } from "./verdicts.ts";

/** The published verdict, and what is about to replace it once it has held long enough. */
export interface Episode {
  readonly verdict: Verdict | undefined;
  /** When the published verdict began, back-dated. */
  readonly since: Timestamp;
  /** The newest assessment that agrees with the published verdict. */
  readonly assessment: Assessment | undefined;
  readonly candidate: Candidate | undefined;
  /** When the first sign appeared that the published verdict no longer holds. */
  readonly suspectSince: Timestamp | undefined;
  /** When the latest outages began; several within a few minutes are a connection that flaps. */
  readonly turns: readonly Timestamp[];
}

interface Candidate {
  readonly assessment: Assessment;
  readonly seenAt: Timestamp;
}

export const noEpisode: Episode = {
  verdict: undefined,
  since: 0,
  assessment: undefined,
  candidate: undefined,
  suspectSince: undefined,
  turns: [],
};

const flappingTurns = 3;
const flappingMs = 600_000;
/** So long without a new outage it has calmed down. */
const calmMs = 300_000;
/** An outage and the life after it, both as short as this: it comes and goes by itself. */
const quickTurnMs = 24_000;
/** While it comes and goes so quickly, a moment of life is no end of the outage. */
const quickHoldMs = 30_000;

/** Whether the connection comes and goes. */
export function isFlapping({ turns }: Episode, at: Timestamp): boolean {
  const last = turns.at(-1);
  return turns.length >= flappingTurns && last !== undefined && at - last < calmMs;
}

/** Three outages of which each followed the one before within seconds. */
function isQuick({ turns }: Episode, at: Timestamp): boolean {
  const [first, second, third] = turns.slice(-3);
  if (first === undefined || second === undefined || third === undefined) return false;
  return second - first < quickTurnMs && third - second < quickTurnMs && at - third < calmMs;
}

/** What an episode is judged by. `suspicion`: some probe was lost that the published verdict does not explain. */
export interface Judgement {
  readonly at: Timestamp;
  readonly assessment: Assessment | undefined;
  readonly layers: Layers;
  readonly suspicion: boolean;
  /** The monitor itself came back a moment ago: the network may still be coming up. */
  readonly justResumed: boolean;
}

/** A verdict replaces another only when it has held: probes of several layers never fail in the same millisecond. */
export function holdMs(from: Severity | undefined, to: Severity): number {
  if (from === undefined || from === "no_data") return to === "outage" ? 1_000 : 0;
  if (to === "outage") return from === "outage" ? 2_000 : 300;
  if (from === "outage") return 3_000;
  if (to === "degraded") return 4_000;
  return from === "degraded" ? 8_000 : 1_000;
}

const afterPauseMs = 5_000;

/** The next state of the episode. */
export function stepEpisode(episode: Episode, judgement: Judgement): Episode {
  const { at, assessment } = judgement;
  const stirred = judgement.suspicion || assessment?.verdict !== episode.verdict;
  const suspectSince = stirred ? (episode.suspectSince ?? at) : undefined;
  // While it flaps, the time until all is believed to be well runs from the last sign that it is not.
  if (judgement.suspicion && episode.candidate !== undefined && isQuick(episode, at))
    return same(episode, { candidate: undefined, suspectSince });
  if (assessment === undefined) return same(episode, { suspectSince });
  if (assessment.verdict === episode.verdict) return same(episode, { assessment, candidate: undefined, suspectSince });
  const pending = severityOf(episode.candidate?.assessment.verdict);
  const seenAt = pending === severityOf(assessment.verdict) ? (episode.candidate?.seenAt ?? at) : at;
  if (at - seenAt < holdOf(episode, judgement)) {
    return same(episode, { candidate: { assessment, seenAt }, suspectSince });
  }
  const since = startOf(episode, assessment, { ...judgement, seenAt });
  const turns = isNewOutage(episode, assessment) ? [...recentTurns(episode, at), seenAt] : recentTurns(episode, at);
  return { verdict: assessment.verdict, since, assessment, candidate: undefined, suspectSince: undefined, turns };
}

function isNewOutage(episode: Episode, next: Assessment): boolean {
  return severityOf(next.verdict) === "outage" && severityOf(episode.verdict) !== "outage";
}

function recentTurns({ turns }: Episode, at: Timestamp): readonly Timestamp[] {
  return turns.filter((turn) => at - turn < flappingMs).slice(-20);
}

/** When a pending candidate will have held long enough; `undefined` when there is none. */
export function reviewAt(episode: Episode, judgement: Judgement): Timestamp | undefined {
  return episode.candidate === undefined ? undefined : episode.candidate.seenAt + holdOf(episode, judgement);
}

export function severityOf(verdict: Verdict | undefined): Severity | undefined {
  return verdict === undefined ? undefined : verdicts[verdict].severity;
}

function holdOf(episode: Episode, { at, assessment, justResumed }: Judgement): number {
  const verdict = assessment?.verdict ?? episode.candidate?.assessment.verdict;
  const to = severityOf(verdict) ?? "ok";
  const from = severityOf(episode.verdict);
  const usual = holdMs(from, to);
  const isEnd = from === "outage" && to !== "outage";
  const hold = isEnd && isQuick(episode, at) ? quickHoldMs : usual;
  return justResumed && to === "outage" ? Math.max(hold, afterPauseMs) : hold;
}

/** Keeps the object when nothing changed, so that views made of it can be kept too. */
function same(episode: Episode, change: Partial<Episode>): Episode {
  const changed = Object.entries(change).some(([key, value]) => episode[key as keyof Episode] !== value);
  return changed ? { ...episode, ...change } : episode;
}

/** A failure begins with its first lost probe; the state after it with the first good probe of what had been broken. */
function startOf(episode: Episode, next: Assessment, { layers, seenAt }: Judgement & { seenAt: Timestamp }): Timestamp {
  const refines = severityOf(episode.verdict) === "outage" && severityOf(next.verdict) === "outage";
  if (refines) return episode.since;
  if (next.since > 0) return Math.min(next.since, seenAt);
  const mended = (episode.assessment?.broken ?? []).map((name) => layers[name]).filter(({ status }) => status === "ok");
  const good = Math.max(...mended.map(({ since }) => since), 0);
  return good > episode.since && good <= seenAt ? good : seenAt;
}

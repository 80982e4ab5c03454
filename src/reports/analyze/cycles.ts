import type { Timestamp } from "../../lib/clock.ts";
import type { AnalyzedOutage } from "./analysis.ts";
import { type Covered, createCovered, type Span } from "./covered.ts";
import { type CycleFacts, isHarmless, type NetlogVerdict, readCycle } from "./netlog-reading.ts";
import { createOldRules, type OldRulesCollector } from "./old-rules.ts";
import { createPace } from "./pace.ts";
import { createRun, type RunOfRows } from "./run-of-rows.ts";

/** One row of the log, read; it may be filled anew for the next. `traces`: how many intensive traces the older tool ran after it. */
export interface Cycle extends CycleFacts {
  readonly at: Timestamp;
  readonly utcOffsetMs: number;
  readonly traces: number;
}

/** What becomes of the rows. */
export interface CycleEnds {
  onSpan(state: "up" | "down", span: Span, utcOffsetMs: number): void;
  onOutage(outage: AnalyzedOutage): void;
  /** A pause between two rows; longer ones part the covered times instead. */
  onGap(gap: Span): void;
}

/** Follows the rows of a log: each holds until the next, a pause is no data, outage rows in a row are one outage. */
export interface Cycles {
  /** False: the time of this row was read before. */
  add(cycle: Cycle): boolean;
  end(): void;
  readonly covered: Covered;
  readonly old: OldRulesCollector;
}

/** While it traced, the older tool did not look; each of its traces takes about a minute. */
const traceMs = 75_000;
const analysisMs = 150_000;
/** Rows of another file may lie in a pause that is longer. */
const longPauseMs = 3_600_000;

export function createCycles({ onSpan, onOutage, onGap }: CycleEnds): Cycles {
  const pace = createPace();
  const covered = createCovered();
  const old = createOldRules();
  /** Kept in one object: a new one for each of a million rows costs more than all the rest. */
  const previous = { known: false, at: 0, utcOffsetMs: 0, isOk: true, traces: 0 };
  let verdict: NetlogVerdict = "ok";
  let openedAt = 0;
  let limit = Number.POSITIVE_INFINITY;
  let run: RunOfRows | undefined;

  /** What the previous row says holds until `to`. */
  const hold = (to: Timestamp) => {
    if (!previous.known) return;
    const { at, utcOffsetMs } = previous;
    const isDown = !isHarmless(verdict);
    onSpan(isDown ? "down" : "up", { from: at, to }, utcOffsetMs);
    if (isDown) run?.addTime(verdict, to - at);
    else if (verdict !== "ok") old.dismissTime(verdict, to - at);
  };
  const endRun = (at: Timestamp, endSeen: boolean) => {
    if (run !== undefined) onOutage(run.end(at, endSeen));
    run = undefined;
  };
  /** Nobody looked after the previous row: it holds as long as rows usually do. Gives until when. */
  const pause = (): Timestamp => {
    if (!previous.known) return 0;
    const to = Math.min(previous.at + pace.usualMs(), limit);
    hold(to);
    endRun(to, false);
    return to;
  };
  const closePiece = () => {
    if (previous.known) covered.close(pause());
    previous.known = false;
  };
  const open = (at: Timestamp) => {
    openedAt = at;
    covered.open(at);
    limit = covered.nextAfter(at);
  };
  const isNews = (at: Timestamp): boolean => {
    if (!previous.known) return !covered.has(at);
    if (at > previous.at && at < limit) return true;
    const isInPiece = at >= openedAt && at <= previous.at;
    return !isInPiece && !covered.full && !covered.has(at);
  };

  return {
    covered,
    old,
    add: (cycle) => {
      const { at, status, hint, utcOffsetMs } = cycle;
      if (!isNews(at)) return false;
      if (previous.known && (at < previous.at || at >= limit)) closePiece();
      const next = readCycle(cycle);
      const isDown = !isHarmless(next);
      old.addRow(at, status);
      let startSeen = false;
      if (!previous.known) open(at);
      else {
        const extraMs = previous.isOk ? 0 : analysisMs + previous.traces * traceMs;
        if (pace.isGap(at - previous.at, extraMs)) {
          if (at - previous.at > longPauseMs && !covered.full) {
            closePiece();
            open(at);
          } else onGap({ from: pause(), to: at });
        } else {
          hold(at);
          if (!isDown) endRun(at, true);
          startSeen = true;
        }
      }
      if (isDown) {
        run ??= createRun(at, { startSeen, utcOffsetMs });
        run.addRow({ status, hint });
      } else if (status !== "OK") old.dismiss(next);
      previous.known = true;
      previous.at = at;
      previous.utcOffsetMs = utcOffsetMs;
      previous.isOk = status === "OK";
      previous.traces = cycle.traces;
      verdict = next;
      return true;
    },
    end: closePiece,
  };
}

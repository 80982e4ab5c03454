import type { AnalysisSpan } from "../history/read-analysis.ts";
import type { Clock } from "../lib/clock.ts";
import { createGate } from "../lib/gate.ts";
import type { Log } from "../lib/log.ts";
import type { Observation } from "../model/types.ts";
import type { Report, ReportAnswer } from "../reports/make-report.ts";
import type { Shelf } from "../reports/shelf.ts";
import type { Sink } from "./sink.ts";

/** What the page asks for. */
export interface ReportReader {
  read(name: string): Promise<string | undefined>;
  /** The newest page; `undefined`: none was made yet. */
  latest(): Promise<string | undefined>;
  /** A page of this time, not kept; `undefined`: there is no history of it, or it failed. */
  make(span: AnalysisSpan): Promise<string | undefined>;
}

export interface ReportParts {
  /** Makes one; never rejects. */
  readonly make: (span: AnalysisSpan, signal: AbortSignal) => Promise<ReportAnswer>;
  readonly shelf: Shelf;
  readonly emit: (observation: Observation) => void;
  readonly clock: Clock;
  readonly log: Log;
  /** Make one after each outage. */
  readonly afterOutage: boolean;
}

const dayMs = 86_400_000;
const afterOutageMs = 7 * dayMs;
/** Until what was recorded of the outage is committed. */
const settleMs = 3_000;
const cooldownMs = 300_000;
const mostWaiting = 3;

interface Wish extends AnalysisSpan {
  readonly asked: boolean;
}

/** Makes reports, one at a time: after an outage, at most each five minutes, and when somebody asks for one. */
export function createReportSink(parts: ReportParts): Sink & ReportReader {
  const { clock, log, shelf, emit } = parts;
  const ended = new AbortController();
  let wishes: readonly Wish[] = [];
  let wake = () => {};
  let cancelAuto: (() => void) | undefined;
  let lastAuto = Number.NEGATIVE_INFINITY;
  /** One at a time, whoever asks. */
  const gate = createGate(1);
  let waiting = 0;

  const alone = async (span: AnalysisSpan): Promise<Report | "nothing" | undefined> => {
    const answer = await gate.pass(() => parts.make(span, ended.signal));
    if (answer.type === "made") return answer.report;
    if (answer.type === "nothing") return "nothing";
    if (!ended.signal.aborted) log.warn("no outage report could be made", { reason: answer.reason });
    return undefined;
  };
  const wish = (given: Wish) => {
    wishes = [...wishes, given].slice(-mostWaiting);
    wake();
  };
  /** Several outages within the cooldown get one report, after the last of them. */
  const wishAfterOutage = () => {
    if (cancelAuto !== undefined) return;
    const wait = Math.max(settleMs, lastAuto + cooldownMs - clock.monotonic());
    cancelAuto = clock.after(wait, () => {
      cancelAuto = undefined;
      lastAuto = clock.monotonic();
      wish({ from: clock.now() - afterOutageMs, to: clock.now(), asked: false });
    });
  };
  const fulfil = async ({ asked, ...span }: Wish) => {
    const report = await alone(span);
    if (report === undefined) return;
    const tell = (text: string, name?: string) => {
      const where = name === undefined ? {} : { report: `api/reports/${name}` };
      emit({ type: "job", at: clock.now(), event: "analysis_ready", text, ...where });
    };
    if (report === "nothing") {
      if (asked) tell("There is no history of this time to report on.");
      return;
    }
    try {
      tell(`Outage report: ${report.summary}`, await shelf.save(report, clock.now()));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log.warn("the outage report can't be written: free some space, or make the data folder writable", { reason });
      tell(`Outage report, not kept because it can't be written: ${report.summary}`);
    }
  };

  return {
    name: "reports",
    push: ({ events, observations }) => {
      if (parts.afterOutage && events.some(({ event_type: type }) => type === "outage_ended")) wishAfterOutage();
      for (const observation of observations) {
        if (observation.type !== "command" || observation.command.name !== "analyze") continue;
        const { to = clock.now(), from = to - dayMs } = observation.command;
        wish({ from, to, asked: true });
      }
    },
    run: async (signal) => {
      signal.addEventListener(
        "abort",
        () => {
          ended.abort();
          cancelAuto?.();
          wake();
        },
        { once: true },
      );
      while (!signal.aborted) {
        const [next, ...rest] = wishes;
        if (next === undefined) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        } else {
          wishes = rest;
          await fulfil(next);
        }
      }
    },
    read: shelf.read,
    latest: async () => {
      const name = await shelf.latest();
      return name === undefined ? undefined : shelf.read(name);
    },
    make: async (span) => {
      // A page that is asked for again and again must not pile up work.
      if (waiting >= mostWaiting) return undefined;
      waiting += 1;
      try {
        const report = await alone(span);
        return typeof report === "object" ? report.html : undefined;
      } finally {
        waiting -= 1;
      }
    },
  };
}

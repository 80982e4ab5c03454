import { type Clock, localDay } from "../../lib/clock.ts";
import type { Log } from "../../lib/log.ts";
import type { Sink } from "../sink.ts";
import { createDayLines, dropOldDays } from "./day-files.ts";
import { eventLine } from "./event-line.ts";
import { createPlace, retryMs } from "./place.ts";

export interface EventLogOptions {
  /** Where the files go, and where they go instead when nothing can be written there. */
  readonly dir: string;
  readonly fallbackDir: string;
  /** Of all days together; the oldest go first. */
  readonly maxBytes: number;
  readonly clock: Clock;
  readonly log: Log;
}

/** Appends each event as one line to `MM-DD-YYYY-netlog.txt`, by the local day of the event. */
export function createEventLogSink({ maxBytes, clock, ...options }: EventLogOptions): Sink {
  const place = createPlace({ ...options, files: "event log" });
  const lines = createDayLines(place);
  let wake = () => {};
  let tidied = "";

  const tidy = async (day: string) => {
    if (day === tidied) return;
    tidied = day;
    await dropOldDays(place.dir(), { dayOf: eventLogDay, maxBytes }).catch(() => {});
  };

  return {
    name: "event log",
    push: ({ events }) => {
      for (const event of events) lines.add({ file: eventLogFile(localDay(event.at)), line: eventLine(event) });
      if (events.length > 0) wake();
    },
    run: async (signal) => {
      signal.addEventListener("abort", () => wake(), { once: true });
      for (;;) {
        if (lines.waiting() === 0) {
          await tidy(localDay(clock.now()));
          if (lines.waiting() > 0) continue;
          if (signal.aborted) return;
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        } else if (!(await lines.flush())) {
          if (signal.aborted) return;
          await clock.sleep(retryMs, signal);
        }
      }
    },
  };
}

function eventLogFile(day: string): string {
  return `${day.slice(5)}-${day.slice(0, 4)}-netlog.txt`;
}

/** The day of an event log (`YYYY-MM-DD`), from its name; `undefined`: another file. */
function eventLogDay(name: string): string | undefined {
  const [, month, day, year] = /^(\d{2})-(\d{2})-(\d{4})-netlog\.txt$/.exec(name) ?? [];
  return year === undefined ? undefined : `${year}-${month}-${day}`;
}

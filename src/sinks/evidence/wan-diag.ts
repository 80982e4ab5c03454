import type { Clock } from "../../lib/clock.ts";
import type { Log } from "../../lib/log.ts";
import type { Sink } from "../sink.ts";
import { createDayLines, dropOldDays } from "./day-files.ts";
import { type DiagnosticsParts, readDiagnostics } from "./network-diagnostics.ts";
import { createPlace, retryMs } from "./place.ts";
import { createWanDiagCauses, type WanDiagCause } from "./wan-diag-name.ts";

export interface WanDiagOptions {
  /** Where the files go, and where they go instead when nothing can be written there. */
  readonly dir: string;
  readonly fallbackDir: string;
  /** Of all these files together; the oldest go first. */
  readonly maxBytes: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Tests give their own. */
  readonly read?: (parts: DiagnosticsParts) => Promise<string>;
}

/** Writes down, at the moment a line or network outage is told, what this machine knows of its network: `wan_diag_<time>.log`. */
export function createWanDiagSink({ maxBytes, clock, read = readDiagnostics, ...options }: WanDiagOptions): Sink {
  const place = createPlace({ ...options, files: "wan_diag" });
  const lines = createDayLines(place);
  const causeOf = createWanDiagCauses();
  let asked: WanDiagCause | undefined;
  let wake = () => {};

  const collect = async ({ event, file }: WanDiagCause, signal: AbortSignal) => {
    const { verdict, place: where } = event.fields;
    const head = `Outage: ${verdict}, ${where}\n${event.text}\n`;
    lines.add({ file, line: `${head}\n${(await read({ clock, signal })).trimEnd()}` });
    await dropOldDays(place.dir(), { dayOf: wanDiagDay, maxBytes }).catch(() => {});
  };

  return {
    name: "wan_diag",
    push: (update) => {
      const cause = causeOf(update);
      if (cause === undefined) return;
      asked = cause;
      wake();
    },
    run: async (signal) => {
      signal.addEventListener("abort", () => wake(), { once: true });
      for (;;) {
        if (asked !== undefined) {
          const cause = asked;
          asked = undefined;
          await collect(cause, signal);
        } else if (lines.waiting() === 0) {
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

/** `YYYY-MM-DD`, to the second behind it, so that of one day the oldest go first too; `undefined`: another file. */
function wanDiagDay(name: string): string | undefined {
  const [, year, month, day, time] = /^wan_diag_(\d{4})(\d{2})(\d{2})_(\d{6})\.log$/.exec(name) ?? [];
  return year === undefined ? undefined : `${year}-${month}-${day} ${time}`;
}

import { untilAborted, withDeadline } from "../../lib/deadline.ts";
import type { SourceReading } from "../../model/devices/sighting.ts";
import { type PollingSource, SourceError } from "../source.ts";
import type { PolledSource, RunParts } from "./parts.ts";
import { Hung, settledSoon } from "./settled.ts";

/** How long a driver may take to settle once its poll was aborted, and to close. */
const graceMs = 900;
/** Drivers that were given up while their poll hung, and hang still: with so many no other is opened. */
const mostHanging = 3;

/** Polls a driver, and replaces it when it can't be trusted any more. */
export interface Driver {
  /** One poll of at most `timeoutMs`; rejects with what the driver said, or a `SourceError` when it said nothing in time. */
  poll(limits: { readonly timeoutMs: number; readonly signal: AbortSignal }): Promise<SourceReading>;
  /** A later poll is a new driver's. */
  close(): Promise<void>;
}

export function createDriver(source: PolledSource, { clock, log }: Pick<RunParts, "clock" | "log">): Driver {
  let current: PollingSource | undefined;
  let hanging = 0;
  let isTold = false;

  const close = async () => {
    const closing = current;
    current = undefined;
    if (closing === undefined) return;
    try {
      const limits = { clock, timeoutMs: graceMs, signal: new AbortController().signal };
      await withDeadline(limits, async ({ signal }) => await untilAborted(closing.close(), signal));
    } catch (error) {
      log.debug("a source did not close", { source: source.id, error });
    }
  };

  /** It may hang for ever: nobody waits for it, and nobody asks that driver again. */
  const giveUp = (poll: Promise<SourceReading>) => {
    hanging += 1;
    const ended = () => {
      hanging -= 1;
    };
    poll.then(ended, ended);
    if (!isTold) log.error("a bug in a source: its poll does not end", { source: source.id });
    isTold = true;
  };

  return {
    poll: async (limits) => {
      const late = () =>
        new SourceError("timeout", `${source.name} did not answer within ${limits.timeoutMs / 1_000} s`);
      if (hanging >= mostHanging) throw late();
      current ??= source.open();
      const asked = current;
      return await withDeadline({ clock, ...limits }, async (deadline) => {
        const poll = asked.poll(deadline.signal);
        try {
          return await settledSoon(poll, { clock, timeoutMs: graceMs, signal: deadline.signal });
        } catch (error) {
          if (error instanceof Hung) {
            giveUp(poll);
            await close();
          }
          if (error instanceof Hung || (deadline.expired() && !(error instanceof SourceError))) throw late();
          throw error;
        }
      });
    },
    close,
  };
}

import { type PollingSource, SourceError, type SourceParts } from "../source.ts";
import { afterLoss, pauseLeftMs, uncontested } from "./contest.ts";
import { toReading } from "./reading.ts";
import { createSession, type SessionAccess } from "./session.ts";

/** An AmpliFi HD or Alien, as the configuration names it. */
export interface AmplifiOptions extends SessionAccess {
  readonly kind: "amplifi";
}

/**
 * Reads an AmpliFi by its web pages. It logs in at most once a poll; a session that others keep taking is left to them for a
 * while, and each poll until then rejects with `busy` without a word to the router.
 */
export function createAmplifiSource(options: AmplifiOptions, parts: SourceParts): PollingSource {
  const { clock, log } = parts;
  const session = createSession(options, parts);
  let contest = uncontested;
  let openedAt = 0;

  const open = async (signal: AbortSignal) => {
    await session.open(signal);
    openedAt = clock.monotonic();
    log.debug("logged in", { router: session.router });
  };
  const noteLoss = () => {
    const now = clock.monotonic();
    contest = afterLoss(contest, { now, openedAt });
    log.debug("the session has ended", { router: session.router, losses: contest.losses });
  };
  const leaveToOthers = () => {
    const seconds = Math.ceil(pauseLeftMs(contest, clock.monotonic()) / 1000);
    if (seconds === 0) return;
    const why = `${session.router} knows one login at a time, and another one, such as a browser, keeps taking it`;
    throw new SourceError("busy", `${why}: tried again in ${seconds} s`);
  };
  const list = async (signal: AbortSignal): Promise<readonly unknown[]> => {
    leaveToOthers();
    const wasOpen = session.isOpen();
    if (!wasOpen) await open(signal);
    const first = await session.list(signal);
    if (first !== undefined) return first;
    noteLoss();
    leaveToOthers();
    if (wasOpen) {
      await open(signal);
      const second = await session.list(signal);
      if (second !== undefined) return second;
      noteLoss();
      leaveToOthers();
    }
    throw new SourceError("busy", `${session.router} ended the login at once: is a browser logged in?`);
  };
  return {
    poll: async (signal) => {
      const { reading, dropped } = toReading(await list(signal), session.router);
      if (dropped > 0) log.debug("rows that could not be read", { router: session.router, rows: dropped });
      return reading;
    },
    raw: async (signal) => ({ "info-async.php": await list(signal) }),
    close: async () => session.close(),
  };
}

import { Cron } from "croner";
import { type Clock, dateOf, localDay, msSinceBoot, utcOffset } from "./lib/clock.ts";
import type { Observation } from "./model/types.ts";

const everyMs = 1_000;
/** A wall clock that runs apart from the machine's uptime by more than this was set, not slow. */
const stepMs = 2_000;
const minuteMs = 60_000;

/** Emits the clock, about once a second, until `signal` aborts: it shows sleep, stops and clock steps of this machine. */
export async function runTick(
  parts: { readonly clock: Clock; readonly emit: (observation: Observation) => void; readonly schedule: string },
  signal: AbortSignal,
): Promise<void> {
  const { clock, emit } = parts;
  const isActive = scheduleOf(parts.schedule);
  let lastBoot = msSinceBoot();
  let lastWall = clock.now();
  while (!signal.aborted) {
    await clock.sleep(everyMs, signal);
    if (signal.aborted) return;
    const boot = msSinceBoot();
    const wall = clock.now();
    const elapsed = boot - lastBoot;
    const stepped = Math.abs(wall - lastWall - elapsed) > stepMs;
    emit({
      type: "tick",
      at: wall,
      elapsed,
      slept: Math.max(0, elapsed - everyMs),
      stepped,
      day: localDay(wall),
      active: isActive(wall),
      utcOffsetMs: utcOffset(wall),
    });
    lastBoot = boot;
    lastWall = wall;
  }
}

/** Whether a moment lies in a minute that the cron expression names. */
export function scheduleOf(cron: string): (at: number) => boolean {
  if (cron.trim() === "* * * * *") return () => true;
  const job = new Cron(cron, { paused: true });
  return (at) => {
    const minute = Math.floor(at / minuteMs) * minuteMs;
    const next = job.nextRun(dateOf(minute - 1));
    return next !== null && next.getTime() === minute;
  };
}

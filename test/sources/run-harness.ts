import type { SourceReading } from "../../src/model/devices/sighting.ts";
import type { Observation } from "../../src/model/types.ts";
import type { HeardSource, OpenSource, PolledSource } from "../../src/sources/run/parts.ts";
import { runSources } from "../../src/sources/run.ts";
import type { Heard } from "../../src/sources/source.ts";
import type { FakeClock } from "../fakes/fake-clock.ts";

/** Nobody is there. */
export const nobody: SourceReading = { clients: [], coverage: "full" };

/** What happened to the drivers of a source. */
export interface Trace {
  readonly polledAt: number[];
  opened: number;
  closed: number;
  /** Polls under way now, and the most there ever were at once. */
  underWay: number;
  most: number;
}

export function newTrace(): Trace {
  return { polledAt: [], opened: 0, closed: 0, underWay: 0, most: 0 };
}

/** A router that answers as the test says; the first poll is number 0. */
export function router(
  clock: FakeClock,
  trace: Trace,
  given: {
    readonly id?: string;
    readonly intervalMs?: number;
    readonly close?: () => Promise<void>;
    readonly poll: (number: number, signal: AbortSignal) => Promise<SourceReading>;
  },
): PolledSource {
  const { id = "alien", intervalMs = 10_000, close = async () => {}, poll } = given;
  return {
    way: "poll",
    id,
    name: id,
    intervalMs,
    open: () => {
      trace.opened += 1;
      return {
        poll: async (signal) => {
          const number = trace.polledAt.push(clock.monotonic()) - 1;
          trace.underWay += 1;
          trace.most = Math.max(trace.most, trace.underWay);
          try {
            return await poll(number, signal);
          } finally {
            trace.underWay -= 1;
          }
        },
        raw: async () => ({}),
        close: async () => {
          trace.closed += 1;
          await close();
        },
      };
    },
  };
}

/** A listener that does as the test says. */
export function listener(listen: (heard: Heard, signal: AbortSignal) => Promise<void>): HeardSource {
  return { way: "listen", id: "macupd", name: "macupd", open: () => ({ listen }) };
}

/** Runs the sources on a still clock; dispose of it to see that all end within two seconds. */
export function start(clock: FakeClock, ...sources: readonly OpenSource[]) {
  const seen: Observation[] = [];
  const lines: { readonly level: string; readonly message: string; readonly fields: object }[] = [];
  const line =
    (level: string) =>
    (message: string, fields: object = {}) =>
      lines.push({ level, message, fields });
  const controller = new AbortController();
  const log = { debug: () => {}, info: line("info"), warn: line("warn"), error: line("error") };
  const running = runSources(
    { clock, log, emit: (observation) => seen.push(observation), sources, random: () => 1 },
    controller.signal,
  );
  let isOver = false;
  const ended = running.then(() => {
    isOver = true;
  });
  const stop = async () => {
    controller.abort();
    await clock.advance(2_000);
    if (!isOver) throw new Error("the sources have not ended two seconds after they were told to");
    await ended;
  };
  return {
    seen,
    lines,
    stop,
    readings: () => seen.filter(({ type }) => type === "reading").length,
    failures: () => seen.flatMap((each) => (each.type === "source-failed" ? [each.code] : [])),
    [Symbol.asyncDispose]: stop,
  };
}

/** A promise that never settles. */
export function forever<T>(): Promise<T> {
  return new Promise(() => {});
}

/** The time from each to the next. */
export function gaps(times: readonly number[]): readonly number[] {
  return times.slice(1).map((at, index) => at - (times[index] ?? 0));
}

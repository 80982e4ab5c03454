import type { Clock } from "./lib/clock.ts";
import type { Log } from "./lib/log.ts";
import type { Command, Observation } from "./model/types.ts";

/** What a piece of work came to. */
export interface JobResult {
  readonly event: Extract<Observation, { type: "job" }>["event"];
  /** One sentence that a person understands. */
  readonly text: string;
  /** Path of a report on the page. */
  readonly report?: string;
}

/** Longer pieces of work by the command that asks for them. */
export type JobTable = {
  readonly [Name in Command["name"]]?: (command: Command, signal: AbortSignal) => Promise<JobResult>;
};

export interface Jobs {
  /** Begins what this command asks for, if anything; while that is still under way from an earlier one, it is not begun again. */
  start(command: Command): void;
  /** Resolves when nothing is under way any more. */
  settled(): Promise<void>;
}

interface JobParts {
  readonly table: JobTable;
  readonly clock: Clock;
  readonly log: Log;
  readonly emit: (observation: Observation) => void;
  readonly signal: AbortSignal;
}

/** Runs work that commands ask for beside everything else. */
export function createJobs({ table, clock, log, emit, signal }: JobParts): Jobs {
  const running = new Map<Command["name"], Promise<void>>();
  const run = async (work: NonNullable<JobTable[Command["name"]]>, command: Command) => {
    try {
      const result = await work(command, signal);
      if (!signal.aborted) emit({ type: "job", at: clock.now(), ...result });
    } catch (error) {
      log.error("a job failed", { job: command.name, error });
    }
  };
  return {
    start: (command) => {
      const work = table[command.name];
      if (work === undefined || signal.aborted) return;
      if (running.has(command.name)) return log.info("this is under way already", { job: command.name });
      running.set(
        command.name,
        run(work, command).finally(() => running.delete(command.name)),
      );
    },
    settled: async () => {
      await Promise.all(running.values());
    },
  };
}

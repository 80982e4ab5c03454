import { runChild } from "../../lib/child.ts";
import type { Clock } from "../../lib/clock.ts";
import { withDeadline } from "../../lib/deadline.ts";
import type { Log } from "../../lib/log.ts";
import type { Sink } from "../sink.ts";
import { createAlerter, type Delivery } from "./alerter.ts";

interface CommandParts {
  /** The program and its arguments, exactly as configured. */
  readonly command: readonly string[];
  readonly clock: Clock;
  readonly log: Log;
}

const deadlineMs = 30_000;
const mostAtOnce = 2;
/** Lines of a run's output that the debug log shows. */
const mostLines = 20;

/** What went wrong with a run; `cannotStart`: there is no program to run, which only the user can mend. */
interface Problem {
  readonly problem: string;
  readonly cannotStart: boolean;
}

/**
 * Runs a program at each event. What the event says comes as JSON on its standard input and nowhere else: a device may call
 * itself what it likes, and no shell and no list of arguments ever sees it.
 */
export function createCommandSink({ command, clock, log }: CommandParts): Sink {
  const [file = "", ...args] = command;
  let told: "works" | "failed" | "cannot start" = "works";

  const run = async (event: string, signal: AbortSignal): Promise<Problem | undefined> => {
    let lines = 0;
    const show = (line: string) => {
      lines += 1;
      if (lines <= mostLines) log.debug("the alert's command says", { line });
    };
    return await withDeadline({ clock, timeoutMs: deadlineMs, signal }, async (deadline) => {
      const output = { stdout: show, stderr: show };
      const end = await runChild({ file, args }, output, { clock, signal: deadline.signal, input: `${event}\n` });
      if (end.failure !== undefined) return { problem: startProblem(end.failure), cannotStart: true };
      if (end.code === 0) return undefined;
      return { problem: endProblem(end.code, deadline.expired()), cannotStart: false };
    });
  };

  const tell = (problem: Problem | undefined) => {
    const fields = { program: file, problem: problem?.problem };
    const now = problem === undefined ? "works" : problem.cannotStart ? "cannot start" : "failed";
    if (now === told) return;
    if (now === "works") log.info("the alert's command works again");
    else if (now === "failed") log.warn("the alert's command failed", fields);
    else log.error("the alert's command can't be started: see alerts.command", fields);
    told = now;
  };

  const deliver = async (event: string, { hard }: Delivery) => tell(await run(event, hard));
  return createAlerter({ name: "command", atOnce: mostAtOnce, clock, log, deliver });
}

function startProblem(code: string): string {
  if (code === "ENOENT") return "there is no such program";
  return code === "EACCES" ? "it may not be executed" : code;
}

function endProblem(code: number | undefined, expired: boolean): string {
  if (expired) return `it took longer than ${deadlineMs / 1_000} s and was killed`;
  return code === undefined ? "it was killed" : `it ended with code ${code}`;
}

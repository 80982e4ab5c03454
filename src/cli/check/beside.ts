import { type Clock, localTime } from "../../lib/clock.ts";
import { withDeadline } from "../../lib/deadline.ts";
import type { RunFile } from "../../run-file.ts";
import type { Progress } from "./progress.ts";
import { type Checked, type MonitorState, parseState } from "./seen.ts";
import { createSettling } from "./settling.ts";
import { type Message, messages } from "./stream.ts";

/** The monitor that runs is asked in vain. The message is for people. */
export class MonitorError extends Error {
  override readonly name = "MonitorError";
}

/** `resting`: it measures nothing now. `gone`: there is none. */
export type Neighbour = MonitorState | "gone";

interface Asking {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Whether a process of that id lives. */
  readonly isAlive: (pid: number) => boolean;
}

const answerMs = 5_000;
/** A cycle that is under way ends first, and each may wait for answers that never come. */
const testMs = 40_000;
const settleMs = 15_000;
const mostBytes = 16 * 1024 * 1024;

/** Asks whoever a run file names whether it is the monitor that wrote it. Rejects with `MonitorError` when it lives and is silent. */
export async function findMonitor(run: RunFile, { clock, signal, isAlive }: Asking): Promise<Neighbour> {
  const stale = () => {
    if (!isAlive(run.pid)) return "gone" as const;
    throw new MonitorError(`the monitor that runs here (process ${run.pid}) does not answer: restart it`);
  };
  try {
    return await withDeadline({ clock, timeoutMs: answerMs, signal }, async (deadline) => {
      const answer = await ask(run, "api/state", { signal: deadline.signal });
      if (answer.headers.get("netwarden-run") !== "this") {
        await answer.body?.cancel();
        return "gone";
      }
      const state = parseState(JSON.parse(await textOf(answer)));
      if (state === undefined) throw new MonitorError("the monitor that runs here is of another version: restart it");
      return state;
    });
  } catch (error) {
    if (error instanceof MonitorError) throw error;
    return isRefusal(error) ? "gone" : stale();
  }
}

/** Has the monitor do a full cycle, and waits until its verdict stands. Rejects with `MonitorError`. */
export async function askMonitor(
  run: RunFile,
  { clock, signal, progress }: Pick<Asking, "clock" | "signal"> & { readonly progress: Progress },
): Promise<Checked> {
  progress.step(`asking the monitor that runs here (process ${run.pid})`, 0, 1);
  try {
    return await withDeadline({ clock, timeoutMs: testMs + settleMs, signal }, async (deadline) => {
      const stop = deadline.signal;
      const stream = messages(await ask(run, "api/events", { signal: stop }), mostBytes);
      const startedAt = clock.monotonic();
      await order(run, stop);
      return { by: "monitor", seen: await verdictOf(stream, { clock, startedAt }), problems: [] };
    });
  } catch (error) {
    if (error instanceof MonitorError || signal.aborted) throw error;
    throw new MonitorError(`the monitor that runs here broke off (${localTime(clock.now())}): look at its log`, {
      cause: error,
    });
  }
}

async function order(run: RunFile, signal: AbortSignal): Promise<void> {
  const accepted = await ask(run, "api/commands/run_test", { signal, method: "POST", body: "{}" });
  await accepted.body?.cancel();
  if (!accepted.ok) throw new MonitorError(`the monitor that runs here refused the test (${accepted.status})`);
}

/** The first state that stands after the test has finished; the newest one when none does in time. */
async function verdictOf(
  stream: AsyncIterable<Message>,
  { clock, startedAt }: { readonly clock: Clock; readonly startedAt: number },
): Promise<MonitorState> {
  const stands = createSettling(clock);
  let finishedAt: number | undefined;
  for await (const { event, data } of stream) {
    const now = clock.monotonic();
    if (event === "event" && isTestFinished(data)) finishedAt ??= now;
    if (finishedAt === undefined && now - startedAt > testMs)
      throw new MonitorError("the monitor that runs here did not finish a test in time: look at its log");
    const state = event === "state" ? parseState(JSON.parse(data)) : undefined;
    if (state === undefined) continue;
    const isStanding = stands(state);
    if (finishedAt !== undefined && (isStanding || now - finishedAt > settleMs)) return state;
  }
  throw new MonitorError("the monitor that runs here ended while it was asked: try again");
}

function isTestFinished(data: string): boolean {
  const event: unknown = JSON.parse(data);
  return typeof event === "object" && event !== null && "event_type" in event && event.event_type === "test_finished";
}

async function ask(run: RunFile, path: string, given: RequestInit): Promise<Response> {
  const headers = { authorization: `Bearer ${run.token}`, "content-type": "application/json" };
  return await fetch(new URL(path, run.url), { redirect: "error", ...given, headers });
}

async function textOf(answer: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > mostBytes) throw new RangeError("too long");
  }
  return text;
}

/** Nobody listens there. */
function isRefusal(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  const causes = cause instanceof AggregateError ? cause.errors : [cause];
  return causes.some(
    (each) => typeof each === "object" && each !== null && "code" in each && each.code === "ECONNREFUSED",
  );
}

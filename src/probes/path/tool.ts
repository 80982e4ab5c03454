import { type ChildEnd, type Command, runChild } from "../../lib/child.ts";
import type { Clock } from "../../lib/clock.ts";
import { withDeadline } from "../../lib/deadline.ts";
import type { NotTraced } from "./trace.ts";

/** What a tool said until it ended. `late`: it did not end by itself. */
export interface ToolEnd extends ChildEnd {
  readonly lines: readonly string[];
  readonly errors: readonly string[];
  readonly late: boolean;
}

interface ToolLimits {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly onLine?: (line: string) => void;
}

/** Lines of output at most: 64 hops as JSON are some 800, a long trace that is told live some 20,000. */
const mostLines = 100_000;
const mostErrors = 20;

/** Runs a tool until it ends, or its time is up: then it is killed. */
export async function runTool(command: Command, { clock, signal, timeoutMs, onLine }: ToolLimits): Promise<ToolEnd> {
  const lines: string[] = [];
  const errors: string[] = [];
  return await withDeadline({ clock, timeoutMs, signal }, async (deadline) => {
    const output = {
      stdout: (line: string) => {
        if (lines.length >= mostLines) return;
        lines.push(line);
        onLine?.(line);
      },
      stderr: (line: string) => {
        if (errors.length < mostErrors) errors.push(line);
      },
    };
    const end = await runChild(command, output, { clock, signal: deadline.signal });
    return { ...end, lines, errors, late: deadline.expired() };
  });
}

/** Why a tool gave no path, from how it ended and what it complained of. `undefined`: nothing points to a reason. */
export function failureOf(
  tool: string,
  address: string,
  { failure, errors, late, code }: ToolEnd,
): NotTraced | undefined {
  const said = errors
    .find((line) => line.trim() !== "")
    ?.trim()
    .slice(0, 200);
  const broken = (reason: string) => ({ ok: false, broken: true, reason }) as const;
  if (failure === "ENOENT") return broken(`${tool} is not installed`);
  if (failure !== undefined) return broken(`${tool} could not start: ${failure}`);
  if (late) return broken(`${tool} did not end in time`);
  // mtr without the right to send may die of the pipe to its helper before it says so.
  if (code === undefined && said === undefined)
    return broken(`${tool} broke off: has it the permission for raw packets?`);
  if (said === undefined || code === 0) return undefined;
  if (/network is unreachable|no route to host|address family not supported|can(no|')t assign/i.test(said))
    return { ok: false, broken: false, reason: `there is no route to ${address}` };
  if (isAboutPermission(said)) return broken(`${tool} has no permission to send its packets (${said})`);
  return broken(`${tool} failed: ${said}`);
}

/** mtr says so of its helper, which holds the right, in a way of its own. */
export function isAboutPermission(said: string): boolean {
  return /permi|privilege|not allowed|raw socket|failure to (open|start)|must be root|suid/i.test(said);
}

import { type Command, runChild } from "../../lib/child.ts";
import type { Clock } from "../../lib/clock.ts";
import { withDeadline } from "../../lib/deadline.ts";
import { installHint, type Problem, permissionHint } from "../../lib/install.ts";
import { isAboutPermission } from "./tool.ts";

const trialMs = 1_500;

/** Finds out with a packet to this machine itself whether mtr can be used, mostly in a tenth of a second. */
export async function detectPathTools({
  clock,
  signal,
  mtr = "mtr",
}: {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly mtr?: string;
}): Promise<readonly Problem[]> {
  const { failure, said, late } = await firstWord(
    { file: mtr, args: ["--raw", "-n", "-c", "1", "127.0.0.1"] },
    { clock, signal },
  );
  const capability = "mtr (the path to a target, with its loss)";
  if (failure === "ENOENT") return [{ capability, mend: await installHint("mtr") }];
  if (failure !== undefined) return [{ capability, mend: `it could not start (${failure})` }];
  if (late) return [{ capability, mend: "it hangs: install it anew" }];
  if (said === "" || isAboutPermission(said))
    return [{ capability: "raw ICMP for mtr", mend: permissionHint("mtr-packet") }];
  return [];
}

/** It is enough to see it begin: to wait for its end would take seconds. */
async function firstWord(command: Command, { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal }) {
  return await withDeadline({ clock, timeoutMs: trialMs, signal }, async (deadline) => {
    const stop = new AbortController();
    const end = () => stop.abort();
    deadline.signal.addEventListener("abort", end, { once: true });
    let said = "";
    const keep = (line: string) => {
      if (said === "") said = line.slice(0, 200);
      end();
    };
    if (deadline.signal.aborted) end();
    const { failure } = await runChild(command, { stdout: keep, stderr: keep }, { clock, signal: stop.signal });
    return { failure, said, late: deadline.expired() };
  });
}

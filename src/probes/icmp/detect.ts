import { networkInterfaces } from "node:os";
import { runChild } from "../../lib/child.ts";
import type { Clock } from "../../lib/clock.ts";
import { withDeadline } from "../../lib/deadline.ts";
import { installHint, type Problem, permissionHint } from "../../lib/install.ts";
import type { Icmp } from "./icmp.ts";
import { runPing } from "./ping.ts";

/** The best engine that really works here. */
export interface Detected {
  readonly engine: Icmp["engine"];
  readonly problems: readonly Problem[];
}

/** Programs to look for; tests give their own. */
export interface DetectParts {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly fping?: string;
  readonly ping?: string;
  /** Whether 127.0.0.1 can answer at all: in a fresh network namespace it is down. */
  readonly loopbackUp?: boolean;
}

const trialMs = 3_000;
const loopback = "127.0.0.1";

type Trial = "works" | "missing" | "forbidden";

/** Finds out with real probes of this machine itself what can be used. Takes at most some seconds, mostly a fraction of one. */
export async function detectIcmp(parts: DetectParts): Promise<Detected> {
  const fping = await tryFping(parts);
  const problems: Problem[] = [];
  if (fping === "missing")
    problems.push({ capability: "fping (a probe of all targets each second)", mend: await installHint("fping") });
  if (fping === "forbidden") problems.push({ capability: "raw ICMP for fping", mend: permissionHint("fping") });
  if (fping === "works") return { engine: "fping", problems };
  const ping = await tryPing(parts);
  if (ping === "works") return { engine: "ping", problems };
  if (ping === "forbidden" && fping !== "forbidden")
    problems.push({ capability: "raw ICMP for ping", mend: permissionHint("ping") });
  if (ping === "missing" && fping === "missing")
    problems.push({ capability: "ping (ICMP)", mend: await installHint("ping") });
  return { engine: "tcp", problems };
}

/**
 * Without permission fping may refuse to start, may not even be executed, or, where only datagram ICMP is allowed, may run and
 * report 100 % loss: a broken probe that looks like a dead network. So it must really get an answer where one can be had.
 */
async function tryFping({ clock, signal, fping = "fping", loopbackUp = isLoopbackUp() }: DetectParts): Promise<Trial> {
  const args = ["-4", "-e", "-D", "-C", "3", "-p", "100", "-t", "500", "--", loopback];
  const { code, failure, lines } = await attempt({ file: fping, args }, { clock, signal });
  if (failure === "ENOENT") return "missing";
  if (failure !== undefined) return "forbidden";
  const answered = lines.some((line) => line.includes(" bytes, "));
  if (answered) return "works";
  return code === 1 && !loopbackUp ? "works" : "forbidden";
}

async function tryPing({ clock, signal, ping, loopbackUp = isLoopbackUp() }: DetectParts): Promise<Trial> {
  const job = { address: loopback, count: 1, spacingMs: 200, timeoutMs: 1_000 };
  const [outcome] = await runPing(job, { clock, signal, file: ping });
  if (outcome === undefined) return "forbidden";
  if (outcome.ok) return "works";
  if (outcome.reason === "internal") return outcome.detail.endsWith("ENOENT") ? "missing" : "forbidden";
  return loopbackUp ? "forbidden" : "works";
}

async function attempt(
  command: { readonly file: string; readonly args: readonly string[] },
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
) {
  const lines: string[] = [];
  const keep = (line: string) => {
    if (lines.length < 20) lines.push(line);
  };
  const end = await withDeadline({ clock, timeoutMs: trialMs, signal }, (deadline) =>
    runChild(command, { stdout: keep, stderr: keep }, { clock, signal: deadline.signal }),
  );
  return { ...end, lines };
}

/** Node lists only interfaces that are up. */
function isLoopbackUp(): boolean {
  return Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === loopback));
}

import type { ProbeOutcome } from "../../../src/model/types.ts";
import type { EmitProbe } from "../../../src/probes/icmp/icmp.ts";

/** One emitted outcome. */
export interface Seen {
  readonly check: string;
  readonly outcome: ProbeOutcome;
  readonly at: number;
}

/** Keeps what an engine emits; `until` resolves with the first state of the list that satisfies it, or fails after 20 s. */
export function collect() {
  const seen: Seen[] = [];
  const watchers = new Set<() => void>();
  const emit: EmitProbe = (check, outcome, at) => {
    seen.push({ check, outcome, at });
    for (const watcher of watchers) watcher();
  };
  const until = (isDone: (seen: readonly Seen[]) => boolean) =>
    new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        watchers.delete(look);
        reject(new Error(`not within 20 s, but only: ${JSON.stringify(seen)}`));
      }, 20_000);
      const look = () => {
        if (!isDone(seen)) return;
        watchers.delete(look);
        clearTimeout(timer);
        resolve();
      };
      watchers.add(look);
      look();
    });
  return { seen, emit, until };
}

/** `ok`, or the reason of the failure. */
export function kindOf({ outcome }: Seen): string {
  return outcome.ok ? "ok" : outcome.reason;
}

/** A log that only keeps its messages. */
export function quietLog() {
  const messages: string[] = [];
  const keep = (message: string) => void messages.push(message);
  return { messages, log: { debug: () => {}, info: keep, warn: keep, error: keep } };
}

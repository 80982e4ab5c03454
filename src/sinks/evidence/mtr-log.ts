import type { Clock } from "../../lib/clock.ts";
import type { Log } from "../../lib/log.ts";
import type { Observation } from "../../model/types.ts";
import type { Sink } from "../sink.ts";
import { mtrLogName, utcStamp } from "./file-names.ts";
import { appendBlock, dropLongestUnused } from "./growing-text.ts";
import { createPlace, retryMs } from "./place.ts";

export interface MtrLogOptions {
  /** Where the files go, and where they go instead when nothing can be written there. */
  readonly dir: string;
  readonly fallbackDir: string;
  /** Of all traces' files together; who was not written for the longest time goes first. */
  readonly maxBytes: number;
  readonly clock: Clock;
  readonly log: Log;
}

interface Entry {
  readonly name: string;
  readonly month: string;
  readonly text: string;
}

/** Reports that wait at most while the disk refuses: an outage's all, and some days of baselines. */
const mostWaiting = 1_000;
const longestText = 32_768;
const line = "=".repeat(60);

/** Appends each traced path to `mtr_<host>.log`, with a head that says when and why. */
export function createMtrLogSink({ maxBytes, clock, ...options }: MtrLogOptions): Sink {
  const place = createPlace({ ...options, files: "mtr logs" });
  let waiting: readonly Entry[] = [];
  let wake = () => {};

  const write = async ({ name, month, text }: Entry) =>
    await place.write(async (dir) => {
      await appendBlock({ dir, name, text, month, monthOf, maxBytes: maxBytes / 8 });
      await dropLongestUnused(dir, { isOurs: isMtrLog, maxBytes, kept: `${name}.log` });
    });

  return {
    name: "mtr logs",
    push: ({ observations }) => {
      const entries = observations.flatMap((seen) => entryOf(seen) ?? []);
      if (entries.length === 0) return;
      waiting = [...waiting, ...entries].slice(-mostWaiting);
      wake();
    },
    run: async (signal) => {
      signal.addEventListener("abort", () => wake(), { once: true });
      for (;;) {
        const [first] = waiting;
        if (first === undefined) {
          if (signal.aborted) return;
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        } else if (await write(first)) {
          // It may have been pushed out meanwhile.
          if (waiting[0] === first) waiting = waiting.slice(1);
        } else {
          if (signal.aborted) return;
          await clock.sleep(retryMs, signal);
        }
      }
    },
  };
}

function entryOf(seen: Observation): Entry | undefined {
  if (seen.type !== "path" && seen.type !== "path-failed") return undefined;
  const { target, mode, at } = seen;
  const startedAt = seen.type === "path" ? seen.startedAt : at;
  const stamp = utcStamp(startedAt);
  const how = seen.type === "path" ? `${mode}, ${packetsOf(seen)}, by ${seen.tool}` : mode;
  const said = seen.type === "path" ? seen.text.slice(0, longestText) : `No trace: ${seen.reason}`;
  return {
    name: mtrLogName(target.host),
    month: `${stamp.slice(0, 4)}-${stamp.slice(4, 6)}`,
    text: `\n${line}\nRun at: ${stamp}\nMode: ${how}, to ${target.host}\n${line}\n${said.trimEnd()}\n`,
  };
}

function packetsOf({ hops }: Extract<Observation, { type: "path" }>): string {
  const most = Math.max(0, ...hops.map(({ sent }) => sent));
  return most === 1 ? "1 packet a hop" : `${most} packets a hop`;
}

/** Of the last run in a file. */
function monthOf(tail: string): string | undefined {
  const [, year, month] = [...tail.matchAll(/^Run at: (\d{4})(\d{2})\d{2}_\d{6}\r?$/gm)].at(-1) ?? [];
  return year === undefined ? undefined : `${year}-${month}`;
}

function isMtrLog(name: string): boolean {
  return /^mtr_[A-Za-z0-9_-]+(\.\d+)?\.log$/.test(name);
}

import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import type { Batch, Reply, Request } from "./protocol.ts";
import { chunkRows, type Queue } from "./queue.ts";

/** Carries the queue to the worker, one batch at a time, and has the worker do its housekeeping. */
export interface Writer {
  open(worker: WorkerSide): void;
  lose(): void;
  /** Something was queued. */
  wake(): void;
  hear(reply: Extract<Reply, { type: "committed" | "failed" | "maintained" | "closed" }>): void;
  /** Commits what waits, then closes the file; resolves when that is done, or after `deadlineMs` all the same. */
  close(deadlineMs: number): Promise<void>;
  /** Samples that are on their way. */
  readonly inFlight: number;
  /** The last batch was refused and is tried again. */
  readonly failing: boolean;
}

export interface WorkerSide {
  readonly post: (request: Request) => void;
  /** The file is damaged: begin a new one. */
  readonly replaceFile: () => void;
}

interface WriterOptions {
  readonly queue: Queue;
  readonly clock: Clock;
  readonly log: Log;
}

const commitEveryMs = 1_000;
const retryMs = 10_000;
const maintainEveryMs = 60_000;
/** Between two slices of housekeeping: what is measured meanwhile goes first. */
const sliceGapMs = 50;

export function createWriter({ queue, clock, log }: WriterOptions): Writer {
  let worker: WorkerSide | undefined;
  /** Taken from the queue and not committed yet; it keeps its buffers, so that it can be sent again. */
  let batch: Batch | undefined;
  let sent = false;
  let seq = 0;
  let failing = false;
  let lostBefore = 0;
  let cancelFlush: (() => void) | undefined;
  let soon = false;
  let cancelMaintain = () => {};
  let closing: (() => void) | undefined;
  let closed = () => {};

  const send = () => {
    if (worker === undefined || sent) return;
    batch ??= queue.take();
    if (batch === undefined) {
      if (closing !== undefined) worker.post({ type: "close" });
      return;
    }
    sent = true;
    seq += 1;
    // The buffers are given away with the message: a copy, because a full disk or a crash may ask for them again.
    const samples = batch.samples.map((packed) => packed.slice());
    worker.post({ type: "append", seq, batch: { ...batch, samples } });
  };
  const stopFlush = () => {
    cancelFlush?.();
    cancelFlush = undefined;
    soon = false;
  };
  const flushAfter = (ms: number) => {
    cancelFlush ??= clock.after(ms, () => {
      stopFlush();
      send();
    });
  };
  const wake = () => {
    if (failing || sent) return;
    if (closing !== undefined) return send();
    if (queue.rows < chunkRows) return flushAfter(commitEveryMs);
    if (soon) return;
    stopFlush();
    soon = true;
    // Not at once: what is given in the same turn (samples, the outage they make, the model's memory) is committed together.
    flushAfter(0);
  };
  const maintainAfter = (ms: number) => {
    cancelMaintain();
    cancelMaintain = clock.after(ms, () => {
      // Sums of samples that still wait would be wrong.
      if (failing || worker === undefined || closing !== undefined) return maintainAfter(maintainEveryMs);
      worker.post({ type: "maintain", now: clock.now() });
    });
  };
  const fail = (code: string, message: string) => {
    sent = false;
    if (code === "corrupt") return worker?.replaceFile();
    if (code === "invalid") {
      // Trying again would fail for ever, and hold up all that comes after.
      log.error("history: a batch does not fit and is dropped", { reason: message });
      batch = undefined;
      return wake();
    }
    if (!failing) {
      lostBefore = queue.dropped;
      log.warn("history: nothing can be written at the moment; what is measured waits", { reason: message, code });
    }
    failing = true;
    if (closing === undefined) flushAfter(retryMs);
    else worker?.post({ type: "close" });
  };
  const commit = (done: Batch) => {
    queue.settle(done);
    batch = undefined;
    sent = false;
    if (failing) log.info("history: it is written again", { lost_samples: queue.dropped - lostBefore });
    failing = false;
    if (!queue.empty || closing !== undefined) wake();
  };

  return {
    open: (opened) => {
      worker = opened;
      queue.forgetChecks();
      // A batch of before names only the checks that the last worker did not know.
      if (batch !== undefined) batch = { ...batch, checks: queue.checks() };
      maintainAfter(maintainEveryMs);
      if (batch !== undefined || !queue.empty) wake();
    },
    lose: () => {
      worker = undefined;
      sent = false;
      closed();
    },
    wake,
    hear: (reply) => {
      switch (reply.type) {
        case "committed":
          if (reply.seq === seq && batch !== undefined) commit(batch);
          return;
        case "failed":
          if (reply.seq === seq) fail(reply.code, reply.message);
          return;
        case "maintained":
          if (reply.code === "corrupt") worker?.replaceFile();
          else if (reply.code !== undefined)
            log.debug("history: housekeeping is put off", { reason: reply.message, code: reply.code });
          maintainAfter(reply.more ? sliceGapMs : maintainEveryMs);
          return;
        case "closed":
          return closed();
      }
    },
    close: (deadlineMs) =>
      new Promise((resolve) => {
        const cancel = clock.after(deadlineMs, () => {
          log.warn("history: the disk is too slow to close the database in time", { lost_samples: queue.rows });
          closed();
        });
        closed = () => {
          cancel();
          stopFlush();
          cancelMaintain();
          resolve();
        };
        closing = closed;
        if (worker === undefined) return closed();
        stopFlush();
        send();
      }),
    get inFlight() {
      return (batch?.samples ?? []).reduce((sum, packed) => sum + packed.length / 4, 0);
    },
    get failing() {
      return failing;
    },
  };
}

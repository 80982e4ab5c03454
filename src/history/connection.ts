import { Worker } from "node:worker_threads";
import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import { StoreError, storeAdvice } from "./errors.ts";
import type { Limits, Reply, Request, WorkerOptions } from "./protocol.ts";

export interface ConnectionOptions {
  readonly file: string;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly log: Log;
  /** Everything but the worker's start and end. */
  readonly onReply: (reply: Reply) => void;
  /** A worker that knows nothing yet is ready. */
  readonly onReady: (connection: Connection) => void;
  /** The worker is gone: nothing that it was asked will be answered. */
  readonly onLost: () => void;
}

/** The worker's lifetime: started, started anew with growing pauses when it crashed, ended. */
export interface Connection {
  readonly post: (request: Request) => void;
  /** The file proved damaged: the next worker keeps it aside. */
  readonly replace: () => void;
  /** Ends the worker now, whatever it does. */
  readonly end: () => void;
}

const longestPauseMs = 60_000;

/** Rejects with `StoreError` when the file can't be opened the first time. */
export function connect(options: ConnectionOptions): Promise<Connection> {
  const { clock, log } = options;
  return new Promise((resolve, reject) => {
    let worker: Worker | undefined;
    let ended = false;
    let begun = false;
    let damaged = false;
    let told = false;
    let pauseMs = 1_000;
    let cancel = () => {};

    const start = () => {
      const data: WorkerOptions = { file: options.file, limits: options.limits, startedAt: clock.now(), damaged };
      const own = new Worker(workerFile(), { workerData: data, name: "history" });
      worker = own;
      own.on("message", (reply: Reply) => {
        if (worker === own) hear(reply);
      });
      own.on("error", (error) => log.error("history: the database's thread failed", { error }));
      own.on("exit", () => {
        if (worker === own) lose();
      });
    };
    const lose = () => {
      worker = undefined;
      if (ended) return;
      if (!begun) return reject(new StoreError("worker", storeAdvice("worker", options.file)));
      options.onLost();
      if (!told) log.warn("history: the database's thread ended, another is started", { pause_ms: pauseMs });
      cancel = clock.after(pauseMs, start);
      pauseMs = Math.min(longestPauseMs, pauseMs * 2);
    };
    const hear = (reply: Reply) => {
      if (reply.type === "ready") {
        if (reply.keptAside !== undefined)
          log.error("history: the database was damaged; it is kept aside and a new one begins", {
            kept: reply.keptAside,
          });
        damaged = false;
        told = false;
        begun = true;
        resolve(connection);
        options.onReady(connection);
      } else if (reply.type === "refused") {
        if (begun) {
          if (!told) log.warn("history: the database can't be opened, trying again", { reason: reply.message });
          told = true;
          return;
        }
        ended = true;
        reject(new StoreError(reply.code, reply.message));
      } else {
        if (reply.type === "committed") pauseMs = 1_000;
        options.onReply(reply);
      }
    };
    const connection: Connection = {
      post: (request) => worker?.postMessage(request, transfers(request)),
      replace: () => {
        damaged = true;
        void worker?.terminate();
      },
      end: () => {
        ended = true;
        cancel();
        void worker?.terminate();
      },
    };
    start();
  });
}

/** The buffers of a batch are given away, not copied. */
function transfers(request: Request): ArrayBuffer[] {
  return request.type === "append" ? request.batch.samples.map(({ buffer }) => buffer) : [];
}

/** The compiler rewrites imports, but not this: run from the sources the worker is TypeScript too. */
function workerFile(): URL {
  return new URL(import.meta.url.endsWith(".ts") ? "./worker.ts" : "./worker.js", import.meta.url);
}

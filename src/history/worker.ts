// The only file that opens the database, in a thread of its own: an fsync of a worn SD card takes half a second, and no probe
// may wait for it. It has no clock and no timers: it does what it is told, and tells how it went.
import type { DatabaseSync } from "node:sqlite";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { createAppend } from "./append.ts";
import { StoreError, storeAdvice, storeErrorCode } from "./errors.ts";
import { openDatabase } from "./open.ts";
import type { Reply, Request, WorkerOptions } from "./protocol.ts";
import { answerQuery } from "./queries.ts";
import { createRetention } from "./retention.ts";
import { createRollup } from "./rollup.ts";

if (parentPort !== null) work(parentPort, workerData as WorkerOptions);

function work(port: MessagePort, options: WorkerOptions): void {
  const post = (reply: Reply) => port.postMessage(reply);
  const told = (error: unknown) => {
    const code = storeErrorCode(error);
    const cause = error instanceof StoreError && error.cause !== undefined ? error.cause : error;
    return { code, message: `${storeAdvice(code, options.file)} (${cause instanceof Error ? cause.message : cause})` };
  };
  try {
    const { db, keptAside } = openDatabase(options);
    port.on("message", serve(db, { options, post, told, end: () => port.close() }));
    post({ type: "ready", ...(keptAside !== undefined && { keptAside }) });
  } catch (error) {
    post({ type: "refused", ...told(error) });
    port.close();
  }
}

interface Desk {
  readonly options: WorkerOptions;
  readonly post: (reply: Reply) => void;
  readonly told: (error: unknown) => { readonly code: StoreError["code"]; readonly message: string };
  readonly end: () => void;
}

function serve(db: DatabaseSync, { options, post, told, end }: Desk): (request: Request) => void {
  const { limits } = options;
  const append = createAppend(db);
  const rollup = createRollup(db, limits.sliceRows);
  const retention = createRetention(db, limits);
  return (request) => {
    switch (request.type) {
      case "append":
        try {
          retention.added(append(request.batch));
          post({ type: "committed", seq: request.seq });
        } catch (error) {
          post({ type: "failed", seq: request.seq, ...told(error) });
        }
        return;
      case "maintain":
        try {
          // What was measured a minute ago has been answered or given up, and committed.
          const more = rollup(request.now - settleMs) || retention.slice(request.now);
          post({ type: "maintained", more });
        } catch (error) {
          post({ type: "maintained", more: false, ...told(error) });
        }
        return;
      case "query":
        try {
          const value = answerQuery(db, request.query, limits.protectMs);
          post({ type: "answer", seq: request.seq, value });
        } catch (error) {
          post({ type: "unanswered", seq: request.seq, ...told(error) });
        }
        return;
      case "close":
        try {
          db.exec("pragma wal_checkpoint(truncate)");
        } catch {
          // A checkpoint only tidies up: all that was committed is in the log beside the file.
        }
        db.close();
        post({ type: "closed" });
        end();
    }
  };
}

const settleMs = 60_000;

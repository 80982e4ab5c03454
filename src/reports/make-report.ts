import { Worker } from "node:worker_threads";
import type { AnalysisSpan } from "../history/read-analysis.ts";
import type { Clock } from "../lib/clock.ts";
import type { Maker } from "./analysis-words.ts";

/** What a report is to be made of. */
export interface ReportOrder {
  readonly database: string;
  readonly span: AnalysisSpan;
  readonly maker: Maker;
}

/** A report, as a page and for a terminal, and in one sentence. */
export interface Report {
  readonly html: string;
  readonly text: string;
  readonly summary: string;
}

export type ReportAnswer =
  | { readonly type: "made"; readonly report: Report }
  | { readonly type: "nothing" }
  | { readonly type: "failed"; readonly reason: string };

const deadlineMs = 60_000;

/** Makes a report in a thread of its own, which is ended when it takes a minute or `signal` aborts. Never rejects. */
export function makeReport(
  order: ReportOrder,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<ReportAnswer> {
  if (signal.aborted) return Promise.resolve({ type: "failed", reason: "the program ends" });
  return new Promise((resolve) => {
    const worker = new Worker(workerFile(), { workerData: order, name: "report" });
    const end = (answer: ReportAnswer) => {
      cancel();
      signal.removeEventListener("abort", stop);
      resolve(answer);
      void worker.terminate();
    };
    const stop = () => end({ type: "failed", reason: "the program ends" });
    const cancel = clock.after(deadlineMs, () => end({ type: "failed", reason: "it took longer than a minute" }));
    signal.addEventListener("abort", stop, { once: true });
    worker.on("message", (answer: ReportAnswer) => end(answer));
    worker.on("error", (error) =>
      end({ type: "failed", reason: error instanceof Error ? error.message : String(error) }),
    );
    worker.on("exit", () => end({ type: "failed", reason: "its thread ended" }));
  });
}

/** The compiler rewrites imports, but not this: run from the sources the worker is TypeScript too. */
function workerFile(): URL {
  return new URL(import.meta.url.endsWith(".ts") ? "./worker.ts" : "./worker.js", import.meta.url);
}

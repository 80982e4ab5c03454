import type { Clock } from "../lib/clock.ts";
import { StoreError, storeAdvice } from "./errors.ts";
import type { Answers, Query, Reply, Request } from "./protocol.ts";

type Answer = Answers[Query["kind"]];

/** Questions to the worker that wait for their answers. */
export interface Desk {
  open(post: (request: Request) => void): void;
  /** The worker is gone: all that wait are told so. */
  lose(): void;
  ask(query: Query): Promise<Answer>;
  hear(reply: Extract<Reply, { type: "answer" | "unanswered" }>): void;
}

interface Waiting {
  readonly resolve: (value: Answer) => void;
  readonly reject: (error: StoreError) => void;
}

const deadlineMs = 15_000;

export function createDesk(clock: Clock, file: string): Desk {
  const waiting = new Map<number, Waiting>();
  const gone = () => new StoreError("worker", storeAdvice("worker", file));
  let post: ((request: Request) => void) | undefined;
  let seq = 0;
  return {
    open: (opened) => {
      post = opened;
    },
    lose: () => {
      post = undefined;
      for (const { reject } of [...waiting.values()]) reject(gone());
    },
    ask: (query) =>
      new Promise((resolve, reject) => {
        if (post === undefined) return reject(gone());
        seq += 1;
        const own = seq;
        const leave = () => {
          waiting.delete(own);
          cancel();
        };
        const late = () => waiting.get(own)?.reject(new StoreError("timeout", storeAdvice("timeout", file)));
        const cancel = clock.after(deadlineMs, late);
        waiting.set(own, {
          resolve: (value) => {
            leave();
            resolve(value);
          },
          reject: (error) => {
            leave();
            reject(error);
          },
        });
        post({ type: "query", seq: own, query });
      }),
    hear: (reply) => {
      if (reply.type === "answer") waiting.get(reply.seq)?.resolve(reply.value);
      else waiting.get(reply.seq)?.reject(new StoreError(reply.code, reply.message));
    },
  };
}

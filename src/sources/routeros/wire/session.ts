import type { Socket } from "node:net";
import { type Deadline, type Limits, withDeadline } from "../../../lib/deadline.ts";
import type { TextCodec } from "../code-page.ts";
import { type AnswerLimits, type CommandAnswer, SafeChannel } from "./channel.ts";
import { type ConnectorParts, SafeConnector } from "./connector.ts";
import { WireFailure } from "./failure.ts";
import type { Word } from "./words.ts";

/** An open connection. Commands may run side by side. */
export interface Session {
  /** False once the connection is lost or closed. */
  readonly alive: boolean;
  /**
   * Rejects with a `WireFailure`. When its time is up the connection ends with it: a router that hangs is met anew. When
   * the caller stops it, the router is told, and what still comes is dropped.
   */
  run(words: readonly Word[], limits: Limits): Promise<CommandAnswer>;
  close(): void;
}

/** Far beyond what a home's router has, and far below what would hurt. */
const bounds: ConnectorParts["limits"] & AnswerLimits = {
  wordBytes: 1_048_576,
  sentenceBytes: 4_194_304,
  sentenceWords: 10_000,
  strayBytes: 67_108_864,
  rows: 50_000,
  size: 16_777_216,
};

/** On a socket that is open and trusted. Nobody is logged in yet. */
export function startSession(socket: Socket, codec: TextCodec): Session {
  const waiting = new Set<(failure: unknown) => void>();
  let over: { readonly failure: unknown } | undefined;
  let tags = 0;
  const connector = new SafeConnector({
    socket,
    codec,
    limits: bounds,
    lost: (failure) => {
      over = { failure };
      for (const fail of [...waiting]) fail(failure);
    },
  });
  connector.connect();

  const nextTag = () => {
    tags += 1;
    return String(tags);
  };
  const openChannel = (settle: { answered(answer: CommandAnswer): void; failed(failure: WireFailure): void }) =>
    new SafeChannel(connector, { tag: nextTag(), limits: bounds, ...settle });

  const ask = (words: readonly Word[], deadline: Deadline) =>
    new Promise<CommandAnswer>((resolve, reject) => {
      if (over !== undefined) return reject(over.failure);
      if (deadline.signal.aborted) return reject(new WireFailure("aborted", ""));
      const settled = () => {
        waiting.delete(fail);
        deadline.signal.removeEventListener("abort", stop);
      };
      const fail = (failure: unknown) => {
        settled();
        reject(failure);
      };
      const stop = () => {
        // A router that said nothing at all since may be gone: nothing is to be had of this connection either way.
        if (deadline.expired() || connector.receivedBytes === receivedBefore)
          return connector.fail(new WireFailure(deadline.expired() ? "timeout" : "aborted", ""));
        channel.close();
        cancel(channel.id);
        fail(new WireFailure("aborted", ""));
      };
      const channel = openChannel({
        answered: (answer) => {
          settled();
          resolve(answer);
        },
        failed: (failure) => connector.fail(failure),
      });
      const receivedBefore = connector.receivedBytes;
      waiting.add(fail);
      deadline.signal.addEventListener("abort", stop, { once: true });
      channel.write([...words], false, false);
    });

  const cancel = (tag: string) => {
    const ignored = { answered: () => undefined, failed: (failure: WireFailure) => connector.fail(failure) };
    openChannel(ignored).write(["/cancel", `=tag=${tag}`], false, false);
  };

  return {
    get alive() {
      return over === undefined;
    },
    run: (words, limits) => withDeadline(limits, (deadline) => ask(words, deadline)),
    close: () => connector.fail(new WireFailure("ended", "")),
  };
}

import type { Topic } from "../../entities/topics.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Connection, Message } from "./connection.ts";

/** What is on its way to the broker, retained. */
export interface Outbox {
  put(message: Message): void;
  /** True once for each topic that we cleared ourselves not long ago: what comes back of it is no news. */
  isOwnClearing(topic: Topic): boolean;
}

const inFlight = 200;
/** An echo that takes longer was lost. */
const echoWithinMs = 10_000;

/** Sends in order with a bounded number under way; of one topic only the newest message waits. `echoes`: we hear it too. */
export function createOutbox(
  connection: Connection,
  { clock, echoes }: { readonly clock: Clock; readonly echoes: (topic: Topic) => boolean },
): Outbox {
  const waiting = new Map<Topic, string>();
  const cleared = new Map<Topic, number>();
  let under = 0;
  const next = () => {
    for (const [topic, payload] of waiting) {
      if (under >= inFlight) return;
      waiting.delete(topic);
      under += 1;
      void send({ topic, payload });
    }
  };
  const send = async (message: Message) => {
    if (message.payload === "" && echoes(message.topic)) cleared.set(message.topic, clock.monotonic());
    await connection.publish(message, true);
    under -= 1;
    next();
  };
  return {
    put: ({ topic, payload }) => {
      waiting.set(topic, payload);
      next();
    },
    isOwnClearing: (topic) => {
      const at = cleared.get(topic);
      cleared.delete(topic);
      return at !== undefined && clock.monotonic() - at < echoWithinMs;
    },
  };
}

import type { Topic, TopicNames } from "../../entities/topics.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Connection, Message } from "./connection.ts";

/** What the broker holds of us, as far as it has told. */
export interface Learning {
  readonly held: Map<Topic, string>;
  isDone(): boolean;
  received(message: Message): void;
}

const quietMs = 300;
const limitMs = 5_000;

/** Subscribes to all that is ours; `done` is called once the broker has been silent for a moment. */
export function learnHeld(
  parts: {
    readonly connection: Connection;
    readonly names: TopicNames;
    readonly clock: Clock;
    readonly signal: AbortSignal;
  },
  done: () => void,
): Learning {
  const { connection, names, clock, signal } = parts;
  const held = new Map<Topic, string>();
  let isDone = false;
  let lastMessageAt = clock.monotonic();

  const learn = async () => {
    const sources = [names.anyDiscovery, ...names.anyOwn];
    if (!(await connection.subscribe([...sources, names.commands, names.birth]))) return;
    const began = clock.monotonic();
    while (!signal.aborted && clock.monotonic() - lastMessageAt < quietMs && clock.monotonic() - began < limitMs) {
      await clock.sleep(50, signal);
    }
    if (signal.aborted) return;
    connection.unsubscribe(names.anyOwn);
    isDone = true;
    done();
  };
  void learn();

  return {
    held,
    isDone: () => isDone,
    received: ({ topic, payload }) => {
      if (!names.isOwnDiscovery(topic) && !names.isOwnState(topic)) return;
      lastMessageAt = clock.monotonic();
      if (payload !== "") held.set(topic, payload);
    },
  };
}

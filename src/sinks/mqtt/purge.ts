import type { TopicNames } from "../../entities/topics.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Log } from "../../lib/log.ts";
import { type MqttOptions, openConnection } from "./connection.ts";

const connectMs = 10_000;
const quietMs = 500;

/** Clears every retained topic of the site; the number of topics, or `undefined` when the broker can't be reached. */
export async function purge(parts: {
  readonly options: Omit<MqttOptions, "will">;
  readonly names: TopicNames;
  readonly log: Log;
  readonly clock: Clock;
}): Promise<number | undefined> {
  const { names, clock, log } = parts;
  const found = new Set<string>();
  let newestAt = clock.monotonic();
  const will = { topic: names.status, payload: "" };
  const connection = openConnection(
    { ...parts.options, will },
    {
      connected: () => {},
      lost: () => {},
      message: ({ topic, payload }) => {
        newestAt = clock.monotonic();
        if (payload !== "" && (topic === names.status || names.isOwnDiscovery(topic) || names.isOwnState(topic)))
          found.add(topic);
      },
    },
    { log, clock },
  );
  const started = clock.monotonic();
  while (!connection.isConnected() && clock.monotonic() - started < connectMs) await clock.sleep(50);
  try {
    if (!(await connection.subscribe([names.anyDiscovery, ...names.anyOwn, names.status]))) return undefined;
    newestAt = clock.monotonic();
    while (clock.monotonic() - newestAt < quietMs) await clock.sleep(50);
    for (const topic of found) await connection.publish({ topic, payload: "" }, true);
    return found.size;
  } finally {
    await connection.close();
  }
}

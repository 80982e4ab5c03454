import { brokerOptions } from "../broker-options.ts";
import type { LoadedConfig } from "../config/load.ts";
import { topicNames } from "../entities/topics.ts";
import { systemClock } from "../lib/clock.ts";
import { createLog } from "../lib/log.ts";
import { purge } from "../sinks/mqtt/purge.ts";
import type { Surroundings } from "./surroundings.ts";

/** `netwarden mqtt purge`: gives the exit code. */
export async function purgeCommand(loaded: LoadedConfig, world: Surroundings): Promise<number> {
  const { config } = loaded;
  if (config.mqtt.url === "") {
    world.err("there is no broker to clear: set mqtt.url (the embedded broker forgets everything by itself)\n");
    return 2;
  }
  const names = topicNames({
    site: config.site,
    base: config.mqtt.base_topic,
    prefix: config.mqtt.discovery_prefix,
    version: world.version,
  });
  const options = await brokerOptions(config, { dataDir: "purge" });
  const log = createLog("error", { write: world.err }, loaded.secrets);
  const removed = await purge({ options, names, log, clock: systemClock });
  if (removed === undefined) {
    world.err("the broker could not be reached: nothing was removed\n");
    return 3;
  }
  world.out(`removed ${removed} topics of site ${config.site}\n`);
  return 0;
}

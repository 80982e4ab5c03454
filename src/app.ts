import { join, resolve } from "node:path";
import { brokerOptions } from "./broker-options.ts";
import type { Surroundings } from "./cli/surroundings.ts";
import { type LoadedConfig, wantsEmbeddedBroker } from "./config/load.ts";
import { settingsOf } from "./config/settings.ts";
import { announce, type Found } from "./greeting.ts";
import { parseMemory } from "./history/memory.ts";
import { openHistory } from "./history/open-or-none.ts";
import type { Store } from "./history/store.ts";
import { localDay, systemClock } from "./lib/clock.ts";
import { createLog, type Log } from "./lib/log.ts";
import { readableOutput } from "./lib/readable-log.ts";
import { remember } from "./model/memory.ts";
import { createModel } from "./model/model.ts";
import type { Command } from "./model/types.ts";
import { createMonitor, type Monitor } from "./monitor.ts";
import { detectIcmp } from "./probes/icmp/detect.ts";
import { openIcmp } from "./probes/icmp/open.ts";
import { createLinkReader } from "./probes/link.ts";
import { openProbes } from "./probes/registry.ts";
import { runProbes } from "./probes/run.ts";
import { createNetlogSink } from "./sinks/evidence/netlog.ts";
import { createHistorySink } from "./sinks/history.ts";
import { createLogSink } from "./sinks/log.ts";
import { type EmbeddedBroker, startBroker } from "./sinks/mqtt/broker.ts";
import { createMqttSink } from "./sinks/mqtt/sink.ts";
import type { Sink } from "./sinks/sink.ts";
import { runTick } from "./tick.ts";
import { ingressHost } from "./web/ingress.ts";
import { startWeb, type Web, WebError } from "./web/server.ts";

/** What one run of the monitor is started with. */
export interface AppOptions {
  readonly world: Surroundings;
  readonly loaded: LoadedConfig;
  readonly dataDir: string;
  readonly verbose: boolean;
}

const clock = systemClock;
const brokerPort = 1_883;
/** Nobody asked for it by name: where it is taken, the next free one will do. */
const usualPort = 8_099;

/** Monitors until the world's signal aborts; resolves with the exit code when every part has ended. */
export async function runApp(options: AppOptions): Promise<number> {
  const { world, loaded } = options;
  const { config } = loaded;
  const output = { write: world.err };
  const level = options.verbose ? "debug" : config.log_level;
  const log = createLog(level, world.isTerminal ? readableOutput(output) : output, loaded.secrets);
  for (const warning of loaded.warnings) log.warn(warning);
  const dataDir = resolve(world.cwd, options.dataDir);

  const readLink = createLinkReader({ gateway: config.gateway });
  const [detected, link, store] = await Promise.all([
    detectIcmp({ clock, signal: world.signal }),
    readLink(),
    openHistory({ dataDir, clock, log, retentionDays: config.history.retention_days }),
  ]);
  const monitor = createMonitor({ model: await firstModel(loaded, store), clock, log, fatal: world.die });
  monitor.emit({ type: "link", at: clock.now(), facts: link });
  const command = (given: Command) => monitor.emit({ type: "command", at: clock.now(), command: given });

  const stopWeb = new AbortController();
  const web = await page(options, { monitor, store, log, command, signal: stopWeb.signal });
  if (web instanceof WebError) {
    world.err(`${web.message}\n`);
    await store?.close();
    return 2;
  }
  const sinks: Sink[] = [createLogSink(log)];
  if (store !== undefined) sinks.push(createHistorySink({ store, clock }));
  sinks.push(netlogSink(options, { dataDir, log }));
  const broker = wantsEmbeddedBroker(config) ? await embeddedBroker(log) : undefined;
  sinks.push(...(await mqttSinks(options, { broker, dataDir, log, command })));
  for (const sink of sinks) monitor.add(sink.push);
  monitor.add(web.push);
  const found: Found = { link, engine: detected.engine, problems: detected.problems, broker, web: web.url, dataDir };
  announce(found, { config, say: world.out, source: loaded.source });

  const stopSinks = new AbortController();
  const sinksDone = Promise.all(sinks.map((sink) => sink.run(stopSinks.signal)));
  const probes = openProbes({ clock });
  const icmp = openIcmp(detected.engine, { clock, log, tcp: probes.tcp });
  const { emit, plan } = monitor;
  await Promise.all([
    runTick({ clock, emit, schedule: config.schedule.active }, world.signal),
    runProbes({ plan, emit, clock, log, probes, icmp, link: readLink }, world.signal),
  ]);
  monitor.stop();
  stopSinks.abort();
  stopWeb.abort();
  await Promise.all([sinksDone, web.closed]);
  await broker?.close();
  return 0;
}

async function firstModel({ config }: LoadedConfig, store: Store | undefined) {
  const now = clock.now();
  const model = createModel(settingsOf(config), now);
  const memory = parseMemory(await store?.loadMemory().catch(() => undefined));
  return memory === undefined ? model : remember(model, memory, localDay(now));
}

function netlogSink({ loaded: { config } }: AppOptions, { dataDir, log }: { dataDir: string; log: Log }): Sink {
  const { dir, max_mb: maxMb } = config.evidence;
  const fallbackDir = join(dataDir, "evidence");
  return createNetlogSink({ dir: resolve(dataDir, dir), fallbackDir, maxBytes: maxMb * 1_000_000, clock, log });
}

/** Without any port to be had, the monitor goes on without a broker of its own. */
async function embeddedBroker(log: Log): Promise<EmbeddedBroker | undefined> {
  try {
    return await startBroker(brokerPort);
  } catch (error) {
    log.error("the embedded broker can't listen: set mqtt.url to use another one", { error });
    return undefined;
  }
}

interface MqttNeeds {
  readonly broker: EmbeddedBroker | undefined;
  readonly dataDir: string;
  readonly log: Log;
  readonly command: (command: Command) => void;
}

async function mqttSinks({ loaded, world }: AppOptions, { broker, dataDir, log, command }: MqttNeeds): Promise<Sink[]> {
  const { mqtt, site } = loaded.config;
  if (broker === undefined && mqtt.url === "") return [];
  const install = { dataDir, ...(broker === undefined ? {} : { embeddedUrl: broker.url }) };
  return [
    createMqttSink({
      broker: await brokerOptions(loaded.config, install),
      site,
      baseTopic: mqtt.base_topic,
      discoveryPrefix: mqtt.discovery_prefix,
      version: world.version,
      publishIntervalMs: mqtt.publish_interval * 1_000,
      clock,
      log,
      command,
    }),
  ];
}

interface PageNeeds {
  readonly monitor: Monitor;
  readonly store: Store | undefined;
  readonly log: Log;
  readonly command: (command: Command) => void;
  readonly signal: AbortSignal;
}

/** The web server, or why there is none: a port that the user named and that is taken ends the start. */
async function page({ loaded, world }: AppOptions, needs: PageNeeds): Promise<Web | WebError> {
  const { web } = loaded.config;
  const none = { outages: async () => [], samples: async () => [] };
  try {
    return await startWeb(
      {
        host: loaded.inApp ? ingressHost() : web.host,
        port: web.port,
        portFallback: !loaded.inApp && web.port === usualPort,
        password: web.password,
        version: world.version,
        clock,
        log: needs.log,
        history: needs.store ?? none,
        uiDir: world.uiDir,
        ingress: loaded.inApp,
        view: needs.monitor.view,
        command: needs.command,
      },
      needs.signal,
    );
  } catch (error) {
    if (error instanceof WebError) return error;
    throw error;
  }
}

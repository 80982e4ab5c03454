import { resolve } from "node:path";
import type { Surroundings } from "./cli/surroundings.ts";
import { type LoadedConfig, wantsEmbeddedBroker } from "./config/load.ts";
import { settingsOf } from "./config/settings.ts";
import { discoveryJob, pathHosts } from "./discovery-job.ts";
import { announce, type Found } from "./greeting.ts";
import { parseDevice } from "./history/devices.ts";
import { parseMemory } from "./history/memory.ts";
import { openHistory } from "./history/open-or-none.ts";
import type { Store } from "./history/store.ts";
import { sourcesOf } from "./inputs.ts";
import { createJobs, type JobTable } from "./jobs.ts";
import { localDay, msSinceBoot, systemClock } from "./lib/clock.ts";
import { createLog, type Log } from "./lib/log.ts";
import { readableOutput } from "./lib/readable-log.ts";
import { loadVendors } from "./lib/vendors.ts";
import { remember } from "./model/memory.ts";
import { createModel } from "./model/model.ts";
import type { Command } from "./model/types.ts";
import { createMonitor, type Monitor } from "./monitor.ts";
import { openReports, openSinks } from "./outputs.ts";
import { detectIcmp } from "./probes/icmp/detect.ts";
import { openIcmp } from "./probes/icmp/open.ts";
import { createLinkReader } from "./probes/link.ts";
import { detectPathTools } from "./probes/path/detect.ts";
import { openTracer } from "./probes/path/open.ts";
import type { Trace } from "./probes/path/trace.ts";
import { openProbes } from "./probes/registry.ts";
import { runProbes } from "./probes/run.ts";
import { createRunToken, writeRunFile } from "./run-file.ts";
import { type EmbeddedBroker, startBroker } from "./sinks/mqtt/broker.ts";
import type { ReportReader } from "./sinks/reports.ts";
import { runSources } from "./sources/run.ts";
import { runTick } from "./tick.ts";
import { ingressHost } from "./web/ingress.ts";
import { noHistory } from "./web/routes.ts";
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
  const [detected, pathProblems, link, store, vendors] = await Promise.all([
    detectIcmp({ clock, signal: world.signal }),
    detectPathTools({ clock, signal: world.signal }),
    readLink(),
    openHistory({ dataDir, clock, log, retentionDays: config.history.retention_days }),
    loadVendors(world.vendorsFile),
  ]);
  if (vendors.problem !== undefined) log.warn("makers of network cards are not named", { reason: vendors.problem });
  const { vendorOf } = vendors;
  const { model, stored } = await firstModel(loaded, store);
  const monitor = createMonitor({ model, clock, log, fatal: world.die, vendorOf });
  monitor.emit({ type: "link", at: clock.now(), facts: link });
  const trace = openTracer({ clock });
  const jobs = createJobs({ table: jobTable(config, trace), clock, log, emit: monitor.emit, signal: world.signal });
  const command = (given: Command) => {
    monitor.emit({ type: "command", at: clock.now(), command: given });
    jobs.start(given);
  };

  const stopWeb = new AbortController();
  const token = createRunToken();
  const reports =
    store === undefined ? undefined : openReports(loaded, { clock, log, dataDir, emit: monitor.emit }, world);
  const pageNeeds = { monitor, store, reports, log, command, localToken: token, signal: stopWeb.signal };
  const web = await page(options, pageNeeds);
  if (web instanceof WebError) {
    world.err(`${web.message}\n`);
    await store?.close();
    return 2;
  }
  const forget = await writeRunFile(dataDir, { pid: world.pid, url: web.url, token }, log);
  const broker = wantsEmbeddedBroker(config) ? await embeddedBroker(log) : undefined;
  const outputs = await openSinks(loaded, { clock, log, dataDir, store, stored, broker, command }, world);
  const sinks = reports === undefined ? outputs : [...outputs, reports];
  for (const sink of sinks) monitor.add(sink.push);
  monitor.add(web.push);
  const found: Found = {
    link,
    engine: detected.engine,
    problems: [...detected.problems, ...pathProblems],
    broker,
    web: web.url,
    dataDir,
  };
  announce(found, { config, say: world.out, source: loaded.source });

  const stopSinks = new AbortController();
  const sinksDone = Promise.all(sinks.map((sink) => sink.run(stopSinks.signal)));
  const probes = openProbes({ clock });
  const icmp = openIcmp(detected.engine, { clock, log, tcp: probes.tcp });
  const { emit, plan } = monitor;
  const gateway = () => monitor.view().gatewayIp;
  await Promise.all([
    runTick({ clock, emit, schedule: config.schedule.active }, world.signal),
    runProbes({ plan, emit, clock, log, probes, icmp, link: readLink, trace }, world.signal),
    runSources({ clock, log, emit, sources: sourcesOf(loaded, { clock, log }, gateway) }, world.signal),
  ]);
  await forget();
  await jobs.settled();
  monitor.stop();
  stopSinks.abort();
  stopWeb.abort();
  await Promise.all([sinksDone, web.closed]);
  await broker?.close();
  return 0;
}

/** What commands may ask for that takes longer. */
function jobTable(config: LoadedConfig["config"], trace: Trace): JobTable {
  return {
    discover_hops: (_, signal) => discoveryJob({ trace, clock, hosts: pathHosts(config) }, signal),
  };
}

async function firstModel({ config }: LoadedConfig, store: Store | undefined) {
  const now = clock.now();
  const model = createModel(settingsOf(config), now);
  if (store === undefined) return { model, stored: [] };
  const memory = parseMemory(await store.loadMemory().catch(() => undefined));
  const devices = (await store.loadDevices().catch(() => [])).flatMap((row) => parseDevice(row) ?? []);
  const left = {
    ...(memory === undefined ? {} : { memory }),
    devices,
    day: localDay(now),
    bootAt: now - msSinceBoot(),
  };
  return { model: remember(model, left), stored: devices.map(({ id }) => id) };
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

interface PageNeeds {
  readonly monitor: Monitor;
  readonly store: Store | undefined;
  readonly reports: ReportReader | undefined;
  readonly log: Log;
  readonly command: (command: Command) => void;
  readonly localToken: string;
  readonly signal: AbortSignal;
}

/** The web server, or why there is none: a port that the user named and that is taken ends the start. */
async function page({ loaded, world }: AppOptions, needs: PageNeeds): Promise<Web | WebError> {
  const { web } = loaded.config;
  try {
    return await startWeb(
      {
        host: loaded.inApp ? ingressHost() : web.host,
        port: web.port,
        portFallback: !loaded.inApp && web.port === usualPort,
        password: web.password,
        localToken: needs.localToken,
        version: world.version,
        clock,
        log: needs.log,
        history: needs.store ?? noHistory,
        ...(needs.reports === undefined ? {} : { reports: needs.reports }),
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

import { dirname, join, resolve } from "node:path";
import { brokerOptions } from "./broker-options.ts";
import type { Surroundings } from "./cli/surroundings.ts";
import type { LoadedConfig } from "./config/load.ts";
import type { Store } from "./history/store.ts";
import type { Clock } from "./lib/clock.ts";
import type { Log } from "./lib/log.ts";
import type { Command } from "./model/types.ts";
import type { Monitor } from "./monitor.ts";
import { makeReport } from "./reports/make-report.ts";
import { createShelf } from "./reports/shelf.ts";
import { createCommandSink } from "./sinks/alerter/command.ts";
import { createWebhookSink } from "./sinks/alerter/webhook.ts";
import { createEventLogSink } from "./sinks/evidence/event-log.ts";
import { createMacupdLogSink } from "./sinks/evidence/macupd-logs.ts";
import { createMtrLogSink } from "./sinks/evidence/mtr-log.ts";
import { createNetlogSink } from "./sinks/evidence/netlog.ts";
import { createWanDiagSink } from "./sinks/evidence/wan-diag.ts";
import { createHistorySink } from "./sinks/history.ts";
import { createLogSink } from "./sinks/log.ts";
import type { EmbeddedBroker } from "./sinks/mqtt/broker.ts";
import { createMqttSink } from "./sinks/mqtt/sink.ts";
import { createReportSink, type ReportReader } from "./sinks/reports.ts";
import type { Sink } from "./sinks/sink.ts";

/** What the sinks need beside the configuration. */
export interface OutputParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly dataDir: string;
  readonly store: Store | undefined;
  /** Ids of the devices that the store had at the start. */
  readonly stored: readonly string[];
  readonly broker: EmbeddedBroker | undefined;
  readonly command: (command: Command) => void;
}

/** Everything that makes the world match the view, as configured. */
export async function openSinks(
  { config }: LoadedConfig,
  parts: OutputParts,
  world: Pick<Surroundings, "version">,
): Promise<readonly Sink[]> {
  const { clock, log, store } = parts;
  const { webhook: url, command } = config.alerts;
  const evidence = evidencePlace({ config }, parts);
  return [
    createLogSink(log, { notes: config.experimental }),
    ...(store === undefined ? [] : [createHistorySink({ store, clock, storedDevices: parts.stored })]),
    createNetlogSink(evidence),
    createMtrLogSink(evidence),
    createWanDiagSink(evidence),
    ...(config.evidence.event_log ? [createEventLogSink(evidence)] : []),
    ...(config.macupd.enabled ? [createMacupdLogSink({ ...evidence, maxLogs: config.evidence.max_logs })] : []),
    ...(url === "" ? [] : [createWebhookSink({ url, clock, log })]),
    ...(command.length === 0 ? [] : [createCommandSink({ command, clock, log })]),
    ...(await mqttSinks(config, parts, world)),
  ];
}

/** Outage reports of the history in the data folder. */
export function openReports(
  { config, inApp }: Pick<LoadedConfig, "config" | "inApp">,
  { clock, log, dataDir, emit }: Pick<OutputParts, "clock" | "log" | "dataDir"> & Pick<Monitor, "emit">,
  { version }: Pick<Surroundings, "version">,
): Sink & ReportReader {
  const database = join(dataDir, "netwarden.db");
  // In the app people get at the folder that the evidence lies in, not at the data.
  const besideEvidence = dirname(resolve(dataDir, config.evidence.dir));
  return createReportSink({
    make: (span, signal) => makeReport({ database, span, maker: { version, at: clock.now() } }, { clock, signal }),
    shelf: createShelf(join(inApp ? besideEvidence : dataDir, "reports")),
    emit,
    clock,
    log,
    afterOutage: config.analyze_on_outage,
  });
}

/** Where evidence goes and how much of it is kept, as configured. */
export function evidencePlace(
  { config }: Pick<LoadedConfig, "config">,
  { dataDir, clock, log }: Pick<OutputParts, "dataDir" | "clock" | "log">,
) {
  return {
    dir: resolve(dataDir, config.evidence.dir),
    fallbackDir: join(dataDir, "evidence"),
    maxBytes: config.evidence.max_mb * 1_000_000,
    clock,
    log,
  };
}

async function mqttSinks(
  config: LoadedConfig["config"],
  { broker, dataDir, clock, log, command }: OutputParts,
  { version }: Pick<Surroundings, "version">,
): Promise<readonly Sink[]> {
  const { mqtt, site, entities } = config;
  if (broker === undefined && mqtt.url === "") return [];
  const install = { dataDir, ...(broker === undefined ? {} : { embeddedUrl: broker.url }) };
  return [
    createMqttSink({
      broker: await brokerOptions(config, install),
      site,
      baseTopic: mqtt.base_topic,
      discoveryPrefix: mqtt.discovery_prefix,
      version,
      publishIntervalMs: mqtt.publish_interval * 1_000,
      clientTier: entities.clients,
      clock,
      log,
      command,
    }),
  ];
}

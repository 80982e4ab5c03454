import { z } from "zod";
import {
  between,
  brokerUrl,
  filledText,
  host,
  isLoopback,
  optionalWebUrl,
  port,
  text,
  topicPrefix,
  wholeBetween,
} from "./values.ts";

const secret = (description: string) => text.default("").meta({ description, writeOnly: true });

/** Where the results go. */
export const reporting = {
  push: z
    .strictObject({
      url: optionalWebUrl.default("").describe("Address to send snapshots to; empty is off."),
      api_key: secret("Key that is sent with each snapshot."),
      server_id: text.default("").describe("Name under which this installation reports."),
      interval: between(1, 86_400).default(5).describe("Seconds between two snapshots."),
      spool_mb: wholeBetween(1, 10_000).default(64).describe("Megabytes kept on disk while the receiver is away."),
    })
    .prefault({})
    .describe("Snapshots sent by HTTP."),
  mqtt: z
    .strictObject({
      url: brokerUrl
        .default("")
        .describe(
          "Broker: mqtt://, mqtts://, ws:// or wss://host[:port]. Empty: the embedded broker, in the app Home Assistant's.",
        ),
      username: text.default("").describe("User name at the broker."),
      password: secret("Password at the broker."),
      ca: text.default("").describe("File of the certificate authority that signed the broker's certificate."),
      cert: text.default("").describe("File of the own certificate."),
      key: text.default("").describe("File of the own certificate's key."),
      insecure: z.boolean().default(false).describe("Accept any certificate of the broker."),
      discovery_prefix: topicPrefix.default("homeassistant").describe("Home Assistant's discovery prefix."),
      base_topic: topicPrefix.default("netwarden").describe("Topic below which everything is published."),
      protocol: z
        .literal([4, 5])
        .default(5)
        .describe("5: MQTT 5, or 3.1.1 where the broker knows only that; 4: 3.1.1."),
      publish_interval: between(1, 3_600)
        .default(30)
        .describe("Seconds between two publications of numbers; states are published at once."),
    })
    .prefault({})
    .describe("MQTT, and so Home Assistant."),
  embedded_broker: z
    .union([z.literal("auto"), z.boolean()], { error: "must be one of auto, true, false" })
    .default("auto")
    .describe("Run a broker of its own. auto: when mqtt.url is empty. Never in the Home Assistant app."),
  web: z
    .strictObject({
      host: host
        .default("127.0.0.1")
        .describe("Address that the web page is served on. Beyond this machine it needs a password."),
      port: port.default(8099).describe("Port of the web page."),
      password: secret("Password of the web page."),
    })
    .superRefine(
      (web: unknown, context) => {
        if (isOpenToOthers(web)) {
          const message = "others would reach the page: set web.password, or use 127.0.0.1";
          context.addIssue({ code: "custom", path: ["host"], message });
        }
      },
      { when: () => true },
    )
    .prefault({})
    .describe("The web page."),
  metrics: z
    .strictObject({ enabled: z.boolean().default(false).describe("Serve /metrics for Prometheus on the web port.") })
    .prefault({})
    .describe("Prometheus."),
  history: z
    .strictObject({
      retention_days: wholeBetween(1, 36_500)
        .default(400)
        .describe("Days that outages, events and hourly figures are kept."),
    })
    .prefault({})
    .describe("History."),
  evidence: z
    .strictObject({
      dir: filledText
        .default("evidence")
        .describe("Directory of the log files; a relative one lies in the data directory."),
      max_logs: wholeBetween(1, 100_000).default(31).describe("Most log files of a kind that are kept."),
      max_mb: wholeBetween(1, 1_000_000).default(500).describe("Most megabytes that are kept; the oldest go first."),
      event_log: z.boolean().default(true).describe("Write a log file of events for each day."),
    })
    .prefault({})
    .describe("Log files for people and for other programs."),
  entities: z
    .strictObject({
      clients: z
        .enum(["none", "tracker", "full"])
        .default("tracker")
        .describe("Home Assistant entities a client gets: none, presence only (tracker), or also its figures (full)."),
      forget_after_days: wholeBetween(1, 36_500)
        .default(30)
        .describe("Days after which a client that stays away loses its entities."),
    })
    .prefault({})
    .describe("Entities in Home Assistant."),
};

function isOpenToOthers(web: unknown): boolean {
  if (typeof web !== "object" || web === null) return false;
  const { host: address, password } = web as { readonly host?: unknown; readonly password?: unknown };
  return typeof address === "string" && address !== "" && !isLoopback(address) && password === "";
}

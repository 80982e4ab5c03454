import mqtt, { type MqttClient } from "mqtt";
import { systemClock } from "../../../src/lib/clock.ts";
import type { Log } from "../../../src/lib/log.ts";
import type { Command } from "../../../src/model/types.ts";
import type { DomainEvent, TargetView, View } from "../../../src/model/view.ts";
import { createMqttSink, type MqttSinkParts } from "../../../src/sinks/mqtt/sink.ts";
import type { Sink } from "../../../src/sinks/sink.ts";
import { exampleView } from "../../fakes/example-view.ts";

export function target(slug: string, more: Partial<TargetView> = {}): TargetView {
  return { slug, name: slug, host: "192.0.2.1", reachable: true, tcp: true, rttMs: 12.3, lossPercent: 0, ...more };
}

/** A view in which all is well; `more` replaces parts of it. */
export function sampleView(more: Partial<View> = {}): View {
  const view = exampleView();
  return {
    ...view,
    at: Date.UTC(2026, 10, 21, 12),
    verdict: {
      ...view.verdict,
      since: Date.UTC(2026, 10, 21, 11),
      evidence: [{ layer: "gateway", result: "ok", detail: "1 of 1 answer" }],
    },
    gatewayIp: "192.0.2.254",
    quality: { rttMs: 12.3, jitterMs: 1, lossPercent: 0, mos: 4.4 },
    targets: [target("cloudflare"), target("google")],
    resolvers: [{ slug: "router", name: "Router", server: "192.0.2.254", scope: "gateway", ok: true, timeMs: 3 }],
    today: { day: "2026-11-21", cycles: 3, okCycles: 3, upMs: 60_000, downMs: 0, noDataMs: 0, outages: 0 },
    ...more,
  };
}

/** A log that keeps its lines as `level message`. */
export function keepingLog(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  const put = (level: string) => (message: string, fields?: object) => {
    lines.push(`${level} ${message} ${JSON.stringify(fields ?? {})}`);
  };
  return { lines, debug: put("debug"), info: put("info"), warn: put("warn"), error: put("error") };
}

/** A sink on a real broker, and what came of it. */
export interface Running {
  readonly sink: Sink;
  readonly lines: string[];
  readonly commands: Command[];
  show(view: View, events?: readonly DomainEvent[]): void;
  stop(): Promise<void>;
}

export function runSink(
  port: number,
  more: Partial<MqttSinkParts["broker"]> & Partial<Pick<MqttSinkParts, "publishIntervalMs" | "clientTier">> = {},
): Running {
  const { publishIntervalMs = 30_000, clientTier = "tracker", ...broker } = more;
  const log = keepingLog();
  const commands: Command[] = [];
  const sink = createMqttSink({
    broker: {
      url: `mqtt://127.0.0.1:${port}`,
      username: "",
      password: "",
      insecure: false,
      protocol: 5,
      clientId: `netwarden_test_${process.pid}_${Math.round(Math.random() * 1e9)}`,
      ...broker,
    },
    site: "home",
    baseTopic: "netwarden",
    discoveryPrefix: "homeassistant",
    version: "0.1.0",
    publishIntervalMs,
    clientTier,
    clock: systemClock,
    log,
    command: (command) => commands.push(command),
  });
  const stopping = new AbortController();
  const ended = sink.run(stopping.signal);
  return {
    sink,
    lines: log.lines,
    commands,
    show: (view, events = []) => sink.push({ view, events, observations: [], devices: new Map() }),
    stop: async () => {
      stopping.abort();
      await ended;
    },
  };
}

/** A subscriber beside the sink: everything the broker holds and what comes live, in order. */
export async function watch(port: number, topics: string[] = ["#"]) {
  const client: MqttClient = mqtt.connect(`mqtt://127.0.0.1:${port}`, { protocolVersion: 4, reconnectPeriod: 100 });
  client.on("error", () => {});
  const held = new Map<string, string>();
  const messages: { topic: string; payload: string; retain: boolean }[] = [];
  client.on("message", (topic, payload, packet) => {
    messages.push({ topic, payload: payload.toString(), retain: packet.retain });
    if (payload.length === 0) held.delete(topic);
    else held.set(topic, payload.toString());
  });
  await new Promise<void>((resolve) => client.once("connect", () => resolve()));
  await client.subscribeAsync(topics, { qos: 0 });
  const components = (topic: string) =>
    (JSON.parse(held.get(topic) ?? '{"components":{}}') as { components: Record<string, object> }).components;
  return {
    held,
    messages,
    components,
    json: (topic: string) => JSON.parse(held.get(topic) ?? "null") as Record<string, unknown> | null,
    send: (topic: string, payload: string, retain = false) => client.publishAsync(topic, payload, { qos: 1, retain }),
    close: () => client.endAsync(true),
  };
}

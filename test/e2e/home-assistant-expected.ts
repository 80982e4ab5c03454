import { verdicts } from "../../src/model/diagnosis/verdicts.ts";

/** What Home Assistant should show of one entity. `undefined`: it has no such attribute. */
export interface Expected {
  readonly platform: "sensor" | "binary_sensor" | "event" | "button" | "switch";
  readonly key: string;
  readonly name: string;
  readonly deviceClass?: string;
  readonly unit?: string;
  readonly stateClass?: string;
  readonly category?: "diagnostic" | "config";
  readonly options?: readonly string[];
  /** What it shows while all is well; an entity that is disabled at first has none. */
  readonly state: string | RegExp | "disabled";
}

const number = /^\d+(\.\d+)?$/;

const works = (key: string, name: string): Expected => ({
  platform: "binary_sensor",
  key,
  name,
  deviceClass: "connectivity",
  state: "on",
});
const figure = (key: string, name: string, unit: string): Expected => ({
  platform: "sensor",
  key,
  name,
  unit,
  stateClass: "measurement",
  state: number,
});
const duration = (key: string, name: string): Expected => ({
  ...figure(key, name, "ms"),
  deviceClass: "duration",
});
const choice = (key: string, name: string, of: { options: readonly string[]; state: string }): Expected => ({
  platform: "sensor",
  key,
  name,
  deviceClass: "enum",
  ...of,
});
const counted = (key: string, name: string): Expected => ({
  platform: "sensor",
  key,
  name,
  stateClass: "measurement",
  state: "unknown",
});
const diagnostic = (row: Expected): Expected => ({ ...row, category: "diagnostic" });
const disabled = (row: Expected): Expected => ({ ...row, state: "disabled" });

const resolver = (slug: string, name: string): readonly Expected[] => [
  diagnostic(works(`dns_${slug}`, `DNS ${name}`)),
  disabled(diagnostic(duration(`dns_${slug}_time`, `DNS ${name} time`))),
];

/** The hub's entities in a whole network. */
export const hub: readonly Expected[] = [
  works("internet", "Internet"),
  works("gateway", "Gateway"),
  works("tcp", "TCP"),
  works("http_name", "Web by name"),
  works("http_ip", "Web by address"),
  works("dns", "Name resolution"),
  choice("verdict", "Verdict", { options: Object.keys(verdicts), state: "ok" }),
  choice("severity", "Severity", { options: ["ok", "degraded", "outage", "no_data"], state: "ok" }),
  choice("blame", "Blame", {
    options: ["none", "self", "lan", "wifi", "router", "modem", "isp", "transit", "dns", "account", "remote"],
    state: "none",
  }),
  diagnostic(figure("confidence", "Confidence", "%")),
  diagnostic(
    choice("status", "Status", {
      options: ["OK", "LAN_DOWN", "WAN_DOWN", "DNS_APP_FAIL", "APP_LAYER_FAIL"],
      state: "OK",
    }),
  ),
  diagnostic(choice("hint", "Hint", { options: ["none", "ICMP-only", "Mixed", "DNS", "Transport"], state: "none" })),
  { platform: "sensor", key: "gateway_ip", name: "Gateway IP", category: "diagnostic", state: "192.168.77.1" },
  { platform: "sensor", key: "external_ip", name: "External IP", category: "diagnostic", state: "unknown" },
  duration("round_trip_time", "Round-trip time"),
  duration("jitter", "Jitter"),
  figure("packet_loss", "Packet loss", "%"),
  { platform: "sensor", key: "mos", name: "Mean opinion score", stateClass: "measurement", state: number },
  figure("success_rate_today", "Success rate today", "%"),
  figure("availability_today", "Availability today", "%"),
  { platform: "sensor", key: "outages_today", name: "Outages today", stateClass: "measurement", state: "0" },
  {
    platform: "sensor",
    key: "last_outage_started",
    name: "Last outage started",
    deviceClass: "timestamp",
    state: "unknown",
  },
  {
    platform: "sensor",
    key: "last_outage_duration",
    name: "Last outage duration",
    deviceClass: "duration",
    unit: "s",
    state: "unknown",
  },
  { platform: "binary_sensor", key: "flapping", name: "Flapping", deviceClass: "problem", state: "off" },
  // Nobody can be counted without a router to ask.
  counted("devices_online", "Devices online"),
  counted("unknown_devices", "Unknown devices"),
  { platform: "event", key: "event", name: "Event", state: "unknown" },
  { platform: "button", key: "run_test", name: "Run test", state: "unknown" },
  { platform: "button", key: "trace", name: "Trace", state: "unknown" },
  { platform: "button", key: "analyze", name: "Analyze", state: "unknown" },
  { platform: "button", key: "discover_hops", name: "Discover hops", category: "diagnostic", state: "unknown" },
  { platform: "switch", key: "monitoring", name: "Monitoring", category: "config", state: "on" },
  // The lab's monitor asks its router, so the system's resolver is the router's.
  ...resolver("router", "Router"),
  ...resolver("public", "Public"),
  ...resolver("doh", "DoH"),
];

/** The entities of each target in a whole network. */
export const target: readonly Expected[] = [
  works("reachable", "Reachable"),
  works("tcp", "TCP"),
  duration("round_trip_time", "Round-trip time"),
  disabled(duration("jitter", "Jitter")),
  figure("packet_loss", "Packet loss", "%"),
  disabled({ platform: "sensor", key: "mos", name: "Mean opinion score", stateClass: "measurement", state: number }),
];

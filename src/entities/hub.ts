import { isoTime } from "../lib/clock.ts";
import { verdicts } from "../model/diagnosis/verdicts.ts";
import type { Outage, ResolverView, View } from "../model/view.ts";
import type { Entity } from "./description.ts";
import { eventTypes } from "./event-types.ts";
import { significant } from "./figures.ts";
import { qualityRows } from "./quality.ts";
import { type Attributes, asBefore, type Subject, subject } from "./subject.ts";

const severities = ["ok", "degraded", "outage", "no_data"];
const blames = ["none", "self", "lan", "wifi", "router", "modem", "isp", "transit", "dns", "account", "remote"];
const oldStatuses = ["OK", "LAN_DOWN", "WAN_DOWN", "DNS_APP_FAIL", "APP_LAYER_FAIL"];
const oldHints = ["none", "ICMP-only", "Mixed", "DNS", "Transport"];

const works = (key: string, name: string, value: (view: View) => boolean | undefined): Entity<View> => ({
  platform: "binary_sensor",
  key,
  name,
  deviceClass: "connectivity",
  value,
});

const choice = (
  key: string,
  name: string,
  of: { options: string[]; value: (view: View) => string | undefined },
): Entity<View> => ({
  platform: "sensor",
  key,
  name,
  deviceClass: "enum",
  ...of,
});

/** The whole home: does the Internet work, and if not, whose fault is it. */
export const hubRows: readonly Entity<View>[] = [
  { ...works("internet", "Internet", (view) => view.internet), withAttributes: true } as Entity<View>,
  works("gateway", "Gateway", (view) => view.gateway),
  works("tcp", "TCP", (view) => view.tcp),
  works("http_name", "Web by name", (view) => view.httpName),
  works("http_ip", "Web by address", (view) => view.httpIp),
  works("dns", "Name resolution", (view) => view.dns),
  {
    ...choice("verdict", "Verdict", { options: Object.keys(verdicts), value: (view) => view.verdict.verdict }),
    icon: "mdi:gavel",
    withAttributes: true,
  } as Entity<View>,
  {
    ...choice("severity", "Severity", { options: severities, value: (view) => view.verdict.severity }),
    icon: "mdi:alert-outline",
  },
  {
    ...choice("blame", "Blame", { options: blames, value: (view) => known(view, view.verdict.blame) }),
    icon: "mdi:account-question-outline",
  },
  {
    platform: "sensor",
    key: "confidence",
    name: "Confidence",
    unit: "%",
    stateClass: "measurement",
    category: "diagnostic",
    icon: "mdi:scale-balance",
    value: (view) => known(view, view.verdict.confidence),
  },
  {
    ...choice("status", "Status", { options: oldStatuses, value: (view) => view.verdict.status }),
    category: "diagnostic",
    icon: "mdi:list-status",
  },
  {
    ...choice("hint", "Hint", { options: oldHints, value: (view) => hintOf(view) }),
    category: "diagnostic",
    icon: "mdi:lightbulb-outline",
  },
  {
    platform: "sensor",
    key: "gateway_ip",
    name: "Gateway IP",
    category: "diagnostic",
    icon: "mdi:router-network",
    value: (view) => view.gatewayIp,
  },
  {
    platform: "sensor",
    key: "external_ip",
    name: "External IP",
    category: "diagnostic",
    icon: "mdi:ip-network-outline",
    value: (view) => view.network.externalIp,
  },
  ...qualityRows<View>((view) => view.quality, {}),
  {
    platform: "sensor",
    key: "success_rate_today",
    name: "Success rate today",
    unit: "%",
    stateClass: "measurement",
    precision: 1,
    icon: "mdi:percent",
    value: ({ today }) => percent(today.okCycles, today.cycles),
  },
  {
    platform: "sensor",
    key: "availability_today",
    name: "Availability today",
    unit: "%",
    stateClass: "measurement",
    precision: 2,
    icon: "mdi:percent",
    value: ({ today }) => percent(today.upMs, today.upMs + today.downMs),
  },
  {
    platform: "sensor",
    key: "outages_today",
    name: "Outages today",
    icon: "mdi:counter",
    stateClass: "measurement",
    counts: true,
    value: ({ today }) => today.outages,
  },
  {
    platform: "sensor",
    key: "last_outage_started",
    name: "Last outage started",
    deviceClass: "timestamp",
    value: ({ lastOutage }) => (lastOutage === undefined ? undefined : isoTime(lastOutage.started)),
  },
  {
    platform: "sensor",
    key: "last_outage_duration",
    name: "Last outage duration",
    deviceClass: "duration",
    unit: "s",
    value: ({ lastOutage }) => durationOf(lastOutage),
  },
  {
    platform: "binary_sensor",
    key: "flapping",
    name: "Flapping",
    deviceClass: "problem",
    value: (view) => view.flapping,
  },
  {
    platform: "sensor",
    key: "devices_online",
    name: "Devices online",
    icon: "mdi:devices",
    stateClass: "measurement",
    value: (view) => view.network.devicesOnline,
  },
  {
    platform: "sensor",
    key: "unknown_devices",
    name: "Unknown devices",
    icon: "mdi:help-network",
    stateClass: "measurement",
    counts: true,
    value: (view) => view.network.unknownDevices,
  },
  { platform: "event", key: "event", name: "Event", icon: "mdi:bell-outline", eventTypes },
  {
    platform: "button",
    key: "run_test",
    name: "Run test",
    icon: "mdi:play-network",
    command: "run_test",
    payload: "all",
  },
  {
    platform: "button",
    key: "trace",
    name: "Trace",
    icon: "mdi:routes",
    command: "trace",
    payload: "PRESS",
  },
  {
    platform: "button",
    key: "analyze",
    name: "Analyze",
    icon: "mdi:file-chart-outline",
    command: "analyze",
    payload: "PRESS",
  },
  {
    platform: "button",
    key: "discover_hops",
    name: "Discover hops",
    icon: "mdi:map-search-outline",
    category: "diagnostic",
    command: "discover_hops",
    payload: "PRESS",
  },
  {
    platform: "switch",
    key: "monitoring",
    name: "Monitoring",
    icon: "mdi:radar",
    category: "config",
    command: "monitoring",
    value: (view) => view.monitoring,
  },
];

/** The hub as a device. Its rows change only with the list of resolvers. */
export function createHub(): (view: View) => Subject {
  let rows: { readonly names: string; readonly all: readonly Entity<View>[] } = { names: "-", all: [] };
  let device: Subject["device"] | undefined;
  return (view) => {
    const names = view.resolvers.map(({ slug, name }) => `${slug} ${name}`).join();
    if (names !== rows.names) rows = { names, all: [...hubRows, ...view.resolvers.flatMap(resolverRows)] };
    device = asBefore(device, {
      name: view.site === "home" ? "Netwarden" : `Netwarden ${view.site}`,
      model: "Network monitor",
      manufacturer: "Netwarden",
    });
    return subject({ id: "hub", slug: "hub", device, attributes: hubAttributes(view) }, rows.all, view);
  };
}

/** What the verdict rests on. The details and the share without data change all the time: no news by themselves. */
function hubAttributes(view: View): Attributes {
  const { verdict, place, since, evidence, secondBest, advice } = view.verdict;
  const { upMs, downMs, noDataMs } = view.today;
  const attributes = {
    place,
    since: since === undefined || since === 0 ? null : isoTime(since),
    evidence,
    second_best: secondBest ?? null,
    advice,
    no_data_share: percent(noDataMs, upMs + downMs + noDataMs) ?? null,
  };
  const results = evidence.map(({ layer, result }) => `${layer}:${result}`).join();
  return { urgent: `${verdict} ${place} ${since} ${results}`, json: () => JSON.stringify(attributes) };
}

function known<T>(view: View, value: T): T | undefined {
  return view.verdict.verdict === undefined ? undefined : value;
}

/** The older tool leaves the hint empty when all is well; a state in Home Assistant can't be empty. */
function hintOf(view: View): string | undefined {
  return view.verdict.hint === "" ? "none" : view.verdict.hint;
}

function percent(part: number, whole: number): number | undefined {
  return whole <= 0 ? undefined : Math.round((part / whole) * 10_000) / 100;
}

/** Of the last outage that is over. */
function durationOf(outage: Outage | undefined): number | undefined {
  return outage?.ended === undefined ? undefined : Math.round((outage.ended - outage.started) / 1000);
}

/** Two rows for each resolver that is asked. */
function resolverRows(resolver: ResolverView): readonly Entity<View>[] {
  const key = `dns_${resolver.slug}`;
  const now = (view: View) => view.resolvers.find(({ slug }) => slug === resolver.slug);
  return [
    { ...works(key, `DNS ${resolver.name}`, (view) => now(view)?.ok), category: "diagnostic" },
    {
      platform: "sensor",
      key: `${key}_time`,
      name: `DNS ${resolver.name} time`,
      deviceClass: "duration",
      unit: "ms",
      stateClass: "measurement",
      precision: 1,
      category: "diagnostic",
      enabled: false,
      value: (view) => significant(now(view)?.timeMs, 1),
    },
  ];
}

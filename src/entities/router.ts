import { isoTime } from "../lib/clock.ts";
import type { SourceErrorCode } from "../model/devices/sighting.ts";
import type { RouterView } from "../model/devices/view.ts";
import type { Entity } from "./description.ts";
import { shortText, significant, whole } from "./figures.ts";
import { createInterfaceRows } from "./interface.ts";
import type { Kind } from "./kept.ts";
import { lastingRows } from "./lasting.ts";
import { type Attributes, asBefore, subject } from "./subject.ts";
import { uptimeRow } from "./uptime.ts";

/** It answers, but not what it should: somebody must act. */
const problems: ReadonlySet<SourceErrorCode> = new Set<SourceErrorCode>(["auth", "tls", "busy", "protocol"]);

/** What each kind of router is, for Home Assistant's device page. */
const makes: Readonly<Record<string, { readonly manufacturer: string; readonly model: string }>> = {
  amplifi: { manufacturer: "Ubiquiti", model: "AmpliFi router" },
  routeros: { manufacturer: "MikroTik", model: "RouterOS router" },
  ddwrt: { manufacturer: "DD-WRT", model: "DD-WRT router" },
};

/** A router that is polled. What it does not report has no row. */
export const routerRows: readonly Entity<RouterView>[] = [
  {
    platform: "binary_sensor",
    key: "reachable",
    name: "Reachable",
    deviceClass: "connectivity",
    always: true,
    value: reachable,
  },
  {
    platform: "binary_sensor",
    key: "problem",
    name: "Problem",
    deviceClass: "problem",
    category: "diagnostic",
    always: true,
    withAttributes: true,
    value: problem,
  },
  {
    platform: "binary_sensor",
    key: "wan",
    name: "WAN",
    deviceClass: "connectivity",
    exists: ({ facts }) => facts.wan?.up !== undefined,
    value: ({ facts }) => facts.wan?.up,
  },
  {
    platform: "sensor",
    key: "external_ip",
    name: "External IP",
    category: "diagnostic",
    icon: "mdi:ip-network-outline",
    exists: ({ facts }) => facts.wan !== undefined,
    value: ({ facts }) => shortText(facts.wan?.ip),
  },
  uptimeRow(({ bootAt }) => bootAt),
  usage("cpu", "CPU usage", { icon: "mdi:cpu-64-bit", value: ({ facts }) => facts.cpuPercent }),
  usage("memory", "Memory usage", { icon: "mdi:memory", value: ({ facts }) => facts.memoryPercent }),
  {
    platform: "sensor",
    key: "temperature",
    name: "Temperature",
    deviceClass: "temperature",
    unit: "°C",
    stateClass: "measurement",
    category: "diagnostic",
    exists: ({ facts }) => facts.temperatureC !== undefined,
    value: ({ facts }) => whole(facts.temperatureC),
  },
  {
    platform: "sensor",
    key: "clients",
    name: "Clients",
    stateClass: "measurement",
    icon: "mdi:devices",
    value: ({ clients }) => clients,
  },
  {
    platform: "update",
    key: "firmware",
    name: "Firmware",
    category: "diagnostic",
    exists: ({ facts }) => facts.update !== undefined,
    value: ({ facts: { update } }) => update && { installed_version: update.installed, latest_version: update.latest },
  },
];

/** The routers as devices below the hub. What a router has reported once keeps its entity. */
export function createRouterKind(): Kind<RouterView> {
  const interfaceRows = createInterfaceRows();
  return {
    idOf: ({ id }) => id,
    make: (router, before) => {
      const identity = {
        id: `router_${router.id}`,
        slug: `router_${router.id}`,
        device: asBefore(before?.device, deviceOf(router)),
        available: router.available === true,
        attributes: problemAttributes(router),
        ...(isUnread(router) ? { provisional: true as const } : {}),
      };
      const table = [...routerRows, ...interfaceRows(router)];
      return subject(identity, lastingRows(table, router, before?.rows), router);
    },
  };
}

/** Not read since the program started. */
export function isUnread({ available, facts }: RouterView): boolean {
  return available !== true && Object.keys(facts).length === 0;
}

function deviceOf({ name, kind, facts }: RouterView) {
  const make = makes[kind] ?? { manufacturer: kind, model: "Router" };
  return {
    name,
    manufacturer: make.manufacturer,
    model: shortText(facts.model) ?? make.model,
    ...(facts.firmware === undefined ? {} : { software: facts.firmware }),
    ...(facts.serial === undefined ? {} : { serial: facts.serial }),
  };
}

/** What keeps it from being read; a failure that is not taken for one yet is none. */
function lossOf({ available, failure }: RouterView): RouterView["failure"] {
  return available === true ? undefined : failure;
}

/** Whether it answers at all: one that refuses the password does. */
function reachable(router: RouterView): boolean | undefined {
  const loss = lossOf(router);
  return loss !== undefined && problems.has(loss.code) ? true : router.available;
}

/** A router that does not answer may have any problem, or none. */
function problem(router: RouterView): boolean | undefined {
  const loss = lossOf(router);
  if (loss !== undefined) return problems.has(loss.code) ? true : undefined;
  return router.available === true ? false : undefined;
}

/** A router that is away fails now in this way, now in that: only a problem is news for each. */
function problemAttributes(router: RouterView): Attributes {
  const { code = null, message = null, since } = lossOf(router) ?? {};
  const isProblem = code !== null && problems.has(code);
  return {
    urgent: isProblem ? code : String(code === null),
    slow: `${code} ${since}`,
    json: () => JSON.stringify({ reason: code, message, since: since === undefined ? null : isoTime(since) }),
  };
}

function usage(
  key: string,
  name: string,
  { icon, value }: { readonly icon: string; readonly value: (router: RouterView) => number | undefined },
): Entity<RouterView> {
  return {
    platform: "sensor",
    key,
    name,
    unit: "%",
    stateClass: "measurement",
    category: "diagnostic",
    icon,
    exists: (router) => value(router) !== undefined,
    value: (router) => significant(value(router), 0),
  };
}

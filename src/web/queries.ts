import { z } from "zod";
import type { Timestamp } from "../lib/clock.ts";
import { isHostName } from "../lib/host-name.ts";
import { parseMac } from "../lib/mac.ts";
import { timeIn } from "../lib/time-text.ts";
import type { Command } from "../model/types.ts";
import type { DevicesQuery } from "./devices.ts";

const dayMs = 86_400_000;

/** A span of time. */
export interface Range {
  readonly from: Timestamp;
  readonly to: Timestamp;
}

/** What a parameter or a body was understood as, or why it was not. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string };

const time = z
  .string()
  .max(40)
  .transform((text, context) => {
    const at = timeIn(text);
    if (at !== undefined) return at;
    context.addIssue({ code: "custom", message: "is neither ISO 8601 nor milliseconds since 1970" });
    return z.NEVER;
  });
const outagesQuery = z.strictObject({ from: time.optional(), to: time.optional() });
const historyQuery = outagesQuery.extend({ target: z.string().min(1).max(100) });

const devicesQuery = z.strictObject({
  q: z.string().max(100).default(""),
  limit: z.coerce.number().int().min(1).max(5_000).default(2_000),
});
const deviceQuery = z.strictObject({ days: z.coerce.number().int().min(1).max(400).default(14) });

const runTest = z.union([
  z.enum(["all", "gateway"]),
  z.strictObject({ scope: z.enum(["all", "gateway"]).default("all") }),
]);
const mac = z
  .string()
  .max(40)
  .transform((text, context) => {
    const parsed = parseMac(text);
    if (parsed !== undefined) return parsed;
    context.addIssue({ code: "custom", message: "is no MAC address" });
    return z.NEVER;
  });
/** One line: names become parts of messages and log lines. */
const deviceName = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .regex(/^\P{Cc}*$/u, "must be one line");
const acknowledge = z.strictObject({ mac, name: deviceName.optional() });
const ignore = z.strictObject({ mac });
const join = z.strictObject({ macs: z.array(mac).min(1).max(50), name: deviceName.optional() });
const trace = z.strictObject({
  host: z.string().trim().refine(isHostName, "is neither an address nor a host name").optional(),
});
const discoverHops = z.strictObject({});
const analyze = outagesQuery.refine(({ from, to }) => from === undefined || to === undefined || from < to, {
  error: "from must be before to",
});
const monitoring = z.union([z.enum(["ON", "OFF"]), z.strictObject({ on: z.boolean() })]);

/** The span of `/api/outages`; without parameters the last 30 days. */
export function parseOutagesQuery(query: Readonly<Record<string, string>>, now: Timestamp): Parsed<Range> {
  const parsed = parse(outagesQuery, query);
  return parsed.ok ? toRange(parsed.value, { now, usualMs: 30 * dayMs }) : parsed;
}

/** The span and the target of `/api/history`; without a span the last 24 hours. */
export function parseHistoryQuery(
  query: Readonly<Record<string, string>>,
  now: Timestamp,
): Parsed<Range & { readonly target: string }> {
  const parsed = parse(historyQuery, query);
  if (!parsed.ok) return parsed;
  const range = toRange(parsed.value, { now, usualMs: dayMs });
  if (!range.ok) return range;
  return { ok: true, value: { ...range.value, target: parsed.value.target } };
}

/** What is searched for in `/api/devices`, and how many are wanted. */
export function parseDevicesQuery(query: Readonly<Record<string, string>>): Parsed<DevicesQuery> {
  return parse(devicesQuery, query);
}

/** How many days of activity `/api/devices/:mac` tells, today included. */
export function parseDeviceQuery(query: Readonly<Record<string, string>>): Parsed<{ readonly days: number }> {
  return parse(deviceQuery, query);
}

/** A command's JSON body; `undefined` when there is no command of that name. An empty body means the defaults. */
export function parseCommand(name: string, body: string): Parsed<Command> | undefined {
  switch (name) {
    case "run_test": {
      const parsed = parseJson(runTest, body === "" ? "{}" : body);
      if (!parsed.ok) return parsed;
      const scope = typeof parsed.value === "string" ? parsed.value : parsed.value.scope;
      return { ok: true, value: { name, scope } };
    }
    case "monitoring": {
      const parsed = parseJson(monitoring, body);
      if (!parsed.ok) return parsed;
      const on = typeof parsed.value === "string" ? parsed.value === "ON" : parsed.value.on;
      return { ok: true, value: { name, on } };
    }
    case "trace":
      return convert(parseJson(trace, body === "" ? "{}" : body), ({ host }) => ({
        name,
        ...(host === undefined ? {} : { host }),
      }));
    case "discover_hops":
      return convert(parseJson(discoverHops, body === "" ? "{}" : body), () => ({ name }));
    case "analyze":
      return convert(parseJson(analyze, body === "" ? "{}" : body), ({ from, to }) => ({
        name,
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
      }));
    case "acknowledge":
      return convert(parseJson(acknowledge, body), (given) => ({ name, mac: given.mac, ...named(given.name) }));
    case "ignore":
      return convert(parseJson(ignore, body), (given) => ({ name, mac: given.mac }));
    case "join":
      return convert(parseJson(join, body), (given) => ({
        name,
        macs: [...new Set(given.macs)],
        ...named(given.name),
      }));
    default:
      return undefined;
  }
}

function convert<T>(parsed: Parsed<T>, toCommand: (given: T) => Command): Parsed<Command> {
  return parsed.ok ? { ok: true, value: toCommand(parsed.value) } : parsed;
}

function named(name: string | undefined): { readonly deviceName?: string } {
  return name === undefined ? {} : { deviceName: name };
}

function toRange(
  given: { readonly from?: Timestamp | undefined; readonly to?: Timestamp | undefined },
  usual: { readonly now: Timestamp; readonly usualMs: number },
): Parsed<Range> {
  const to = given.to ?? usual.now;
  const from = given.from ?? to - usual.usualMs;
  return from < to ? { ok: true, value: { from, to } } : { ok: false, error: "from must be before to" };
}

function parseJson<T>(schema: z.ZodType<T>, text: string): Parsed<T> {
  try {
    return parse(schema, JSON.parse(text));
  } catch {
    return { ok: false, error: "the body is not JSON" };
  }
}

function parse<T>(schema: z.ZodType<T>, value: unknown): Parsed<T> {
  const result = schema.safeParse(value);
  if (result.success) return { ok: true, value: result.data };
  const reasons = result.error.issues.map((issue) => [...issue.path, issue.message].join(" "));
  return { ok: false, error: reasons.slice(0, 5).join("; ") };
}

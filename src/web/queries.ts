import { z } from "zod";
import { commandOf } from "../entities/commands.ts";
import type { Timestamp } from "../lib/clock.ts";
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
  let given: unknown;
  try {
    given = body === "" ? {} : JSON.parse(body);
  } catch {
    return commandOf(name, {}) === undefined ? undefined : { ok: false, error: "the body is not JSON" };
  }
  return commandOf(name, given);
}

function toRange(
  given: { readonly from?: Timestamp | undefined; readonly to?: Timestamp | undefined },
  usual: { readonly now: Timestamp; readonly usualMs: number },
): Parsed<Range> {
  const to = given.to ?? usual.now;
  const from = given.from ?? to - usual.usualMs;
  return from < to ? { ok: true, value: { from, to } } : { ok: false, error: "from must be before to" };
}

function parse<T>(schema: z.ZodType<T>, value: unknown): Parsed<T> {
  const result = schema.safeParse(value);
  if (result.success) return { ok: true, value: result.data };
  const reasons = result.error.issues.map((issue) => [...issue.path, issue.message].join(" "));
  return { ok: false, error: reasons.slice(0, 5).join("; ") };
}

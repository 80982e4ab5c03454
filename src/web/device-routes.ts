import type { Context, Hono } from "hono";
import type { ActivityRow } from "../history/protocol.ts";
import type { Store } from "../history/store.ts";
import { type Clock, isoTime, localDay } from "../lib/clock.ts";
import { macDigits, parseMac } from "../lib/mac.ts";
import type { View } from "../model/view.ts";
import { devicesBody, devicesWriter, findDevice, type PackedJson, packable } from "./devices.ts";
import type { WebEnv } from "./guard.ts";
import { parseDeviceQuery, parseDevicesQuery } from "./queries.ts";

/** What is asked of the history about one device. */
export type DeviceHistory = Pick<Store, "activity" | "deviceEvents">;

/** What these routes need. */
export interface DeviceParts {
  readonly clock: Clock;
  readonly history: DeviceHistory;
  view(): View;
  devicesRev(): number;
  /** `undefined` when the history fails or takes too long. */
  inTime<T>(answer: Promise<T>): Promise<T | undefined>;
}

const dayMs = 86_400_000;
const eventsShown = 100;
const json = { "content-type": "application/json", "cache-control": "no-store", vary: "accept-encoding" };

/** `GET /api/devices` and `GET /api/devices/:mac`. */
export function addDeviceRoutes(app: Hono<WebEnv>, parts: DeviceParts): void {
  const writeAll = devicesWriter();
  app.get("/api/devices", (c) => allDevices(c, parts, writeAll));
  app.get("/api/devices/:mac", (c) => oneDevice(c, parts));
}

async function allDevices(
  c: Context<WebEnv>,
  parts: DeviceParts,
  writeAll: ReturnType<typeof devicesWriter>,
): Promise<Response> {
  const query = parseDevicesQuery(c.req.query());
  if (!query.ok) return c.json({ error: query.error }, 400);
  const body = devicesBody(parts.view().network, parts.devicesRev(), query.value);
  return send(c, query.value.q.trim() === "" ? writeAll(body) : packable(JSON.stringify(body)));
}

async function send(c: Context<WebEnv>, { json: text, packed }: PackedJson): Promise<Response> {
  const packs = text.length > 1_000 && /\bgzip\b/.test(c.req.header("accept-encoding") ?? "");
  return packs ? c.body(await packed(), 200, { ...json, "content-encoding": "gzip" }) : c.body(text, 200, json);
}

async function oneDevice(c: Context<WebEnv>, parts: DeviceParts): Promise<Response> {
  const mac = parseMac(c.req.param("mac") ?? "");
  if (mac === undefined) return c.json({ error: "this is no MAC address" }, 400);
  const query = parseDeviceQuery(c.req.query());
  if (!query.ok) return c.json({ error: query.error }, 400);
  const device = findDevice(parts.view().network, mac);
  if (device === undefined) return c.json({ error: "there is no such device" }, 404);
  const today = parts.clock.now();
  const span = { fromDay: localDay(today - (query.value.days - 1) * dayMs), toDay: localDay(today) };
  const found = await parts.inTime(
    Promise.all([
      Promise.all(device.macs.map((each) => parts.history.activity({ ...span, id: macDigits(each) }))),
      parts.history.deviceEvents({ macs: device.macs, limit: eventsShown }),
    ]),
  );
  if (found === undefined) return c.json({ error: "the history does not answer" }, 503);
  const [activity, events] = found;
  const told = events.map(({ fields, event_type, at, text }) => ({ ...fields, event_type, at: isoTime(at), text }));
  return send(c, packable(JSON.stringify({ device, activity: byDay(activity.flat()), events: told })));
}

/** Several MACs of one device as one day. */
function byDay(rows: readonly ActivityRow[]): readonly Pick<ActivityRow, "day" | "cells">[] {
  const days = new Map<string, readonly number[]>();
  for (const { day, cells } of rows) {
    const other = days.get(day);
    days.set(day, other === undefined ? cells : cells.map((mask, hour) => mask | (other[hour] ?? 0)));
  }
  return [...days].map(([day, cells]) => ({ day, cells })).sort((a, b) => (a.day < b.day ? -1 : 1));
}

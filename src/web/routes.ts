import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { Store } from "../history/store.ts";
import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import type { Command } from "../model/types.ts";
import type { View } from "../model/view.ts";
import { addDeviceRoutes, type DeviceHistory } from "./device-routes.ts";
import { type PageFiles, sendPageFile } from "./files.ts";
import { guard, isSameOrigin, securityHeaders, type WebEnv } from "./guard.ts";
import type { Live } from "./live.ts";
import { parseCommand, parseHistoryQuery, parseOutagesQuery } from "./queries.ts";
import { addReportRoutes, type ReportReader, reportPolicy } from "./report-routes.ts";

/** What the page asks of the history: answers in the order of time. */
export type HistoryReader = Pick<Store, "outages" | "samples"> & DeviceHistory;

/** What there is to read where no history is kept. */
export const noHistory: HistoryReader = {
  outages: async () => [],
  samples: async () => [],
  activity: async () => [],
  deviceEvents: async () => [],
};

/** What the routes need. */
export interface RouteParts {
  readonly password: string;
  readonly localToken?: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly history: HistoryReader;
  readonly reports?: ReportReader;
  readonly files: PageFiles;
  readonly live: Live;
  readonly ingressPeer?: string;
  view(): View;
  stateJson(): string;
  devicesRev(): number;
  command(command: Command): void;
}

const outagesShown = 1_000;
const bodyLargest = 16 * 1024;
const historyDeadlineMs = 10_000;
const freshMs = 30_000;
const json = { "content-type": "application/json", "cache-control": "no-store" };

/** The HTTP interface, relative to wherever a proxy puts it. */
export function createRoutes(parts: RouteParts): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  const headers = securityHeaders(parts.ingressPeer !== undefined);
  app.use(async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(headers)) {
      // A report's page has a policy of its own, which is no wider.
      if (c.res.headers.get(name) !== reportPolicy) c.res.headers.set(name, value);
    }
  });
  app.use(guard(parts));
  app.get("/healthz", (c) => health(c, parts));
  app.get("/api/state", (c) => c.body(parts.stateJson(), 200, json));
  app.get("/api/events", (c) => listen(c, parts, headers));
  app.get("/api/outages", (c) => outages(c, parts));
  app.get("/api/history", (c) => samples(c, parts));
  addDeviceRoutes(app, {
    clock: parts.clock,
    history: parts.history,
    view: parts.view,
    devicesRev: parts.devicesRev,
    inTime: (answer) => inTime(parts, answer),
  });
  addReportRoutes(app, { clock: parts.clock, reports: parts.reports });
  app.post(
    "/api/commands/:name",
    bodyLimit({ maxSize: bodyLargest, onError: (c) => c.json({ error: "the body is larger than 16 kB" }, 413) }),
    (c) => command(c, parts),
  );
  app.get("*", (c) => sendPageFile(c, parts.files) ?? c.notFound());
  app.notFound((c) => c.json({ error: "there is nothing here" }, 404));
  app.onError((error, c) => {
    parts.log.error("a request failed", { path: c.req.path, error });
    return c.json({ error: "this failed: see the log" }, 500);
  });
  return app;
}

function health(c: Context<WebEnv>, parts: RouteParts): Response {
  const age = parts.clock.now() - parts.view().at;
  return age < freshMs ? c.json({ status: "ok" }) : c.json({ status: "stale", age_s: Math.round(age / 1000) }, 503);
}

/** Written to the socket directly, because only it says when a client has stopped reading. */
function listen(c: Context<WebEnv>, parts: RouteParts, headers: Readonly<Record<string, string>>): Response {
  const { outgoing } = c.env;
  if (c.req.method === "HEAD") return c.body(null, 200, { "content-type": "text/event-stream" });
  outgoing.on("error", () => outgoing.destroy());
  outgoing.writeHead(200, {
    ...headers,
    "content-type": "text/event-stream",
    "cache-control": "no-store, no-transform",
    "x-accel-buffering": "no",
  });
  outgoing.flushHeaders();
  if (!parts.live.add(outgoing)) outgoing.end("retry: 30000\n\n");
  return RESPONSE_ALREADY_SENT;
}

async function outages(c: Context<WebEnv>, parts: RouteParts): Promise<Response> {
  const query = parseOutagesQuery(c.req.query(), parts.clock.now());
  if (!query.ok) return c.json({ error: query.error }, 400);
  const found = await inTime(parts, parts.history.outages(query.value));
  if (found === undefined) return c.json({ error: "the history does not answer" }, 503);
  return c.json({ ...query.value, outages: found.slice(-outagesShown) }, 200, json);
}

async function samples(c: Context<WebEnv>, parts: RouteParts): Promise<Response> {
  const query = parseHistoryQuery(c.req.query(), parts.clock.now());
  if (!query.ok) return c.json({ error: query.error }, 400);
  const { target, from, to } = query.value;
  const checks = parts.view().plan.checks.filter((check) => check.id === target || check.slug === target);
  if (checks.length === 0) return c.json({ error: "there is no such target or check" }, 404);
  const series = checks.map(async ({ id, kind, name }) => {
    return { check: id, kind, name, points: await parts.history.samples({ check: id, from, to }) };
  });
  const found = await inTime(parts, Promise.all(series));
  if (found === undefined) return c.json({ error: "the history does not answer" }, 503);
  return c.json({ from, to, series: found }, 200, json);
}

async function command(c: Context<WebEnv>, parts: RouteParts): Promise<Response> {
  if (!/^application\/json\b/i.test(c.req.header("content-type") ?? ""))
    return c.json({ error: "content-type must be application/json" }, 415);
  if (!isSameOrigin(c.req.raw.headers, parts.ingressPeer !== undefined))
    return c.json({ error: "commands of other sites are refused" }, 403);
  const parsed = parseCommand(c.req.param("name") ?? "", await c.req.text());
  if (parsed === undefined) return c.json({ error: "there is no such command" }, 404);
  if (!parsed.ok) return c.json({ error: parsed.error }, 400);
  parts.command(parsed.value);
  return c.json({ accepted: true }, 202);
}

/** What the history says, or `undefined` when it fails or takes too long: the page lives without it. */
async function inTime<T>(parts: RouteParts, answer: Promise<T>): Promise<T | undefined> {
  const done = new AbortController();
  const late = parts.clock.sleep(historyDeadlineMs, done.signal).then(() => undefined);
  try {
    return await Promise.race([answer, late]);
  } catch (error) {
    parts.log.warn("the history could not be read", { error });
    return undefined;
  } finally {
    done.abort();
  }
}

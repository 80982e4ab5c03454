import type { Context, Hono } from "hono";
import type { Clock, Timestamp } from "../lib/clock.ts";
import type { WebEnv } from "./guard.ts";
import { parseOutagesQuery } from "./queries.ts";

/** Where reports come from. Each answer is a whole page, or a text; `undefined`: there is none. */
export interface ReportReader {
  read(name: string): Promise<string | undefined>;
  latest(): Promise<string | undefined>;
  make(span: { readonly from: Timestamp; readonly to: Timestamp }): Promise<string | undefined>;
}

/** A report's page brings its own styles; it runs nothing and loads nothing. */
export const reportPolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** `GET /api/report.html`: the newest report, or that of `from` and `to`; `GET /api/reports/:name`: one that is kept. */
export function addReportRoutes(
  app: Hono<WebEnv>,
  { clock, reports }: { readonly clock: Clock; readonly reports: ReportReader | undefined },
): void {
  const none = (c: Context<WebEnv>) => c.json({ error: "there is no report" }, 404);
  app.get("/api/report.html", async (c) => {
    const asked = c.req.query();
    const query = parseOutagesQuery(asked, clock.now());
    if (!query.ok) return c.json({ error: query.error }, 400);
    const wantsSpan = Object.keys(asked).length > 0;
    const kept = wantsSpan ? undefined : await reports?.latest();
    const page = kept ?? (await reports?.make(query.value));
    return page === undefined ? none(c) : send(c, page, "text/html");
  });
  app.get("/api/reports/:name", async (c) => {
    const name = c.req.param("name");
    const page = await reports?.read(name);
    return page === undefined ? none(c) : send(c, page, name.endsWith(".html") ? "text/html" : "text/plain");
  });
}

function send(c: Context<WebEnv>, body: string, type: "text/html" | "text/plain"): Response {
  return c.body(body, 200, {
    "content-type": `${type}; charset=utf-8`,
    "cache-control": "no-store",
    "content-security-policy": reportPolicy,
  });
}

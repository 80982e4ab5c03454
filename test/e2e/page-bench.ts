import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import axe from "axe-core";
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from "playwright-core";
import { build } from "vite";
import { systemClock } from "../../src/lib/clock.ts";
import { createLog } from "../../src/lib/log.ts";
import type { Command } from "../../src/model/types.ts";
import type { DomainEvent, View } from "../../src/model/view.ts";
import { type HistoryReader, noHistory } from "../../src/web/routes.ts";
import { startWeb, type Web } from "../../src/web/server.ts";
import { okView } from "../web/fixtures.ts";
import { startPrefixProxy } from "./prefix-proxy.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** Where pictures of the page are kept, to be looked at. */
export const screens = join(root, "test/.cache/screens");
/** As Home Assistant's ingress has it. */
export const prefix = "/api/hassio_ingress/abc123/";
const browserArgs = [
  "--no-sandbox",
  "--disable-dev-shm-usage",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--no-proxy-server",
];
/** A phone at night. */
export const phone: BrowserContextOptions = { viewport: { width: 375, height: 812 }, colorScheme: "dark" };
/** A large screen by day. */
export const desktop: BrowserContextOptions = { viewport: { width: 1920, height: 1080 }, colorScheme: "light" };

/** The built page from the real server, below a path prefix, in a real browser. */
export interface PageBench {
  readonly commands: Command[];
  /** What is shown now. */
  view(): View;
  /** Shows this view, and tells what happened. */
  show(view: View, events?: readonly DomainEvent[]): void;
  /** What the history says from now on. */
  history(reader: Partial<HistoryReader>): void;
  open(options: BrowserContextOptions, path?: string): Promise<OpenPage>;
  /** Ends the server, as a stopped program. */
  end(): Promise<void>;
  start(view: View): Promise<void>;
  close(): Promise<void>;
}

/** `problems` collects what a clean page never has. */
export interface OpenPage {
  readonly page: Page;
  readonly problems: readonly string[];
  close(): Promise<void>;
}

/** Builds the page and starts all; `close` ends it. */
export async function startPageBench(): Promise<PageBench> {
  let web: Web;
  let stop = new AbortController();
  let port = 0;
  let view = okView(Date.now());
  let reader: HistoryReader = noHistory;
  const commands: Command[] = [];
  const uiDir = await mkdtemp(join(tmpdir(), "netwarden-page-"));
  await mkdir(screens, { recursive: true });
  await build({ root: join(root, "src/web/ui"), logLevel: "error", build: { outDir: uiDir, emptyOutDir: true } });

  const start = async (first: View) => {
    view = first;
    stop = new AbortController();
    const parts = {
      host: "127.0.0.1",
      port,
      password: "",
      version: "0.1.0",
      clock: systemClock,
      log: createLog("silent", { write: () => undefined }),
      history: {
        outages: (span) => reader.outages(span),
        samples: (span) => reader.samples(span),
        activity: (span) => reader.activity(span),
        deviceEvents: (asked) => reader.deviceEvents(asked),
      } satisfies HistoryReader,
      uiDir,
      ingress: true,
      ingressPeer: "127.0.0.1",
      view: () => view,
      command: (command: Command) => commands.push(command),
    };
    web = await startWeb(parts, stop.signal);
    port = Number(new URL(web.url).port);
  };
  const end = async () => {
    stop.abort();
    await web.closed;
  };
  await start(view);
  const proxy = await startPrefixProxy(prefix, () => port);
  const browser: Browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: browserArgs });

  return {
    commands,
    view: () => view,
    show: (next, events = []) => {
      view = next;
      web.push({ view, events });
    },
    history: (given) => {
      reader = { ...noHistory, ...given };
    },
    open: async (options, path = prefix) => {
      const context = await browser.newContext({ ...options, locale: "en-GB", reducedMotion: "reduce" });
      const page = await context.newPage();
      const problems: string[] = [];
      page.on("pageerror", (error) => problems.push(String(error)));
      page.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning") problems.push(message.text());
      });
      page.on("requestfailed", (request) => problems.push(`${request.url()} ${request.failure()?.errorText}`));
      await page.goto(proxy.url + path);
      return { page, problems, close: () => context.close() };
    },
    end,
    start,
    close: async () => {
      await browser.close();
      await proxy.close();
      await end();
      await rm(uiDir, { recursive: true, force: true });
    },
  };
}

/** What axe has against the page. */
export async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const script =
    "axe.run().then((result) => result.violations.map((found) => found.id + ': ' + found.nodes.map((node) => node.html + ' ' + node.failureSummary).join(' | ')))";
  return (await page.evaluate(script)) as readonly string[];
}

/** By how many pixels the page or one of its cards is wider than there is room. */
export async function overflow(page: Page): Promise<number> {
  const measure = (locator: Locator) =>
    locator.evaluateAll((elements) =>
      Math.max(...elements.map((element) => element.scrollWidth - element.clientWidth)),
    );
  return Math.max(await measure(page.locator("html")), await measure(page.locator("section")));
}

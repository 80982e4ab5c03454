import { isIPv6 } from "node:net";
import { createHttpClient, HttpError, type HttpResponse } from "../../lib/http.ts";
import { createResolve, lookupFrom } from "../../lib/resolve.ts";
import type { RouterInterface } from "../../model/devices/sighting.ts";
import { type PollingSource, type RouterAccess, SourceError, type SourceParts, type TlsMode } from "../source.ts";
import { createArpEvidence } from "./arp-evidence.ts";
import { type DdwrtPages, type Identity, parseIdentity, parseInterface, wanSide } from "./facts.ts";
import { refusal, requestFailed } from "./failure.ts";
import { type Page, parsePage } from "./pages.ts";
import { hasRadios, PagesError, table, toReading } from "./reading.ts";
import { arpRows } from "./tables.ts";

/** A router that runs DD-WRT. */
export interface DdwrtOptions extends RouterAccess {
  readonly kind: "ddwrt";
  readonly username: string;
  readonly tls: TlsMode;
}

/** A page takes a small router some seconds: a script sums the traffic up anew for each. */
const pageMs = 15_000;
const mostBytes = 2_097_152;
const mostInterfaces = 4;
/** Failures in a row after which what is only nice to have is not asked for again. */
const patience = 3;

const lanPage = "Status_Lan.live.asp";
const wirelessPage = "Status_Wireless.live.asp";
const internetPage = "Status_Internet.live.asp";
const routerPage = "Status_Router.live.asp";
const identityPage = "Status_Router.asp";

/**
 * Reads DD-WRT by the pages that its own web interface refreshes itself with. One request at a time: its server has one thread. A
 * page without the expected table is an error, never "no clients". Counters of the LAN's and the provider's interface come from
 * `fetchif.cgi`, hardware and firmware once from a page for people; a router without these pages is not asked again.
 */
export function createDdwrtSource(options: DdwrtOptions, { clock, log }: SourceParts): PollingSource {
  const ask = createAsk(options, { clock, log });
  const evidence = createArpEvidence(clock);
  const failures = new Map<string, number>();
  let identity: Identity | undefined;
  let radios = false;

  const whole = async (path: string, signal: AbortSignal): Promise<Page | undefined> => {
    const text = await ask.page(path, signal);
    if (text === undefined) return undefined;
    const page = parsePage(text);
    if (page.cut) throw new PagesError(`answered a page that is cut off (${path})`);
    return page;
  };
  const readWireless = async (signal: AbortSignal): Promise<Page | undefined> => {
    const page = await whole(wirelessPage, signal);
    // A radio that was there before is not gone because a page lacks it.
    if (page !== undefined && (radios || hasRadios(page) || isEmpty(page))) {
      table(page, "active_wireless");
      radios = true;
      return page;
    }
    if (page === undefined && radios) throw new PagesError(`no longer has ${wirelessPage}`);
    return undefined;
  };
  /** Nice to have: what goes wrong here is no reason to know nothing. It is given up at once, or when it stays away. */
  const extra = async <T>(path: string, read: (text: string) => T | undefined, signal: AbortSignal) => {
    const failed = failures.get(path) ?? 0;
    if (failed >= patience) return undefined;
    try {
      const text = await ask.page(path, signal);
      const found = text === undefined ? undefined : read(text);
      // A router that names ever new interfaces must not fill the memory.
      if (failures.size >= 100) failures.clear();
      failures.set(path, found === undefined ? patience : 0);
      return found;
    } catch (error) {
      if (signal.aborted || !(error instanceof SourceError)) throw error;
      log.debug("a page could not be read", { router: options.name, page: path, reason: error.message });
      failures.set(path, error.code === "protocol" || error.code === "auth" ? patience : failed + 1);
      return undefined;
    }
  };
  const readInterfaces = async (pages: DdwrtPages, signal: AbortSignal): Promise<readonly RouterInterface[]> => {
    const found: RouterInterface[] = [];
    for (const name of interfacesOf(pages)) {
      const counters = await extra(`fetchif.cgi?${name}`, (text) => parseInterface(name, text), signal);
      if (counters !== undefined) found.push(counters);
    }
    return found;
  };
  const read = async (signal: AbortSignal): Promise<DdwrtPages> => {
    const lan = await whole(lanPage, signal);
    if (lan === undefined || isEmpty(lan)) throw new PagesError(`has no live pages (${lanPage}): is it DD-WRT?`);
    table(lan, "arp_table");
    const wireless = await readWireless(signal);
    const internet = await whole(internetPage, signal);
    const router = await whole(routerPage, signal);
    identity ??= await extra(identityPage, parseIdentity, signal);
    const pages = {
      lan,
      ...(wireless === undefined ? {} : { wireless }),
      ...(internet === undefined ? {} : { internet }),
      ...(router === undefined ? {} : { router }),
      ...(identity === undefined ? {} : { identity }),
      interfaces: [],
    };
    return { ...pages, interfaces: await readInterfaces(pages, signal) };
  };
  return {
    poll: (signal) => told(ask.place, async () => toReading(await read(signal), evidence)),
    raw: (signal) =>
      told(ask.place, async () => {
        const texts: Record<string, string | undefined> = {};
        for (const path of [lanPage, wirelessPage, internetPage, routerPage])
          texts[path] = await ask.page(path, signal);
        return texts;
      }),
    close: async () => ask.close(),
  };
}

async function told<T>(place: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PagesError) throw new SourceError("protocol", `${place} ${error.message}`);
    throw error;
  }
}

function isEmpty(page: Page): boolean {
  return page.values.size + page.lists.size === 0;
}

/** The provider's, and those that clients are behind (bridges first). */
function interfacesOf(pages: DdwrtPages): readonly string[] {
  const rows = arpRows(pages.lan.lists.get("arp_table") ?? []);
  const wan = wanSide(pages, rows)?.interface;
  const names = new Set(rows.flatMap((row) => row.interface ?? []));
  const inside = [...names].filter((name) => name !== wan).sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  return [...(wan === undefined ? [] : [wan]), ...inside].slice(0, mostInterfaces);
}

function rank(name: string): number {
  return name.startsWith("br") ? 0 : 1;
}

/** Asks for pages with the user's password. `undefined`: there is no such page. Rejects with `SourceError`. */
function createAsk(options: DdwrtOptions, { clock }: SourceParts) {
  const { name, host, username, password, tls, fingerprint } = options;
  const client = createHttpClient({
    keepAlive: true,
    maxRedirects: 0,
    cookies: "ignore",
    tls: tls === "pin" ? { mode: "pin", fingerprint } : { mode: tls === "insecure" ? "insecure" : "verify" },
    lookup: lookupFrom(createResolve()),
  });
  const place = `${name} (${host})`;
  const base = `${tls === "off" ? "http" : "https"}://${isIPv6(host) ? `[${host}]` : host}`;
  const headers = { Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}` };
  const request = async (path: string, signal: AbortSignal): Promise<HttpResponse> => {
    const wanted = { url: `${base}/${path}`, headers, maxBytes: mostBytes };
    const limits = { clock, timeoutMs: pageMs, signal };
    try {
      return await client.request(wanted, limits);
    } catch (error) {
      // The server may close a kept connection just as it is used again.
      const stale = error instanceof HttpError && error.code === "reset" && error.status === undefined;
      if (!stale || signal.aborted) throw error;
      return await client.request(wanted, limits);
    }
  };
  return {
    place,
    page: async (path: string, signal: AbortSignal): Promise<string | undefined> => {
      const response = await request(path, signal).catch((error: unknown) => {
        throw requestFailed(place, error);
      });
      if (response.status === 404) return undefined;
      if (response.status !== 200) {
        throw refusal(place, { status: response.status, location: response.headers["location"] ?? "" });
      }
      return decode(response.body);
    },
    close: client.close,
  };
}

/** Names in UTF-8, or what old releases wrote. */
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

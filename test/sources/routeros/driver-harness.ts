import assert from "node:assert/strict";
import type { ClientSighting, SourceReading } from "../../../src/model/devices/sighting.ts";
import { createRouterosSource, type RouterosOptions } from "../../../src/sources/routeros/routeros.ts";
import { type PollingSource, SourceError } from "../../../src/sources/source.ts";
import { FakeClock } from "../../fakes/fake-clock.ts";
import type { HomeClient } from "../../fakes/routeros/home.ts";
import { type FakeRouter, type FakeRouterOptions, startFakeRouter } from "../../fakes/routeros/router.ts";

export const never = new AbortController().signal;

export const phone: HomeClient = {
  mac: "3c:22:fb:00:00:01",
  ip: "192.168.88.21",
  name: "Annas-iPhone",
  downBps: 9_000,
};
export const lamp: HomeClient = {
  mac: "00:17:88:00:00:03",
  ip: "192.168.88.23",
  comment: Buffer.from("K\xfcchenlicht", "latin1"),
  lease: "static",
};
/** Set its address itself: it is in the ARP table only. */
export const nas: HomeClient = { mac: "00:11:32:00:00:04", ip: "192.168.88.24", lease: "none" };
/** Has a lease kept for it, and is never there. */
export const printer: HomeClient = {
  mac: "b8:27:eb:00:00:05",
  ip: "192.168.88.25",
  lease: "static",
  comment: "Printer",
};

export interface Watching {
  readonly router: FakeRouter;
  readonly source: PollingSource;
  readonly clock: FakeClock;
  /** What was logged, its level before it. */
  readonly log: readonly string[];
  poll(): Promise<SourceReading>;
  /** What the next poll shows of a client. */
  see(client: HomeClient): Promise<ClientSighting | undefined>;
  /** Lets time pass for the router and for the driver. */
  pass(seconds: number): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface WatchOptions {
  readonly router?: FakeRouterOptions;
  readonly access?: Partial<RouterosOptions>;
}

/** A driver on a simulated router, with a phone on wlan1, a lamp and a NAS on wires and a lease for a printer. */
export async function watch({ router: options = {}, access = {} }: WatchOptions = {}): Promise<Watching> {
  const router = await startFakeRouter(options);
  const clock = new FakeClock();
  const log: string[] = [];
  const note = (level: string) => (message: string, fields?: object) =>
    void log.push(`${level} ${message} ${JSON.stringify(fields ?? {})}`);
  const logger = { debug: note("debug"), info: note("info"), warn: note("warn"), error: note("error") };
  const { user, password, host } = router;
  const usual = { kind: "routeros", name: "Hex", tls: "off", fingerprint: "", code_page: "windows-1252" } as const;
  const source = createRouterosSource({ ...usual, host, username: user, password, ...access }, { clock, log: logger });
  router.home.come(phone, "wlan1");
  router.home.come(lamp, "ether2");
  router.home.come(nas, "ether3");
  router.home.reserve(printer);
  router.home.advance(10);
  const poll = () => source.poll(never);
  return {
    router,
    source,
    clock,
    log,
    poll,
    see: async ({ mac }) => (await poll()).clients.find((client) => client.mac === mac),
    pass: async (seconds) => {
      router.home.advance(seconds);
      await clock.advance(seconds * 1_000);
    },
    [Symbol.asyncDispose]: async () => {
      await source.close();
      await router.close();
    },
  };
}

export async function failureOf(work: Promise<unknown>): Promise<SourceError> {
  const error = await work.then(
    () => assert.fail("it did not fail"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof SourceError, `no SourceError: ${String(error)}`);
  return error;
}

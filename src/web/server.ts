import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { eventPayload } from "../entities/render.ts";
import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import type { Command } from "../model/types.ts";
import type { DomainEvent, View } from "../model/view.ts";
import { createRevision } from "./devices.ts";
import { loadPageFiles } from "./files.ts";
import { createLive, type Live } from "./live.ts";
import type { ReportReader } from "./report-routes.ts";
import { createRoutes, type HistoryReader } from "./routes.ts";
import { stateWriter } from "./state.ts";

/** What the web server needs. */
export interface WebParts {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** When `port` is taken, the next free one of the twenty after it. */
  readonly portFallback?: boolean;
  /** Empty: none is asked for. */
  readonly password: string;
  /** A secret that lets in other commands of this program on this machine, whatever else is asked for. */
  readonly localToken?: string;
  readonly version: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly history: HistoryReader;
  /** Absent where no history is kept. */
  readonly reports?: ReportReader;
  /** Where the built page lies. */
  readonly uiDir: string;
  /** Home Assistant's ingress is in front: only its proxy may ask, and it asks for no password. */
  readonly ingress?: boolean;
  /** The ingress proxy's address, when it is not Supervisor's usual one. */
  readonly ingressPeer?: string;
  view(): View;
  command(command: Command): void;
}

/** A running web server. */
export interface Web {
  /** For people: where the page is. */
  readonly url: string;
  push(update: { readonly view: View; readonly events: readonly DomainEvent[] }): void;
  /** Resolves when all connections are closed after the signal. */
  readonly closed: Promise<void>;
}

/** The web server could not start. The message says which setting to change. */
export class WebError extends Error {
  override readonly name = "WebError";
}

const supervisorPeer = "172.30.32.2";
const portsTried = 20;
const farewellMs = 1_000;
const bounds = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  keepAliveTimeout: 10_000,
  connectionsCheckingInterval: 1_000,
};
const connectionsAllowed = 300;

/** Starts the web server and resolves when it listens; rejects with `WebError`. */
export async function startWeb(parts: WebParts, signal: AbortSignal): Promise<Web> {
  const revision = createRevision(parts.clock.now());
  const writeState = stateWriter(parts.version, revision);
  let view = parts.view();
  const stateJson = () => writeState(view);
  const live = createLive(parts.clock, stateJson);
  const files = await loadPageFiles(parts.uiDir);
  if (files.size === 0) parts.log.warn("the web page is not built: only the API answers", { folder: parts.uiDir });
  const { ingressPeer, ...rest } = parts;
  const routes = createRoutes({
    ...rest,
    ...(parts.ingress === true ? { ingressPeer: ingressPeer ?? supervisorPeer } : {}),
    files,
    live,
    stateJson,
    view: () => view,
    devicesRev: () => revision(view.network),
  });
  // The adapter would replace the global Request and Response of the whole program.
  const options = { fetch: routes.fetch, overrideGlobalObjects: false, serverOptions: bounds };
  const server = createAdaptorServer(options) as Server;
  server.maxConnections = connectionsAllowed;
  await listenSomewhere(server, parts);
  server.on("error", (error) => parts.log.warn("the web server stumbled", { error }));
  return {
    url: urlOf(server.address() as AddressInfo),
    push: (update) => {
      view = update.view;
      for (const event of update.events) live.event(eventPayload(event));
      live.stateChanged();
    },
    closed: serveUntil(signal, { server, live, clock: parts.clock }),
  };
}

async function serveUntil(
  signal: AbortSignal,
  { server, live, clock }: { readonly server: Server; readonly live: Live; readonly clock: Clock },
): Promise<void> {
  await live.run(signal);
  const cancel = clock.after(farewellMs, () => server.closeAllConnections());
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  cancel();
}

async function listenSomewhere(server: Server, parts: WebParts): Promise<void> {
  const last = parts.portFallback === true && parts.port > 0 ? Math.min(parts.port + portsTried, 65_535) : parts.port;
  for (let port = parts.port; ; port += 1) {
    const error = await listenOn(server, { host: parts.host, port });
    if (error === undefined) return;
    if (error.code !== "EADDRINUSE" || port >= last) throw webError(error, parts);
  }
}

function listenOn(
  server: Server,
  address: { readonly host: string; readonly port: number },
): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException) => {
      server.off("listening", listening);
      resolve(error);
    };
    const listening = () => {
      server.off("error", failed);
      resolve(undefined);
    };
    server.once("error", failed);
    server.once("listening", listening);
    server.listen(address);
  });
}

function webError(cause: NodeJS.ErrnoException, { host, port }: WebParts): WebError {
  switch (cause.code) {
    case "EADDRINUSE":
      return new WebError(`port ${port} is in use: set web.port`, { cause });
    case "EACCES":
      return new WebError(`port ${port} needs more rights than this program has: set web.port above 1023`, { cause });
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new WebError(`${host} is not an address of this machine: set web.host`, { cause });
    default:
      return new WebError(`cannot listen on ${host} port ${port}: ${cause.message}`, { cause });
  }
}

/** `0.0.0.0` and `::` are no address to go to. */
function urlOf({ address, port }: AddressInfo): string {
  const host = address === "0.0.0.0" || address === "::" ? "localhost" : address;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}/`;
}

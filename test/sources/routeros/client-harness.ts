import assert from "node:assert/strict";
import { after } from "node:test";
import type { Clock } from "../../../src/lib/clock.ts";
import { systemClock } from "../../../src/lib/clock.ts";
import {
  type OpenParts,
  openRouteros,
  type RouterosAccess,
  type RouterosClient,
} from "../../../src/sources/routeros/client.ts";
import { SourceError } from "../../../src/sources/source.ts";
import { type RouterosServer, type RouterosServerOptions, startRouterosServer } from "../../fakes/routeros/wire.ts";

/** Nothing of this ever aborts. */
export const never = new AbortController().signal;

export interface Opening {
  readonly access?: Partial<RouterosAccess>;
  readonly parts?: Partial<OpenParts>;
}

/** Opens a session on a simulated router, with the right password unless told otherwise. */
export function open(server: { readonly port: number }, { access, parts }: Opening = {}): Promise<RouterosClient> {
  return openRouteros(
    {
      name: "Hex",
      host: `127.0.0.1:${server.port}`,
      username: "api",
      password: "secret",
      tls: "off",
      fingerprint: "",
      code_page: "windows-1252",
      ...access,
    },
    { clock: systemClock, signal: never, ...parts },
  );
}

/** Runs `work` beside a simulated router that answers everything with no rows unless told otherwise. */
export async function withRouter<T>(
  options: Partial<RouterosServerOptions>,
  work: (server: RouterosServer) => Promise<T>,
): Promise<T> {
  const server = await startRouterosServer({
    user: "api",
    password: "secret",
    answer: () => ({ rows: [] }),
    ...options,
  });
  try {
    return await work(server);
  } finally {
    await server.close();
  }
}

/** As `withRouter`, with a session that is closed afterwards. */
export async function withClient<T>(
  options: Partial<RouterosServerOptions> & { readonly clock?: Clock },
  work: (client: RouterosClient, server: RouterosServer) => Promise<T>,
): Promise<T> {
  return await withRouter(options, async (server) => {
    const client = await open(server, options.clock === undefined ? {} : { parts: { clock: options.clock } });
    try {
      return await work(client, server);
    } finally {
      await client.close();
    }
  });
}

/** The error that `work` must end with. */
export async function failureOf(work: Promise<unknown>): Promise<SourceError> {
  const error = await work.then(
    () => assert.fail("it did not fail"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof SourceError, `no SourceError: ${String(error)}`);
  assert.match(error.message, /^Hex /, "a message names the router");
  assert.doesNotMatch(error.message, /secret/, "a message holds no password");
  return error;
}

/** In a file of tests: fails it when anything was thrown past everybody, also after its test had ended. */
export function nothingEscapes(): void {
  const escaped: unknown[] = [];
  const catchIt = (error: unknown) => escaped.push(error);
  process.on("uncaughtException", catchIt);
  process.on("unhandledRejection", catchIt);
  after(async () => {
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    process.removeListener("uncaughtException", catchIt);
    process.removeListener("unhandledRejection", catchIt);
    assert.deepEqual(escaped, []);
  });
}

import type { LoadedConfig } from "../config/load.ts";
import { type RouterSource, routerSourcesOf } from "../config/sources.ts";
import { type Clock, systemClock } from "../lib/clock.ts";
import { withDeadline } from "../lib/deadline.ts";
import { createLog } from "../lib/log.ts";
import { openSource } from "../sources/registry.ts";
import { settledSoon } from "../sources/run/settled.ts";
import { type PollingSource, SourceError } from "../sources/source.ts";
import type { Surroundings } from "./surroundings.ts";

interface SourceRequest {
  /** A router's name, or its slug. */
  readonly name: string;
  /** What the router says, in place of what we make of it. */
  readonly raw: boolean;
}

const deadlineMs = 30_000;
const graceMs = 1_000;
const clock: Clock = systemClock;

/** `netwarden source NAME [--raw]`: asks one router once and prints its answer as JSON; gives the exit code. */
export async function sourceCommand(
  loaded: LoadedConfig,
  { name, raw }: SourceRequest,
  world: Surroundings,
): Promise<number> {
  const routers = routerSourcesOf(loaded.config);
  const router = named(name, routers);
  if (router === undefined) {
    world.err(`${noSuchRouter(routers)}\n`);
    return 2;
  }
  const log = createLog("error", { write: world.err }, loaded.secrets);
  const driver = openSource(router.options, { clock, log });
  try {
    const answer = await inTime((signal) => (raw ? driver.raw(signal) : driver.poll(signal)), world.signal);
    world.out(`${JSON.stringify(answer, null, 2)}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    world.err(`${error.message} (${error.code})\n`);
    return 3;
  } finally {
    await closed(driver);
  }
}

function named(name: string, routers: readonly RouterSource[]): RouterSource | undefined {
  const small = name.toLowerCase();
  return (
    routers.find(({ settings }) => settings.name === name) ??
    routers.find(({ settings }) => settings.id === name) ??
    routers.find(({ settings }) => settings.name.toLowerCase() === small)
  );
}

function noSuchRouter(routers: readonly RouterSource[]): string {
  if (routers.length === 0) return "there is no router in the configuration: see routers";
  const names = routers.map(({ settings }) => `  ${settings.name} (${settings.id})`);
  return ["there is no such router in the configuration; there are:", ...names].join("\n");
}

async function inTime(ask: (signal: AbortSignal) => Promise<unknown>, stop: AbortSignal): Promise<unknown> {
  return await withDeadline({ clock, timeoutMs: deadlineMs, signal: stop }, async ({ signal, expired }) => {
    try {
      return await settledSoon(ask(signal), { clock, timeoutMs: graceMs, signal });
    } catch (error) {
      if (error instanceof SourceError) throw error;
      if (expired()) throw new SourceError("timeout", `the router did not answer within ${deadlineMs / 1_000} s`);
      if (stop.aborted) throw new SourceError("timeout", "it was stopped before the answer came");
      throw error;
    }
  });
}

/** The answer is there: however the session ends, it is no news. */
async function closed(driver: PollingSource): Promise<void> {
  await withDeadline({ clock, timeoutMs: graceMs, signal: new AbortController().signal }, async ({ signal }) => {
    await settledSoon(driver.close(), { clock, timeoutMs: 0, signal }).catch(() => undefined);
  });
}

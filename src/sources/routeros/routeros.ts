import type { SourceReading } from "../../model/devices/sighting.ts";
import { type PollingSource, SourceError, type SourceParts } from "../source.ts";
import { openRouteros, type RouterosAccess, type RouterosClient } from "./client.ts";
import { readClients } from "./clients.ts";
import { createDesk, type Desk } from "./desk.ts";
import { menus, type Tables } from "./menus.ts";
import { readPorts } from "./ports.ts";
import { readRouterFacts } from "./router-facts.ts";

/** A MikroTik router, read by its API. */
export interface RouterosOptions extends RouterosAccess {
  readonly kind: "routeros";
}

/**
 * A driver that keeps one session and asks its menus one after the other: small routers can't do more. Every login is a line
 * in the router's log, so it is not made anew as long as the old one lives.
 */
export function createRouterosSource(options: RouterosOptions, parts: SourceParts): PollingSource {
  let session: { readonly client: RouterosClient; readonly desk: Desk } | undefined;

  const open = async (signal: AbortSignal) => {
    await close();
    const client = await openRouteros(options, { clock: parts.clock, signal });
    session = { client, desk: createDesk(client, { ...parts, name: options.name }) };
    return session;
  };

  const close = async () => {
    const old = session;
    session = undefined;
    await old?.client.close();
  };

  /** A session that ended since the last poll is no failure: the router may have restarted in between. */
  const asked = async <T>(question: (desk: Desk) => Promise<T>, signal: AbortSignal): Promise<T> => {
    const kept = session?.client.alive === true ? session : undefined;
    const { client, desk } = kept ?? (await open(signal));
    try {
      return await question(desk);
    } catch (error) {
      if (client.alive) throw error;
      await close();
      if (kept === undefined || signal.aborted || !wasLost(error)) throw error;
      return await question((await open(signal)).desk);
    }
  };

  return {
    poll: (signal) => asked(async (desk) => toReading(await desk.ask(signal), options), signal),
    raw: (signal) => asked((desk) => desk.raw(signal), signal),
    close,
  };
}

/** Not after a time-out: a router that is too slow already would only get more to do. */
function wasLost(error: unknown): boolean {
  return error instanceof SourceError && (error.code === "unreachable" || error.code === "refused");
}

function toReading(
  { tables, denied }: { tables: Tables; denied: readonly string[] },
  access: RouterosAccess,
): SourceReading {
  if (tables.leases === undefined && tables.arp === undefined) throw nothingToTell(denied, access);
  const ports = readPorts(tables);
  // Without both of them nobody at a wire is seen: then who is not listed may still be there.
  const seesAll = tables.arp !== undefined || tables.bridgeHosts !== undefined;
  return {
    clients: readClients(tables, ports),
    coverage: seesAll ? "full" : "partial",
    router: readRouterFacts(tables, ports),
  };
}

function nothingToTell(denied: readonly string[], { name, username }: RouterosAccess): SourceError {
  const [leases, arp] = [menus.leases.path, menus.arp.path];
  return denied.includes(leases) || denied.includes(arp)
    ? new SourceError(
        "auth",
        `${name}: user ${username} may not see ${leases} and ${arp}: give its group the policy "read"`,
      )
    : new SourceError("protocol", `${name} has neither ${leases} nor ${arp}: is it a RouterOS?`);
}

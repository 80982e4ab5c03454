import { SourceError, type SourceParts } from "../source.ts";
import type { MenuAnswer, RouterosClient, RouterosRow } from "./client.ts";
import { type MenuName, menuNames, menus, type Tables } from "./menus.ts";

/** Asks a session's menus, each as often as it is worth. */
export interface Desk {
  /** What the router says now, and of slow menus what it said last. `denied` are paths. */
  ask(signal: AbortSignal): Promise<{ readonly tables: Tables; readonly denied: readonly string[] }>;
  /** All menus, now, by their path: rows, or `absent` or `denied`. */
  raw(signal: AbortSignal): Promise<Readonly<Record<string, readonly RouterosRow[] | "absent" | "denied">>>;
}

const slowMs = 60_000;
/** Packages and rights may come while a session lasts. */
const missingMs = 3_600_000;

interface Asked {
  readonly answer: MenuAnswer;
  readonly at: number;
}

export function createDesk(
  client: RouterosClient,
  { clock, log, name }: SourceParts & { readonly name: string },
): Desk {
  const held = new Map<MenuName, Asked>();

  const isDue = (menu: MenuName): boolean => {
    const last = held.get(menu);
    if (last === undefined) return true;
    const ageMs = clock.monotonic() - last.at;
    if ("missing" in last.answer) return ageMs >= missingMs;
    const { pace } = menus[menu];
    const isFast = pace === "eachPoll" || (pace === "whileFilled" && last.answer.rows.length > 0);
    return isFast || ageMs >= slowMs;
  };

  const print = async (menu: MenuName, signal: AbortSignal): Promise<MenuAnswer> => {
    const { path, properties } = menus[menu];
    return await client.print(path, properties, signal);
  };

  const refresh = async (menu: MenuName, signal: AbortSignal): Promise<void> => {
    try {
      const answer = await print(menu, signal);
      if ("missing" in answer && !held.has(menu))
        log.debug("a menu of a router can't be read", { router: name, menu: menus[menu].path, reason: answer.missing });
      held.set(menu, { answer, at: clock.monotonic() });
    } catch (error) {
      if (!canDoWithout(menu, error) || !client.alive) throw error;
      log.debug("a menu of a router failed", { router: name, menu: menus[menu].path, error });
      held.set(menu, { answer: held.get(menu)?.answer ?? { rows: [] }, at: clock.monotonic() });
    }
  };

  return {
    ask: async (signal) => {
      for (const menu of menuNames) if (isDue(menu)) await refresh(menu, signal);
      return { tables: tablesOf(held), denied: deniedOf(held) };
    },
    raw: async (signal) => {
      const said: Record<string, readonly RouterosRow[] | "absent" | "denied"> = {};
      for (const menu of menuNames) {
        const answer = await print(menu, signal);
        said[menus[menu].path] = "missing" in answer ? answer.missing : answer.rows;
      }
      return said;
    },
  };
}

/** A menu that only adds to the picture may answer with an error of its own: the rest is still worth having. */
const needed: ReadonlySet<MenuName> = new Set([
  "leases",
  "arp",
  "wireless",
  "wifi",
  "wifiwave2",
  "capsman",
  "bridgeHosts",
]);

function canDoWithout(menu: MenuName, error: unknown): boolean {
  return !needed.has(menu) && error instanceof SourceError && error.code === "protocol";
}

function tablesOf(held: ReadonlyMap<MenuName, Asked>): Tables {
  return Object.fromEntries(
    [...held].flatMap(([menu, { answer }]) => ("missing" in answer ? [] : [[menu, answer.rows]])),
  );
}

function deniedOf(held: ReadonlyMap<MenuName, Asked>): readonly string[] {
  return [...held].flatMap(([menu, { answer }]) =>
    "missing" in answer && answer.missing === "denied" ? [menus[menu].path] : [],
  );
}

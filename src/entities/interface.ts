import type { InterfaceView, RouterView } from "../model/devices/view.ts";
import type { Entity } from "./description.ts";
import { megabitsPerSecond } from "./figures.ts";

/** A router may make interfaces without end (one for each dial-in). */
const mostInterfaces = 64;

/**
 * The rows of each interface that a router has shown, by name, so that their order is the same at each start. They are
 * made once: an interface that comes and goes keeps its rows.
 */
export function createInterfaceRows(): (router: RouterView) => readonly Entity<RouterView>[] {
  const known = new Map<string, ReadonlyMap<string, readonly Entity<RouterView>[]>>();
  return (router) => {
    let rows = known.get(router.id) ?? new Map<string, readonly Entity<RouterView>[]>();
    const added = router.interfaces.filter(({ slug }) => !rows.has(slug)).slice(0, mostInterfaces - rows.size);
    if (added.length > 0) {
      const all = [...rows, ...added.map((one) => [one.slug, interfaceRows(one)] as const)];
      rows = new Map(all.toSorted(([a], [b]) => (a < b ? -1 : 1)));
      known.set(router.id, rows);
    }
    return [...rows.values()].flat();
  };
}

function interfaceRows({ slug, name }: InterfaceView): readonly Entity<RouterView>[] {
  const now = (router: RouterView) => router.interfaces.find((one) => one.slug === slug);
  return [
    {
      platform: "binary_sensor",
      key: `${slug}_running`,
      name: `${name} running`,
      deviceClass: "connectivity",
      category: "diagnostic",
      enabled: false,
      exists: (router) => now(router)?.running !== undefined,
      value: (router) => now(router)?.running,
    },
    rate(`${slug}_rx_rate`, `${name} receive rate`, {
      counted: (router) => now(router)?.rxBytes,
      bps: (router) => now(router)?.rxBps,
    }),
    rate(`${slug}_tx_rate`, `${name} transmit rate`, {
      counted: (router) => now(router)?.txBytes,
      bps: (router) => now(router)?.txBps,
    }),
  ];
}

type Figure = (router: RouterView) => number | undefined;

/** It exists from the first counter on; the rate itself takes two readings. */
function rate(key: string, name: string, of: { readonly counted: Figure; readonly bps: Figure }): Entity<RouterView> {
  return {
    platform: "sensor",
    key,
    name,
    deviceClass: "data_rate",
    unit: "Mbit/s",
    stateClass: "measurement",
    precision: 2,
    category: "diagnostic",
    enabled: false,
    exists: (router) => of.counted(router) !== undefined || of.bps(router) !== undefined,
    value: (router) => megabitsPerSecond(of.bps(router)),
  };
}

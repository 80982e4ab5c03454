import type { NetworkState, SourceState } from "./network.ts";
import { sourceOf } from "./network.ts";
import type { ClientSighting } from "./sighting.ts";
import type { DeviceState, Sighted } from "./state.ts";
import type { DevicePlace } from "./view.ts";

/** The sighting that tells best where the device is: by radio before by wire, then where it was, then the newest. */
export function bestSighting(
  device: Pick<DeviceState, "sightings"> & { readonly place?: DevicePlace | undefined },
  seen: readonly string[],
): { readonly source: string; readonly sighted: Sighted } | undefined {
  let best: { readonly source: string; readonly sighted: Sighted; readonly rank: number } | undefined;
  for (const key of Object.keys(device.sightings)) {
    const sighted = device.sightings[key];
    if (sighted?.sighting.connected !== true) continue;
    const source = sourceOf(key);
    if (!seen.includes(source)) continue;
    const rank = rankOf(sighted.sighting) + (device.place?.source === source ? 0.5 : 0);
    const better = best === undefined || rank > best.rank;
    if (better || (rank === best?.rank && sighted.connectedAt > best.sighted.connectedAt))
      best = { source, sighted, rank };
  }
  return best;
}

/** An association is where the client is; a wired port is where the way to it begins. */
function rankOf({ link, signalDbm, signalPercent, accessPoint, idleS = 0 }: ClientSighting): number {
  // An access point that the client has left may keep its association for minutes, silent.
  if (link === "wifi") return (signalDbm !== undefined || signalPercent !== undefined ? 3 : 2) - (idleS > 30 ? 0.6 : 0);
  return link === "wired" || accessPoint !== undefined ? 1 : 0;
}

/** Where a sighting puts its client. */
export function placeOf(sighting: ClientSighting, source: SourceState): DevicePlace {
  const { accessPoint, link, interface: port, ssid, band, network, signalDbm, signalPercent } = sighting;
  const point = accessPoint === undefined ? undefined : source.accessPoints.get(accessPoint);
  return {
    source: source.key,
    router: source.name,
    accessPoint: point?.name ?? accessPoint ?? source.name,
    main: point?.main ?? accessPoint === undefined,
    ...(link === undefined ? {} : { link }),
    ...(port === undefined ? {} : { interface: port }),
    ...(ssid === undefined ? {} : { ssid }),
    ...(band === undefined ? {} : { band }),
    ...(network === undefined ? {} : { network }),
    ...(signalDbm === undefined ? {} : { signalDbm }),
    ...(signalPercent === undefined ? {} : { signalPercent }),
  };
}

/** Another access point or router: not another band, port or signal, and not the same router by another of its sources. */
export function isElsewhere(a: DevicePlace, b: DevicePlace): boolean {
  return a.accessPoint !== b.accessPoint || a.router !== b.router;
}

/** What events say of a place, flat. `mesh_points`: how many the router has. */
export function placeFields(place: DevicePlace | undefined, sources: NetworkState["sources"]) {
  if (place === undefined) return {};
  const source = sources.get(place.source);
  return {
    router: place.router,
    access_point: place.accessPoint,
    main: place.main,
    band: place.band,
    network: place.network,
    link: place.link,
    interface: place.interface,
    interval: source === undefined ? undefined : Math.round(source.settings.intervalMs / 1000),
    mesh_points: source?.mesh.size,
    kind: source?.settings.kind,
  };
}

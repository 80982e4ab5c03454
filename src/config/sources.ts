import { isIP } from "node:net";
import { joinHostPort, splitHostPort } from "../lib/host-port.ts";
import { uniqueSlugs } from "../lib/slug.ts";
import type { SourceId, SourceSettings } from "../model/devices/sighting.ts";
import type { DeviceSettings } from "../model/settings.ts";
import type { MacupdOptions } from "../sources/ddwrt/macupd.ts";
import type { RouterOptions } from "../sources/registry.ts";
import { parseKnown } from "./known.ts";
import type { Config } from "./schema.ts";

/** The id of the reports; no router gets it. */
const macupdId: SourceId = "macupd";
/** The firmware's own interval between two reports. */
const macupdIntervalMs = 10_000;
const dayMs = 86_400_000;

/** A router that is polled: what the model must know of it, and what its driver must. */
export interface RouterSource {
  readonly settings: SourceSettings;
  readonly options: RouterOptions;
}

/** Every configured router, in the configuration's order. */
export function routerSourcesOf({ routers }: Config): readonly RouterSource[] {
  const ids = uniqueSlugs([macupdId, ...routers.map(({ name }) => name)]).slice(1);
  return routers.map(({ interval, ...options }, index) => {
    const { name, kind, host } = options;
    const settings = { id: ids[index] ?? "", name, kind, host, isRouter: true, intervalMs: interval * 1_000 };
    return { settings, options };
  });
}

/** All sources as the model knows them. */
export function sourceSettingsOf(config: Config): readonly SourceSettings[] {
  const routers = routerSourcesOf(config).map(({ settings }) => settings);
  const { enabled, host, port } = config.macupd;
  if (!enabled) return routers;
  const macupd: SourceSettings = {
    id: macupdId,
    name: macupdId,
    kind: "macupd",
    host: joinHostPort({ host, port }),
    isRouter: false,
    intervalMs: macupdIntervalMs,
  };
  return [...routers, macupd];
}

/**
 * What the listener for reports must know; `undefined`: it is switched off. Without configured senders these are the ddwrt routers and
 * the gateway, which `gateway` gives as it is now. A router whose host is a name, not an address, is not among them.
 */
export function macupdOptionsOf(config: Config, gateway: () => string | undefined): MacupdOptions | undefined {
  const { enabled, host, port, senders } = config.macupd;
  if (!enabled) return undefined;
  const routers = config.routers.map((router) => ({ ...router, address: addressOf(router.host) }));
  const nameOf = (address: string, otherwise: string) =>
    routers.find((router) => router.address === address)?.name ?? otherwise;
  const configured = new Map(senders.map((address) => [address, nameOf(address, address)]));
  const ddwrt = routers.flatMap(({ kind, address, name }) =>
    kind === "ddwrt" && isIP(address) !== 0 ? [[address, name] as const] : [],
  );
  return {
    host,
    port,
    senders: () => {
      if (senders.length > 0) return configured;
      const now = gateway();
      return new Map([...(now === undefined ? [] : [[now, nameOf(now, "Gateway")] as const]), ...ddwrt]);
    },
  };
}

/** How the network's clients are told apart, named, and watched. */
export function deviceSettingsOf({ known, ignore, presence, entities, alerts }: Config): DeviceSettings {
  return {
    known: known.map(parseKnown).filter((device) => typeof device !== "string"),
    ignore,
    awayAfterMs: presence.away_after * 1_000,
    forgetAfterMs: entities.forget_after_days * dayMs,
    poorSignalPercent: alerts.poor_signal,
    poorSignalDbm: alerts.poor_signal_dbm,
    hogDownBytes: alerts.hog_down_mb * 1_000_000,
    hogUpBytes: alerts.hog_up_mb * 1_000_000,
  };
}

function addressOf(host: string): string {
  return splitHostPort(host, 0).host;
}

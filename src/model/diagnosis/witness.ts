import type { Timestamp } from "../../lib/clock.ts";
import { gatewayOf } from "../checks.ts";
import type { SourceState } from "../devices/network.ts";
import type { Facts } from "../facts.ts";
import { absent, type Layer } from "./layer.ts";

/** The router's own word on its way out, where the gateway is a router that is read. */
export function wanLayer(facts: Facts, horizon: Timestamp): Layer {
  const router = gatewayRouter(facts);
  const up = router?.facts.wan?.up;
  if (router === undefined || up === undefined) return absent;
  const fresh = router.available === true && router.readingAt >= horizon;
  const port = router.facts.wan?.interface ?? "WAN port";
  return {
    ...absent,
    status: fresh ? (up ? "ok" : "bad") : "unknown",
    since: up ? 0 : router.readingAt,
    measuredAt: router.readingAt,
    detail: `${router.name} says that its ${port} is ${up ? "up" : "down"}`,
  };
}

const busyPercent = 90;

/** How busy the router says it is. */
export function routerLoadLayer(facts: Facts): Layer {
  const router = gatewayRouter(facts);
  const cpu = router?.facts.cpuPercent;
  if (router === undefined || cpu === undefined) return absent;
  const fresh = router.available === true && facts.at - router.readingAt < 60_000;
  return {
    ...absent,
    status: fresh ? (cpu >= busyPercent ? "bad" : "ok") : "unknown",
    measuredAt: router.readingAt,
    detail: `${router.name} says that its processor is busy at ${Math.round(cpu)} %`,
  };
}

/** Other routers and access points at home that are read: where they are silent too, it is not the gateway alone. */
export function peersLayer(facts: Facts, horizon: Timestamp): Layer {
  const gateway = gatewayRouter(facts);
  const peers = [...facts.network.sources.values()].filter(
    ({ settings, everRead, key }) => settings.isRouter && everRead && key !== gateway?.key,
  );
  if (peers.length === 0) return absent;
  const heard = peers.find(({ readingAt }) => readingAt >= horizon);
  const names = peers.map(({ name }) => name).join(", ");
  if (heard !== undefined)
    return { ...absent, status: "ok", measuredAt: heard.readingAt, detail: `${heard.name} answers` };
  const silent = peers.every(({ failure }) => failure !== undefined && failure.since >= horizon);
  return {
    ...absent,
    status: silent ? "bad" : "unknown",
    detail: silent ? `${names}: no answer either` : "being asked",
  };
}

/** The polled router that is this machine's gateway, by address or MAC. */
export function gatewayRouter({ network, settings, link }: Facts): SourceState | undefined {
  const gateway = gatewayOf(settings, link);
  for (const source of network.sources.values()) {
    if (!source.settings.isRouter) continue;
    const { host } = source.settings;
    const isHost =
      gateway !== undefined && (host === gateway || host.startsWith(`${gateway}:`) || host.startsWith(`[${gateway}]`));
    if (isHost || (source.facts.mac !== undefined && source.facts.mac === link?.gatewayMac)) return source;
  }
  return undefined;
}

import type { LoadedConfig } from "./config/load.ts";
import { macupdOptionsOf, routerSourcesOf, sourceSettingsOf } from "./config/sources.ts";
import type { SourceSettings } from "./model/devices/sighting.ts";
import { createMacupdSource } from "./sources/ddwrt/macupd.ts";
import { openSource } from "./sources/registry.ts";
import type { OpenSource } from "./sources/run/parts.ts";
import type { SourceParts } from "./sources/source.ts";

/** Who is asked and heard about the network's clients, as configured. `gateway` gives the gateway's address as it is now. */
export function sourcesOf(
  { config }: LoadedConfig,
  parts: SourceParts,
  gateway: () => string | undefined,
): readonly OpenSource[] {
  const routers = routerSourcesOf(config).map(({ settings: { id, name, intervalMs }, options }) => {
    return { way: "poll" as const, id, name, intervalMs, open: () => openSource(options, parts) };
  });
  const macupd = macupdOptionsOf(config, gateway);
  if (macupd === undefined) return routers;
  const reports = sourceSettingsOf(config).filter(({ isRouter }: SourceSettings) => !isRouter);
  return [
    ...routers,
    ...reports.map(({ id, name }) => ({
      way: "listen" as const,
      id,
      name,
      open: () => createMacupdSource(macupd, parts),
    })),
  ];
}

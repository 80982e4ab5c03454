import { uniqueSlugs } from "../lib/slug.ts";
import type { NamedAddress, Settings } from "../model/settings.ts";
import type { Config } from "./schema.ts";
import { deviceSettingsOf, sourceSettingsOf } from "./sources.ts";

/** What the model must know of the configuration. */
export function settingsOf(config: Config): Settings {
  const { dns, http, targets, isp_targets: hops } = config;
  // The gateway's and the hops' checks share one space of ids with the targets'; places before "enabled" is looked at
  // keep a target's slug as it is when another one is switched off.
  const slugs = uniqueSlugs(["gateway", ...targets.map(({ name }) => name), ...hops.map(({ name }) => name)]).slice(1);
  const slugAt = (index: number) => slugs[index] ?? "";
  return {
    site: config.site,
    gateway: config.gateway,
    modem: config.modem,
    intervalMs: config.interval * 1_000,
    heartbeatMs: config.heartbeat * 1_000,
    targets: targets.flatMap(({ name, host, tcp_port: tcpPort, icmp, enabled }, index) =>
      enabled ? [{ slug: slugAt(index), name, host, tcpPort, icmp }] : [],
    ),
    hops: hops.map(({ name, host }, index) => ({ slug: slugAt(targets.length + index), name, address: host })),
    dns: {
      hostname: dns.hostname,
      resolvers: named(
        dns.resolvers.map(({ name, host }) => ({ name, address: host })),
        ["router", "system", "public", "doh"],
      ),
      publicResolver: dns.public,
      dohUrl: dns.doh,
    },
    ipv6Targets: named(
      config.ipv6_targets.map(({ name, host }) => ({ name, address: host })),
      [],
    ),
    line: { downBps: config.line.down_mbps * 1e6, upBps: config.line.up_mbps * 1e6 },
    trace: {
      baselineMs: config.trace.baseline ? config.trace.baseline_interval * 1_000 : 0,
      intensive: config.trace.intensive,
      intensiveCount: config.trace.intensive_count,
    },
    sources: sourceSettingsOf(config),
    devices: deviceSettingsOf(config),
    http: {
      sites: named(
        http.urls.map((url) => ({ name: new URL(url).hostname, address: url })),
        ["by_address", "portal"],
      ),
      ipUrl: http.ip_url,
      portalUrl: http.portal_url,
    },
  };
}

/** With slugs that are neither among themselves nor with `reserved` the same. */
function named(entries: readonly Omit<NamedAddress, "slug">[], reserved: readonly string[]): readonly NamedAddress[] {
  const slugs = uniqueSlugs([...reserved, ...entries.map(({ name }) => name)]).slice(reserved.length);
  return entries.map((entry, index) => ({ slug: slugs[index] ?? "", ...entry }));
}

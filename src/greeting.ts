import type { Config } from "./config/schema.ts";
import type { Problem } from "./lib/install.ts";
import type { LinkFacts } from "./model/types.ts";
import type { EmbeddedBroker } from "./sinks/mqtt/broker.ts";

/** What was found out at the start. */
export interface Found {
  readonly link: LinkFacts;
  readonly engine: "fping" | "ping" | "tcp";
  readonly problems: readonly Problem[];
  readonly broker: EmbeddedBroker | undefined;
  readonly web: string;
  readonly dataDir: string;
}

const engines = {
  fping: "ICMP by fping, each second",
  ping: "ICMP by ping, less often",
  tcp: "TCP connections instead of ICMP",
};

/** Tells a person what is watched, where to look at it, and what is missing with the line that mends it. */
export function announce(
  found: Found,
  { config, say, source }: { readonly config: Config; readonly say: (text: string) => void; readonly source: string },
): void {
  const { link, broker } = found;
  const targets = config.targets
    .filter(({ enabled }) => enabled)
    .map(({ name, host }) => (name === host ? host : `${name} ${host}`));
  const more = targets.length > 8 ? `, and ${targets.length - 8} more` : "";
  const gateway = link.gateway ?? "none found: is there a default route?";
  const lines = [
    ["Configuration", source],
    ["Gateway", `${gateway}${link.interface === undefined ? "" : ` on ${link.interface}`}`],
    ["Targets", targets.slice(0, 8).join(", ") + more],
    ["Probes", engines[found.engine]],
    ["Broker", brokerText(config, broker)],
    ["Page", found.web],
    ["Data", found.dataDir],
    ...found.problems.map(({ capability, mend }) => ["Missing", `${capability}: ${mend}`]),
  ];
  say(
    `Netwarden watches ${config.site}\n${lines.map(([name = "", text = ""]) => `  ${name.padEnd(14)} ${text}\n`).join("")}`,
  );
}

function brokerText({ mqtt }: Config, broker: EmbeddedBroker | undefined): string {
  if (broker !== undefined)
    return `${broker.url} (embedded; point Home Assistant's MQTT integration at your own with mqtt.url)`;
  return mqtt.url === "" ? "none: set mqtt.url" : mqtt.url;
}

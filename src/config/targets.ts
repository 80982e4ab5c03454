import { z } from "zod";
import { slug } from "../lib/slug.ts";
import { cron, displayName, host, ipAddress, ipAddressOr, optionalWebUrl, webUrl, wholeBetween } from "./values.ts";

/** The most targets that one installation may probe. */
const mostTargets = 2_000;

const nameKey = displayName.optional().describe("For people; the host where it is left out.");
const withName = <T extends { readonly host: string; readonly name?: string | undefined }>(entry: T) => ({
  ...entry,
  name: entry.name ?? entry.host,
});

const targetEntry = z
  .strictObject({
    name: nameKey,
    host: host.describe("Address or host name to probe."),
    tcp_port: wholeBetween(0, 65_535).default(443).describe("Port of the TCP check; 0 leaves that check out."),
    icmp: z.boolean().default(true).describe("Send ICMP echo requests."),
    enabled: z.boolean().default(true).describe("false keeps the entry without probing it."),
  })
  .refine((target) => target.icmp || target.tcp_port !== 0, {
    error: "icmp: false together with tcp_port: 0 leaves nothing to measure",
  })
  .transform(withName);

const hopEntry = z.strictObject({ name: nameKey, host: ipAddress.describe("Address of the hop.") }).transform(withName);

const resolverEntry = z
  .strictObject({ name: nameKey, host: ipAddress.describe("Address of the resolver.") })
  .transform(withName);

const target = z.union([
  host.transform((address) => ({ name: address, host: address, tcp_port: 443, icmp: true, enabled: true })),
  targetEntry,
]);
const hop = z.union([ipAddress.transform((address) => ({ name: address, host: address })), hopEntry]);
const resolver = z.union([ipAddress.transform((address) => ({ name: address, host: address })), resolverEntry]);

/** What is measured, how often, and against what. */
export const measuring = {
  interval: z
    .number()
    .min(1)
    .max(86_400)
    .default(20)
    .describe("Seconds between full cycles of all checks, at least 1."),
  heartbeat: z
    .number()
    .default(1)
    .refine((seconds) => seconds === 0 || (seconds >= 0.2 && seconds <= 60), { error: "must be 0, or from 0.2 to 60" })
    .describe(
      "Seconds between light probes of gateway and targets, 0.2 to 60, so that a cut is noticed at once; 0 is off.",
    ),
  targets: listOf(target, mostTargets)
    .prefault([
      { name: "Cloudflare", host: "1.1.1.1" },
      { name: "Google", host: "8.8.8.8" },
      { name: "Quad9", host: "9.9.9.9" },
    ])
    .describe(
      "Hosts on the Internet that tell whether it works, best of different operators. An entry may also be just the host.",
    ),
  isp_targets: listOf(hop, 100)
    .prefault([])
    .meta({
      description: "Addresses of the provider's hops. An entry may also be just the address.",
      example: [{ name: "Provider edge", host: "100.64.0.1" }, "198.51.100.1"],
    }),
  ipv6_targets: listOf(hop, 20)
    .prefault([
      { name: "Cloudflare", host: "2606:4700:4700::1111" },
      { name: "Quad9", host: "2620:fe::fe" },
    ])
    .describe("Addresses on the Internet that tell whether IPv6 works; asked only where this machine has IPv6."),
  dns: z
    .strictObject({
      hostname: host.default("example.com").describe("The name that each resolver is asked for."),
      resolvers: listOf(resolver, 20)
        .prefault([])
        .meta({
          description:
            "Resolvers to test beside the system's, the gateway's and the public ones. An entry may also be just the address.",
          example: [{ name: "Pi-hole", host: "192.168.1.2" }, "9.9.9.10"],
        }),
      public: ipAddressOr("").default("1.1.1.1").describe("The public resolver that is asked by UDP; empty for none."),
      doh: optionalWebUrl
        .default("https://1.1.1.1/dns-query")
        .describe("The public resolver that is asked by HTTPS; empty for none."),
    })
    .prefault({})
    .describe("Name resolution. The system's and the gateway's resolvers are always tested."),
  http: z
    .strictObject({
      urls: z
        .array(webUrl)
        .max(20)
        .default(["https://example.com/", "https://www.wikipedia.org/"])
        .describe("Pages of different operators, fetched by name."),
      ip_url: optionalWebUrl
        .default("https://1.1.1.1/")
        .describe("A page fetched without name resolution; empty for none."),
      portal_url: optionalWebUrl
        .default("http://connectivitycheck.gstatic.com/generate_204")
        .describe("A page that answers 204 when no captive portal is in the way; empty for none."),
    })
    .prefault({})
    .describe("Web pages."),
  trace: z
    .strictObject({
      baseline: z.boolean().default(true).describe("Trace the path to the targets in normal times, to compare with."),
      baseline_interval: wholeBetween(60, 86_400).default(900).describe("Seconds between baseline traces."),
      intensive: z.boolean().default(true).describe("Trace the path closely while something is wrong."),
      intensive_count: wholeBetween(1, 1_000).default(60).describe("Probes a hop in an intensive trace."),
    })
    .prefault({})
    .describe("Path traces."),
  analyze_on_outage: z.boolean().default(true).describe("Write an outage report when an outage has ended."),
  schedule: z
    .strictObject({
      active: cron
        .default("* * * * *")
        .describe('Cron expression of the minutes in which to measure, "* 7-23 * * *"; outside them is "no data".'),
    })
    .prefault({})
    .describe("When to measure."),
};

/** A list whose entries have names that stay different as parts of topics. */
function listOf<Entry extends z.ZodType>(entry: Entry, most: number) {
  return z
    .array(entry)
    .max(most)
    .superRefine(
      (entries: readonly unknown[], context) => {
        if (!Array.isArray(entries)) return;
        for (const { index, first } of repeatedNames(entries)) {
          const message = `has the same name as entry ${first + 1} (case, spaces and signs do not count): give it another one`;
          context.addIssue({ code: "custom", path: [index], message });
        }
      },
      // Also beside other issues: a bad file shall show all of them at once.
      { when: () => true },
    );
}

function repeatedNames(entries: readonly unknown[]) {
  const seen = new Map<string, number>();
  return entries.flatMap((entry, index) => {
    const name = nameOf(entry);
    if (name === undefined) return [];
    const first = seen.get(slug(name));
    if (first !== undefined) return [{ index, first }];
    seen.set(slug(name), index);
    return [];
  });
}

function nameOf(entry: unknown): string | undefined {
  if (typeof entry !== "object" || entry === null) return undefined;
  const { name, host: address } = entry as { readonly name?: unknown; readonly host?: unknown };
  const shown = name ?? address;
  return typeof shown === "string" && shown !== "" && shown.length <= 253 ? shown : undefined;
}

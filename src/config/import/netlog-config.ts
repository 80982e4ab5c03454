import { z } from "zod";
import { ConfigError } from "../error.ts";
import { printable } from "../keys.ts";
import { messageOf } from "../messages.ts";
import { configSchema } from "../schema.ts";
import { host, ipAddress, ipAddressOr, port, text, webUrl, wholeBetween } from "../values.ts";
import type { Imported } from "./macupd-conf.ts";

/** Its keys that mean something here; each may be missing. */
const schema = z.object({
  gateway: ipAddressOr("auto").optional(),
  targets: z.array(host).max(2_000).optional(),
  http_url: webUrl.optional(),
  http_ip_url: webUrl.optional(),
  tcp_test_ip: host.optional(),
  tcp_test_port: port.optional(),
  dns_test_hostname: host.optional(),
  ping_interval_sec: z.number().min(1).max(86_400).optional(),
  isp_targets: z.array(ipAddress).max(100).optional(),
  mtr_baseline_enabled: z.boolean().optional(),
  mtr_baseline_period_sec: wholeBetween(60, 86_400).optional(),
  mtr_intensive_enabled: z.boolean().optional(),
  mtr_intensive_count: wholeBetween(1, 1_000).optional(),
  analyze_on_outage: z.boolean().optional(),
  log_dir: text.optional(),
});
const usualPort = 443;

/**
 * Reads the older outage logger's `config.json`. Its keys that begin with `_` are its comments. Throws `ConfigError` with each
 * key that is wrong.
 */
export function parseNetlogConfig(content: string, file: string): Imported {
  const given = objectOf(content, file);
  const keys = Object.keys(given).filter((key) => !key.startsWith("_"));
  const known = keys.filter((key) => Object.hasOwn(schema.shape, key));
  if (known.length === 0)
    throw new ConfigError([{ file, path: "", message: "holds no setting of the older outage logger" }]);
  const parsed = schema.safeParse(given, { error: messageOf });
  if (!parsed.success) {
    const issues = parsed.error.issues.map(({ path, message }) => ({
      file,
      path: path.map(String).join("."),
      message,
    }));
    throw new ConfigError(issues);
  }
  const old = parsed.data;
  const filled = <T extends object>(key: string, part: T) => (Object.keys(part).length === 0 ? {} : { [key]: part });
  const sites = old.http_url === undefined ? undefined : twoSites(old.http_url);
  const patch = {
    ...(old.gateway !== undefined && { gateway: old.gateway }),
    ...(old.ping_interval_sec !== undefined && { interval: old.ping_interval_sec }),
    ...(old.targets !== undefined && { targets: targetsOf(old.targets, old) }),
    ...(old.isp_targets !== undefined && { isp_targets: unique(old.isp_targets) }),
    ...filled("dns", { ...(old.dns_test_hostname !== undefined && { hostname: old.dns_test_hostname }) }),
    ...filled("http", {
      ...(sites !== undefined && { urls: sites }),
      ...(old.http_ip_url !== undefined && { ip_url: old.http_ip_url }),
    }),
    ...filled("trace", {
      ...(old.mtr_baseline_enabled !== undefined && { baseline: old.mtr_baseline_enabled }),
      ...(old.mtr_baseline_period_sec !== undefined && { baseline_interval: old.mtr_baseline_period_sec }),
      ...(old.mtr_intensive_enabled !== undefined && { intensive: old.mtr_intensive_enabled }),
      ...(old.mtr_intensive_count !== undefined && { intensive_count: old.mtr_intensive_count }),
    }),
    ...(old.analyze_on_outage !== undefined && { analyze_on_outage: old.analyze_on_outage }),
  };
  return { patch, notes: notesOf(old, { keys, known, sites }) };
}

type Old = z.output<typeof schema>;

function notesOf(
  { log_dir: logDir, tcp_test_ip: tcp, targets }: Old,
  {
    keys,
    known,
    sites,
  }: {
    readonly keys: readonly string[];
    readonly known: readonly string[];
    readonly sites: readonly string[] | undefined;
  },
): readonly string[] {
  const others = keys.filter((key) => !known.includes(key)).map(printable);
  const elsewhere = tcp !== undefined && targets !== undefined && !targets.includes(tcp);
  return [
    ...(sites !== undefined && sites.length > 1
      ? [
          `http.urls: ${sites[1]} comes beside the page of the file: one page alone tells a dead page from a dead line badly`,
        ]
      : []),
    ...(elsewhere ? ["tcp_test_ip is no target: here each target is also asked by TCP"] : []),
    ...(logDir === undefined || logDir === ""
      ? []
      : [
          `log_dir: import its log with: netwarden import netlog ${printable(`${logDir.replace(/\/+$/, "")}/netlog.csv`)}`,
        ]),
    ...(others.length === 0 ? [] : [`without a meaning here: ${others.slice(0, 20).join(", ")}`]),
  ];
}

/** Each target is asked by TCP here; the port that the file names is that of one of them. */
function targetsOf(hosts: readonly string[], { tcp_test_ip: tcp, tcp_test_port: tcpPort = usualPort }: Old) {
  return unique(hosts).map((address) =>
    address === tcp && tcpPort !== usualPort ? { host: address, tcp_port: tcpPort } : address,
  );
}

/** The page of the file, and one of ours that is another's. */
function twoSites(url: string): readonly string[] {
  const ours = configSchema.parse({}).http.urls;
  const other = ours.find((each) => URL.parse(each)?.hostname !== URL.parse(url)?.hostname);
  return other === undefined ? [url] : [url, other];
}

function objectOf(content: string, file: string): Readonly<Record<string, unknown>> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(content.replace(/^\ufeff/, "")));
  } catch {
    throw new ConfigError([{ file, path: "", message: "is not a JSON object", line: 1, column: 1 }]);
  }
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}

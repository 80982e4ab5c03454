import type { Analysis } from "../../../src/reports/analyze/analysis.ts";
import { createNetlogAnalysis, type NetlogOptions } from "../../../src/reports/analyze/netlog.ts";

/** All columns of the older tool's newest version. */
export const header =
  "local_timestamp,utc_timestamp,gateway_ms,targets_reachable,dns_ok,http_dns_ok,http_ip_ok,tcp443_ok,overall_status," +
  "trace_file,intensive_trace_bundle,wan_diag_file,root_cause_hint,isp_reachable,isp_tcp_ok,baseline_mtr_bundle,isp_detail";

const rests = {
  ok: "0.50,4/4,1,1,1,1,OK,,,,,2/2,1,,192.0.2.1:ok;192.0.2.2:ok",
  wan: "0.60,0/4,0,0,0,0,WAN_DOWN,,,,Transport,1/2,0,,192.0.2.1:ok;192.0.2.2:down",
  lan: ",0/4,0,0,0,0,LAN_DOWN,,,,Transport,0/2,0,,192.0.2.1:down;192.0.2.2:down",
  dns: "0.70,4/4,0,0,1,1,DNS_APP_FAIL,,,,DNS,2/2,1,,",
  page: "0.70,4/4,1,0,1,1,DNS_APP_FAIL,,,,DNS,2/2,1,,",
  app: "0.70,4/4,0,0,0,0,APP_LAYER_FAIL,,,,Transport,2/2,1,,",
  icmp: "0.80,0/4,1,1,1,1,WAN_DOWN,,,,ICMP-only,2/2,1,,",
  gatewayPing: ",4/4,1,1,1,1,LAN_DOWN,,,,Mixed,2/2,1,,",
} as const;

export type RowKind = keyof typeof rests;

/** A Monday, 13:00 where local time is an hour ahead. */
export const start = 1_768_219_200_000;

/** One row, so many seconds after the start. */
export function row(kind: RowKind, seconds: number): string {
  const at = start + seconds * 1_000;
  const local = new Date(at + 3_600_000).toISOString().slice(0, 19).replace("T", " ");
  return `${local},${new Date(at).toISOString().slice(0, 19)}+00:00,${rests[kind]}`;
}

/** Rows twenty seconds apart. */
export function rows(kinds: readonly RowKind[], from = 0): readonly string[] {
  return kinds.map((kind, index) => row(kind, from + index * 20));
}

export const file = (lines: readonly string[]) => `${[header, ...lines].join("\r\n")}\r\n`;

/** The report of these files. */
export function analyze(
  files: readonly (string | Uint8Array)[],
  options: Partial<NetlogOptions> = {},
): Analysis | undefined {
  const analysis = createNetlogAnalysis({ utcOffsetAt: () => 3_600_000, names: ["netlog.csv"], ...options });
  for (const content of files) {
    const bytes = Buffer.from(content as string);
    for (let at = 0; at < bytes.length; at += 1_000) analysis.push(bytes.subarray(at, at + 1_000));
    analysis.endFile();
  }
  return analysis.result();
}

/** The same; throws when there is no row. */
export function analyzed(files: readonly (string | Uint8Array)[], options: Partial<NetlogOptions> = {}): Analysis {
  const made = analyze(files, options);
  if (made === undefined) throw new Error("there is no row");
  return made;
}

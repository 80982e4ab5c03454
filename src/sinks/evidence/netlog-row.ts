import { localDay, localTime, type Timestamp, utcTime } from "../../lib/clock.ts";
import type { TargetView, View } from "../../model/view.ts";
import { netlogColumns } from "../../reports/netlog-format.ts";

/** Names of files that got something since the row before. */
export interface NetlogFiles {
  readonly baseline?: readonly string[];
  readonly intensive?: readonly string[];
  readonly wanDiag?: string | undefined;
}

/** One cycle as a row, without the line's end; `undefined` when nothing was measured. */
export function netlogRow(view: View, at: Timestamp, files: NetlogFiles = {}): string | undefined {
  const { status, hint } = view.verdict;
  if (status === undefined) return undefined;
  const broken = status !== "OK";
  // What lies behind the break is not asked, or not believed: the older tool asked it in vain and wrote 0.
  const flag = (ok: boolean | undefined) => (ok === undefined ? (broken ? "0" : "") : ok ? "1" : "0");
  const tested = (targets: readonly TargetView[]) =>
    targets.filter(({ reachable }) => reachable !== undefined || broken);
  const share = (targets: readonly TargetView[]) =>
    `${targets.filter(({ reachable }) => reachable === true).length}/${targets.length}`;
  const hops = tested(view.hops);
  const hopTcp = view.hops.flatMap(({ tcp }) => (tcp === undefined ? [] : [tcp]));
  const row: Readonly<Record<(typeof netlogColumns)[number], string>> = {
    local_timestamp: `${localDay(at)} ${localTime(at)}`,
    utc_timestamp: utcTime(at),
    gateway_ms: view.gateway === false ? "" : (view.gatewayRttMs?.toFixed(2) ?? ""),
    targets_reachable: share(tested(view.targets)),
    dns_ok: flag(view.dns),
    http_dns_ok: flag(view.httpName),
    http_ip_ok: flag(view.httpIp),
    tcp443_ok: flag(view.tcp),
    overall_status: status,
    trace_file: files.intensive?.[0] ?? "",
    intensive_trace_bundle: bundle(files.intensive),
    wan_diag_file: files.wanDiag ?? "",
    root_cause_hint: hint ?? "",
    isp_reachable: hops.length === 0 ? "" : share(hops),
    isp_tcp_ok: hopTcp.length === 0 ? "" : flag(hopTcp.includes(true)),
    baseline_mtr_bundle: bundle(files.baseline),
    isp_detail: hops.map(({ host, reachable }) => `${host}:${reachable === true ? "ok" : "down"}`).join(";"),
  };
  return netlogColumns.map((column) => csvCell(row[column])).join(",");
}

function bundle(names: readonly string[] = []): string {
  return [...new Set(names)].join(";");
}

/** One cell: on one line, quoted where it must be, and never a formula to a spreadsheet. */
export function csvCell(text: string): string {
  // Not even a control character that a spreadsheet would trim to get at the formula behind it.
  const line = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ");
  const safe = /^\s*[=+\-@＝＋－＠]/.test(line) ? `'${line}` : line;
  return /[",]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

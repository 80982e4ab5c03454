import { netlogColumns } from "../netlog-format.ts";
import { type CsvRow, cellText } from "./csv-scan.ts";

/** Where each column lies; -1: the file has none of it. */
export interface NetlogColumns {
  readonly local: number;
  readonly utc: number;
  readonly gateway: number;
  readonly targets: number;
  readonly dns: number;
  readonly httpName: number;
  readonly httpIp: number;
  readonly tcp: number;
  readonly status: number;
  readonly traces: number;
  readonly hint: number;
  readonly isp: number;
  readonly ispDetail: number;
  /** How many columns there are, and their names, for people. */
  readonly names: readonly string[];
}

/** A file's columns are not those of a netlog.csv; the message names the one that is missing. */
export class NetlogError extends Error {
  override readonly name = "NetlogError";
}

const known: ReadonlySet<string> = new Set(netlogColumns);

/** The columns that a row names when it is a header; `undefined`: it is none. Throws `NetlogError` when one is missing. */
export function readHeader(row: CsvRow): NetlogColumns | undefined {
  const names = Array.from({ length: row.cells }, (_, index) => cellText(row, index).trim().toLowerCase());
  if (!names.some((name) => known.has(name))) return undefined;
  return columnsOf(names.map((name) => name.slice(0, 60)));
}

/** For a file without a header: by place, when there are as many as in the newest files; else `undefined`. */
export function columnsByPlace(row: CsvRow): NetlogColumns | undefined {
  return row.cells === netlogColumns.length ? columnsOf(netlogColumns) : undefined;
}

function columnsOf(names: readonly string[]): NetlogColumns {
  const find = (...wanted: readonly string[]) => names.findIndex((name) => wanted.includes(name));
  const columns: NetlogColumns = {
    local: find("local_timestamp", "timestamp"),
    utc: find("utc_timestamp"),
    gateway: find("gateway_ms"),
    targets: find("targets_reachable"),
    dns: find("dns_ok"),
    // Older files have one page only, fetched by name.
    httpName: find("http_dns_ok", "http_ok"),
    httpIp: find("http_ip_ok"),
    tcp: find("tcp443_ok"),
    status: find("overall_status"),
    traces: find("intensive_trace_bundle"),
    hint: find("root_cause_hint"),
    isp: find("isp_reachable"),
    ispDetail: find("isp_detail"),
    names,
  };
  const shown = names.slice(0, 8).map((name) => name.replace(/[^\w -]/g, "?"));
  const has = `it has ${shown.join(", ")}${names.length > shown.length ? ", …" : ""}`;
  if (columns.status === -1) throw new NetlogError(`the column overall_status is missing (${has})`);
  if (columns.local === -1 && columns.utc === -1)
    throw new NetlogError(`the column local_timestamp or utc_timestamp is missing (${has})`);
  return columns;
}

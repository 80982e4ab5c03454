import { join } from "node:path";
import { localDay, localTime, type Timestamp } from "../../lib/clock.ts";
import type { Mac } from "../../lib/mac.ts";
import { macupdFileName, readLog } from "../../reports/macupd-logs.ts";
import { fullCell, type MacupdRow, mergeRows, parseMacupdRows, rowKey } from "../../reports/macupd-row.ts";

/** A client that a report listed: one packet to the older tool. */
export interface Packet {
  readonly at: Timestamp;
  readonly mac: Mac;
  readonly name: string;
  readonly ip: string;
  readonly iface: string;
}

/** What macupd told on one local day. It changes: only the sink has it. */
export interface MacupdDay {
  readonly day: string;
  readonly rows: Map<string, MacupdRow>;
  /** Something is not in the file yet; `due`: it should be at once. */
  changed: boolean;
  due: boolean;
}

/** Rows of a day at most: anybody on the network can make some up. */
const mostRows = 10_000;

/** A day as its files left it: a restart, or a clock that went back, goes on with them. `problems`: why one can't be read. */
export async function openDay(
  day: string,
  dirs: readonly string[],
): Promise<{ readonly state: MacupdDay; readonly problems: readonly string[] }> {
  const problems: string[] = [];
  const rows = new Map<string, MacupdRow>();
  for (const dir of dirs) {
    const { text, problem, absent } = await readLog(join(dir, macupdFileName("tracker", day)));
    if (problem !== undefined && absent !== true) problems.push(problem);
    for (const row of parseMacupdRows(text).rows) {
      const key = rowKey(row);
      const other = rows.get(key);
      if (row.day === day) rows.set(key, other === undefined ? row : mergeRows(other, row));
    }
  }
  return { state: { day, rows, changed: false, due: false }, problems };
}

/** Counts a packet in the cell of its local hour. */
export function count(state: MacupdDay, { at, mac, name, ip, iface }: Packet): void {
  const key = rowKey({ mac, ip, iface });
  const time = localTime(at).slice(0, 5).replace(":", "");
  const hour = Number(time.slice(0, 2));
  const known = state.rows.get(key);
  if (known === undefined && state.rows.size >= mostRows) return;
  const row = known ?? { mac, name, ip, iface, day: localDay(at), first: time, last: time, cells: noCells };
  const before = row.cells[hour] ?? 0;
  const cells = before >= fullCell ? row.cells : row.cells.with(hour, before + 1);
  // An hour that comes twice, as in autumn, must not make `last` go back.
  const last = time.localeCompare(row.last) > 0 ? time : row.last;
  if (cells === row.cells && last === row.last && name === row.name) return;
  state.rows.set(key, { ...row, name, last, cells });
  state.changed = true;
  if (before === 0) state.due = true;
}

/** The row of a MAC that was heard last. */
export function latestRow(state: MacupdDay, mac: Mac): MacupdRow | undefined {
  const own = [...state.rows.values()].filter((row) => row.mac === mac);
  return own.reduce<MacupdRow | undefined>(
    (latest, row) => (latest === undefined || row.last >= latest.last ? row : latest),
    undefined,
  );
}

const noCells: readonly number[] = Array.from({ length: 24 }, () => 0);

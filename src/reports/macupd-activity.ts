import { fullCell, type MacupdRow, mergeRows, unknownName } from "./macupd-row.ts";

/** What a device did on a day, over all its addresses. */
export interface DeviceDay extends MacupdRow {
  /** Of each of the 24 hours, the bits of ten 6-minute slots. */
  readonly cells: readonly number[];
}

/** Rows of tracker logs, one a device and day; `name` is `""` where nobody named it. */
export function deviceDays(rows: readonly MacupdRow[]): readonly DeviceDay[] {
  const days = new Map<string, MacupdRow>();
  for (const row of rows) {
    const key = `${row.mac} ${row.day}`;
    const other = days.get(key);
    days.set(key, other === undefined ? row : merged(other, row));
  }
  return [...days.values()].map((row) => ({
    ...row,
    name: row.name === unknownName ? "" : row.name,
    cells: row.cells.map(slotsOf),
  }));
}

/** With the address that was heard last. */
function merged(one: MacupdRow, other: MacupdRow): MacupdRow {
  return one.last.localeCompare(other.last) > 0 ? mergeRows(one, other) : mergeRows(other, one);
}

/** The log tells how often a device was heard in an hour, not when: so many slots, from the hour's beginning, are taken. */
function slotsOf(count: number): number {
  return 2 ** Math.min(count, fullCell) - 1;
}

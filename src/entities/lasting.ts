import type { Entity } from "./description.ts";

/**
 * The rows that exist, in the order of the table: those whose fact is there now or was there before. The same array as
 * before as long as there is nothing new, so that a value that is missing for a while costs no entity.
 */
export function lastingRows<S>(
  table: readonly Entity<S>[],
  of: S,
  before: readonly Entity<never>[] | undefined,
): readonly Entity<S>[] {
  const had = new Set(before?.map(({ key }) => key));
  const rows = table.filter((row) => had.has(row.key) || row.exists === undefined || row.exists(of));
  return before !== undefined && rows.length === before.length ? (before as readonly Entity<S>[]) : rows;
}

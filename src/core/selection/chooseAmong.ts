import type { RowSet } from "../rowSet.ts";

/**
 * The rows that a selection chooses among, ascending; null: all.
 * @param shown what the filter leaves, in any order; null where that does not count
 * @param excluded rows to leave out
 */
export function rowsToChooseAmong(shown: Uint32Array | null, excluded: RowSet, rows: number): Uint32Array | null {
  if (excluded.size === 0) return shown && Uint32Array.from(shown).sort();
  const all = shown ?? Uint32Array.from({ length: rows }, (_, row) => row);
  return all.filter((row) => !excluded.has(row)).sort();
}

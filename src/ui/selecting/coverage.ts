import type { SelectionRecord } from "../../core/records.ts";

/** Rows that any selection has chosen, each once. */
export function rowsChosenEarlier(selections: readonly SelectionRecord[]): Set<number> {
  const rows = new Set<number>();
  for (const selection of selections) for (const row of selection.rows) rows.add(row);
  return rows;
}

/** Why the pick of this rank (from 1) was taken, in a sentence. */
export function whyPicked(shown: SelectionRecord, ranks: ReadonlyMap<number, number>, rank: number): string {
  const nearest = shown.nearestChosen[rank - 1] ?? -1;
  const distance = shown.pickDistances[rank - 1] ?? 0;
  if (nearest < 0) return "where it begins, the first image of the project";
  const nearestRank = ranks.get(nearest);
  const before = rank > 1 ? "everything chosen before" : "everything chosen earlier";
  const from = nearestRank === undefined ? "the nearest image chosen earlier" : `pick ${nearestRank}`;
  return `farthest from ${before}, ${distance.toFixed(2)} from ${from}`;
}

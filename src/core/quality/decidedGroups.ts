import type { RowSet } from "../rowSet.ts";

/** By group: 1 where every image was decided about, either left out or kept on purpose. */
export const decidedGroups = (groups: readonly Uint32Array[], excluded: RowSet, kept: RowSet): Uint8Array =>
  Uint8Array.from(groups, (group) => (group.every((row) => excluded.has(row) || kept.has(row)) ? 1 : 0));

/** The place of the next group that is undecided after `from`, from the beginning again at the end; −1 for none. */
export function nextUndecided(decided: Uint8Array, from: number): number {
  const after = decided.indexOf(0, from + 1);
  return after >= 0 ? after : decided.indexOf(0);
}

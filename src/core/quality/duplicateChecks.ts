import { groupScores } from "./exactDuplicates.ts";
import type { CheckedRows } from "./issueTable.ts";

/**
 * Groups of duplicates as checks of their images; a score is 1 / size of the group. An image counts as a near duplicate
 * only in a group that holds more than exact duplicates of one another.
 * @param exact groups of images that are the same
 * @param near groups of images that are nearly the same, the exact ones among them
 */
export function duplicateChecks(
  exact: readonly Uint32Array[],
  near: readonly Uint32Array[],
  rows: number,
): Record<"exact_duplicate" | "near_duplicate", CheckedRows> {
  const exactOf = new Int32Array(rows).fill(-1);
  for (const [group, members] of exact.entries()) for (const row of members) exactOf[row] = group;
  const looser = near.filter((group) => {
    const first = exactOf[group[0]!]!;
    return first === -1 || group.some((row) => exactOf[row] !== first);
  });
  const checked = (groups: readonly Uint32Array[]): CheckedRows => ({
    scores: groupScores(groups, rows),
    flagged: Uint32Array.from(groups.flatMap((group) => [...group])).sort(),
  });
  return { exact_duplicate: checked(exact), near_duplicate: checked(looser) };
}

import type { DuplicatePairs } from "../core/cluster/duplicatePairs.ts";
import { duplicateThreshold, nearDuplicates } from "../core/cluster/nearDuplicates.ts";
import type { CategoryField } from "../core/explore/field.ts";
import type { ImageTable } from "../core/imageTable.ts";
import { exactDuplicates } from "../core/quality/exactDuplicates.ts";

/** Which images are duplicates under the strictness that is asked for. */
export interface Duplicates {
  pairs: DuplicatePairs;
  /** Groups of equal bytes or pixels; they do not depend on the strictness. */
  exact: readonly Uint32Array[];
  /** Distance that a person asked for; null: {@link duplicateThreshold}. */
  asked: number | null;
  /** The one in force. */
  threshold: number;
  /** Groups of two and more, exact ones among them: rows ascending, the largest group first. */
  groups: readonly Uint32Array[];
}

/** Groups the images anew; quick enough to follow a slider. */
export function duplicatesOf(pairs: DuplicatePairs, exact: readonly Uint32Array[], asked: number | null): Duplicates {
  const threshold = asked ?? duplicateThreshold(pairs);
  return { pairs, exact, asked, threshold, groups: nearDuplicates(pairs, { threshold, same: exact }) };
}

/** As {@link duplicatesOf}, of a project's images. */
export const duplicatesAmong = (images: ImageTable, pairs: DuplicatePairs, asked: number | null): Duplicates =>
  duplicatesOf(
    pairs,
    // Images that came after the pairs were found are left for the next time.
    exactDuplicates(images).flatMap((group) => {
      const there = group.filter((row) => row < pairs.rows);
      return there.length > 1 ? [there] : [];
    }),
    asked,
  );

/** The groups as a field; “group 1” is the largest. */
export function duplicatesField({ pairs, groups }: Duplicates): CategoryField {
  const ofRow = new Int32Array(pairs.rows).fill(-1);
  for (const [group, members] of groups.entries()) for (const row of members) ofRow[row] = group;
  return {
    id: "duplicates",
    title: "Near duplicates",
    kind: "category",
    names: groups.map((_, i) => `group ${i + 1}`),
    ofRow,
    hint: "Images so alike that one of each group is probably enough.",
  };
}

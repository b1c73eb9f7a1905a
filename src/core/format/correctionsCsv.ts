import type { HeldSet } from "../annotations/heldSet.ts";
import { csvChunks } from "./csvRows.ts";

/** What a person corrected in some labels, oldest first: which image, from what to what, what suggested it, and when. */
export function correctionsCsv(
  { classes, corrections }: Pick<HeldSet, "classes" | "corrections">,
  paths: readonly string[],
): Generator<string, void, void> {
  const cells = function* (): Generator<(string | null)[]> {
    for (const { rows, before, after, by, at } of corrections) {
      const when = new Date(at).toISOString();
      for (const [i, row] of rows.entries()) {
        yield [paths[row] ?? "", classes[before[i]!] ?? null, classes[after[i]!] ?? null, by || null, when];
      }
    }
  };
  return csvChunks(["path", "label_before", "label_after", "suggested_by", "corrected_at"], cells());
}

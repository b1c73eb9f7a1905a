import type { SuspiciousBox } from "./boxErrors.ts";
import { isSameBox, type NamedBox } from "./keptBox.ts";
import { AnnotationSetBuilder } from "./setBuilder.ts";
import { columnsOf, type SetColumns, takeRows } from "./setColumns.ts";

type Boxes = SetColumns & { classes: readonly string[] };

/** The instance of a row that is called so and lies there; −1: none. */
export function findBox({ classes, first, classOf, boxes }: Boxes, row: number, wanted: NamedBox): number {
  for (let at = first[row] ?? 0; at < (first[row + 1] ?? 0); at++) {
    const [x = Number.NaN, y = Number.NaN, width = Number.NaN, height = Number.NaN] =
      boxes?.subarray(4 * at, 4 * at + 4) ?? [];
    if (isSameBox({ name: classes[classOf[at]!]!, box: [x, y, width, height] }, wanted)) return at;
  }
  return -1;
}

/** Whether the labels are now as the predictions say. */
export const isAsSuggested = (set: Boxes, { row, given, suggested }: SuspiciousBox): boolean =>
  suggested ? findBox(set, row, wanted({ given, suggested })!) >= 0 : findBox(set, row, given!) < 0;

/**
 * What a suspicious label should become: a missing one the prediction, a badly placed one the prediction's box, a
 * swapped one keeps its box and takes the class; null: it goes.
 */
function wanted({ given, suggested }: Pick<SuspiciousBox, "given" | "suggested">): NamedBox | null {
  if (!suggested || !given || given.name === suggested.name) return suggested;
  return { name: suggested.name, box: given.box };
}

/** One row of the labels after a suggestion was accepted, with the classes that are new to the set. */
export interface CorrectedBoxes {
  before: SetColumns;
  after: SetColumns;
  newClasses: string[];
  /** Classes by number; −1: none. */
  classBefore: number;
  classAfter: number;
}

/** @returns null where the label in question is not there any more */
export function correctedBoxes(set: Boxes, suspicion: SuspiciousBox): CorrectedBoxes | null {
  const { row, given } = suspicion;
  const place = given ? findBox(set, row, given) : -1;
  if (given && place < 0) return null;
  const becomes = wanted(suspicion);
  const before = takeRows(columnsOf(set), Uint32Array.of(row));
  const builder = new AnnotationSetBuilder(set.classes);
  const own = place - (set.first[row] ?? 0);
  builder.know(0);
  const width = before.probabilities ? before.probabilities.length / before.classOf.length : 0;
  for (let at = 0; at < before.classOf.length; at++) {
    const changed = given !== null && at === own;
    if (changed && becomes === null) continue;
    const shape = before.shapes?.[at];
    builder.add(0, {
      class: changed && becomes ? builder.classOf(becomes.name) : before.classOf[at]!,
      ...(before.scores && { score: before.scores[at]! }),
      ...(before.boxes && { box: changed && becomes ? becomes.box : before.boxes.subarray(4 * at, 4 * at + 4) }),
      ...(width > 0 && !changed && { probabilities: before.probabilities!.subarray(at * width, (at + 1) * width) }),
      // An outline that belonged to another box is none of this one.
      ...(shape && !(changed && suspicion.issue === "badly placed") && { shape }),
    });
  }
  if (given === null && becomes) builder.add(0, { class: builder.classOf(becomes.name), box: becomes.box });
  const about = { id: "row", name: "", role: "labels", type: "object-detection" } as const;
  const after = builder.finish({ ...about, source: { format: "hand", file: "", at: 0 } });
  return {
    before,
    after: columnsOf(after),
    newClasses: after.classes.slice(set.classes.length),
    classBefore: given ? set.classes.indexOf(given.name) : -1,
    classAfter: becomes ? after.classes.indexOf(becomes.name) : -1,
  };
}

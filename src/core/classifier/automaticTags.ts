import type { AnnotationSet } from "../annotations/annotationSet.ts";
import { AnnotationSetBuilder } from "../annotations/setBuilder.ts";

/** The likeliest class of each image, and how likely it is. */
export interface LikeliestClasses {
  /** Of the classes that occur. */
  names: readonly string[];
  /** By row: index into `names`; −1: nothing is known. */
  ofRow: Int32Array;
  /** By row, 0…1. */
  confidence: ArrayLike<number>;
}

/** The id of the set: tagging again brings it up to date. */
export const automaticId = "automatic";
/** What the set is called until a person calls it otherwise, and what says of it that it was made so. */
export const automaticName = "Automatic tags";
export const automaticFormat = "automatic";

/** Over it the class is likelier than all others together. */
export const usualTagThreshold = 0.5;

/** How many images have a class that is at least so likely. */
export function taggedCount({ ofRow, confidence }: LikeliestClasses, threshold: number): number {
  let count = 0;
  for (let row = 0; row < ofRow.length; row++) if (ofRow[row]! >= 0 && confidence[row]! >= threshold) count++;
  return count;
}

/**
 * What a classifier is sure enough of, as a prediction task: every image that it has looked at is known, one whose
 * likeliest class is under the threshold has no class. Classes are in the order of their names.
 * @param threshold least probability, 0…1
 */
export function automaticTags(
  { names, ofRow, confidence }: LikeliestClasses,
  threshold: number,
  about: Pick<AnnotationSet, "id" | "name" | "source">,
): AnnotationSet {
  const sure = (row: number): boolean => ofRow[row]! >= 0 && confidence[row]! >= threshold;
  const used = new Set(Array.from(ofRow.keys()).flatMap((row) => (sure(row) ? [names[ofRow[row]!]!] : [])));
  const builder = new AnnotationSetBuilder([...used].sort());
  for (let row = 0; row < ofRow.length; row++) {
    if (ofRow[row]! < 0) continue;
    builder.know(row);
    if (sure(row)) builder.add(row, { class: builder.classOf(names[ofRow[row]!]!), score: confidence[row]! });
  }
  return builder.finish({ ...about, role: "predictions", type: "classification" });
}

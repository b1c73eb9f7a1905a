import type { AnnotationSet } from "../annotations/annotationSet.ts";

/** The boxes of a set of annotations, by row of the project. */
export type ObjectBoxes = Pick<AnnotationSet, "first"> & { boxes: Float32Array };

/** Whether an instance has a box that can be cropped. */
const isBox = ({ boxes }: ObjectBoxes, instance: number): boolean =>
  Number.isFinite(boxes[4 * instance]!) &&
  Number.isFinite(boxes[4 * instance + 1]!) &&
  boxes[4 * instance + 2]! > 0 &&
  boxes[4 * instance + 3]! > 0;

/** The objects of a row: its instances that have a box, in their order. */
export function objectsOfRow(set: ObjectBoxes, row: number): number[] {
  const found: number[] = [];
  if (row + 1 >= set.first.length) return found;
  for (let i = set.first[row]!; i < set.first[row + 1]!; i++) if (isBox(set, i)) found.push(i);
  return found;
}

/** rows + 1: where each row's objects begin, among all objects. */
export function firstObjects(set: ObjectBoxes, rows: number): Uint32Array {
  const first = new Uint32Array(rows + 1);
  for (let row = 0; row < rows; row++) first[row + 1] = first[row]! + objectsOfRow(set, row).length;
  return first;
}

/** Boxes of some instances one after the other, x y width height. */
export function boxesAt({ boxes }: ObjectBoxes, instances: readonly number[]): Float32Array {
  const own = new Float32Array(4 * instances.length);
  for (const [i, instance] of instances.entries()) own.set(boxes.subarray(4 * instance, 4 * instance + 4), 4 * i);
  return own;
}

import type { AnnotationSet } from "../../annotations/annotationSet.ts";
import type { ImportLedger } from "./ledger.ts";

/** Rounding in a file is no box outside of its image. Pixels. */
const tolerance = 0.01;

/** Why four numbers are no box x, y, width, height; "" when they are. */
export function boxProblem(box: readonly number[] | null): string {
  if (box === null || box.length !== 4) return "its box is not four numbers";
  return box[2]! < 0 || box[3]! < 0 ? `its box has the size ${box[2]} × ${box[3]}` : "";
}

/**
 * Cuts the boxes of a finished set at their images' borders, in place, and counts them. Images of unknown size are left
 * as they are.
 */
export function clipBoxes(set: AnnotationSet, ledger: ImportLedger): AnnotationSet {
  const { boxes } = set;
  if (!boxes) return set;
  for (let row = 0; row < set.known.length; row++) {
    const width = ledger.images.width(row);
    const height = ledger.images.height(row);
    if (width === 0 || height === 0) continue;
    for (let at = set.first[row]!; at < set.first[row + 1]!; at++) {
      const box = boxes.subarray(4 * at, 4 * at + 4);
      const cutX = cut(box, 0, width);
      const cutY = cut(box, 1, height);
      if (cutX || cutY) ledger.clipped();
    }
  }
  return set;
}

/** Cuts one side of x, y, width, height; false where it was inside. */
function cut(box: Float32Array, axis: 0 | 1, end: number): boolean {
  const start = box[axis]!;
  const stop = start + box[axis + 2]!;
  if (Number.isNaN(stop) || (start >= 0 && stop <= end)) return false;
  const from = Math.min(Math.max(0, start), end);
  const to = Math.min(Math.max(0, stop), end);
  box[axis] = from;
  box[axis + 2] = to - from;
  return start < -tolerance || stop > end + tolerance;
}

/** The smallest box around x, y pairs of several rings. */
export function boxAround(rings: readonly ArrayLike<number>[]): number[] {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const ring of rings) {
    for (let i = 0; i + 1 < ring.length; i += 2) {
      left = Math.min(left, ring[i]!);
      right = Math.max(right, ring[i]!);
      top = Math.min(top, ring[i + 1]!);
      bottom = Math.max(bottom, ring[i + 1]!);
    }
  }
  return [left, top, right - left, bottom - top];
}

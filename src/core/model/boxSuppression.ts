import { boxOverlap } from "../annotations/boxOverlap.ts";

/** More candidates than this are noise; the best are looked at. */
const mostCandidates = 3_000;

/** Boxes of which one image's predictions are chosen. */
export interface Candidates {
  /** x, y, width, height in turn. */
  boxes: Float32Array;
  scores: Float32Array;
  classOf: Uint32Array;
}

/**
 * Greedy non-maximum suppression, class by class: the best box stays, those of its class that overlap it by more than
 * `overlap` go. Of equal scores the earlier stays.
 * @param overlap intersection over union, 0…1; 1 keeps all
 * @param most boxes that are kept
 * @returns indices of what stays, best first
 */
export function suppressed({ boxes, scores, classOf }: Candidates, overlap: number, most: number): Uint32Array {
  const order = Uint32Array.from(scores.keys()).sort((a, b) => scores[b]! - scores[a]! || a - b);
  const kept: number[] = [];
  for (const at of order.subarray(0, mostCandidates)) {
    if (kept.length >= most) break;
    const hides = (other: number): boolean =>
      classOf[other] === classOf[at] && boxOverlap(boxes, other, boxes, at) > overlap;
    if (overlap >= 1 || !kept.some(hides)) kept.push(at);
  }
  return Uint32Array.from(kept);
}

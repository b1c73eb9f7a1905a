import type { ImageTable } from "../imageTable.ts";
import { quantiles } from "../quantiles.ts";

/** Ranges between the quartiles that a size may lie outside of them. */
const fence = 3;
/** Without this floor every third photograph of a phone is “odd”, because nearly all have one size. */
const leastRange = 0.1;

/**
 * How far the size of each image, √(width · height), lies from those of the others: 1 in the middle, 0.5 at the edge of
 * what is usual, which is from 3 ranges between the quartiles below the lower one to as far above the upper one. The
 * range is at least a tenth of the median.
 * @returns 0…1 by row; NaN for a row without pixels
 */
export function oddSizeScores(images: ImageTable): Float32Array {
  const sizes = new Float64Array(images.length);
  for (let row = 0; row < sizes.length; row++) {
    sizes[row] = Math.sqrt(images.width(row) * images.height(row)) || Number.NaN;
  }
  const [lower = 0, median = 0, upper = 0] = quantiles(
    sizes.filter((size) => !Number.isNaN(size)),
    [0.25, 0.5, 0.75],
  );
  const range = Math.max(upper - lower, leastRange * median);
  const least = lower - fence * range;
  const most = upper + fence * range;
  const middle = (least + most) / 2;
  const scores = new Float32Array(sizes.length);
  for (let row = 0; row < scores.length; row++) {
    scores[row] = 1 - Math.min(1, Math.abs(sizes[row]! - middle) / (most - least));
  }
  return scores;
}

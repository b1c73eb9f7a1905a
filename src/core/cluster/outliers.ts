import type { KnnGraph } from "../knn/knnGraph.ts";
import { quantiles } from "../quantiles.ts";
import type { Task } from "../task.ts";

export interface Outliers {
  /** exp(−D / median D) of each row, 0…1, low for an outlier; D is the mean distance to its neighbours. */
  scores: Float32Array;
  /** Rows whose D is above {@link threshold}, ascending. */
  flagged: Uint32Array;
  /** Q3 + 1.7 · IQR of all D; Infinity when there are no neighbours. */
  threshold: number;
}

/** Neighbours that count; the graph's nearest ones when it has more. */
const outlierNeighbours = 10;
/** Ranges between the quartiles that a row may lie above the upper one. */
const fence = 1.7;
/** Rows between two reports of progress: about a millisecond. */
const rowsPerStep = 16_384;

/**
 * Rows far from everything else, by the mean distance D to their 10 nearest neighbours; quartiles are linear between
 * values, as numpy's. When more than half of the rows are duplicates the median is 0, and the mean takes its place.
 * Where all rows are equal, or without neighbours, every score is 1 and nothing is flagged.
 * @param graph its first min(10, k) neighbours count
 */
export function* outliers(graph: KnnGraph): Task<Outliers> {
  const { rows, k, distances } = graph;
  const used = Math.min(outlierNeighbours, k);
  const scores = new Float32Array(rows).fill(1);
  if (rows === 0 || used === 0) return { scores, flagged: new Uint32Array(0), threshold: Number.POSITIVE_INFINITY };
  const means = new Float64Array(rows);
  let sum = 0;
  for (let row = 0; row < rows; row++) {
    let total = 0;
    for (let n = 0; n < used; n++) total += distances[row * k + n]!;
    means[row] = total / used;
    sum += means[row]!;
    if (row % rowsPerStep === 0) yield { done: row, total: rows };
  }
  const [lower = 0, median = 0, upper = 0] = quantiles(means, [0.25, 0.5, 0.75]);
  const threshold = upper + fence * (upper - lower);
  const scale = median > 0 ? median : sum / rows;
  if (scale > 0) for (let row = 0; row < rows; row++) scores[row] = Math.exp(-means[row]! / scale);
  const flagged = Uint32Array.from(means.keys()).filter((row) => means[row]! > threshold);
  return { scores, flagged, threshold };
}

/**
 * The score under which {@link outliers} flags rows, from the scores alone: where they are all that was kept.
 * @returns 0…1; 0 where nothing is flagged
 */
export function outlierThreshold(scores: Float32Array): number {
  // exp(−D / scale) is undone up to the scale, and the rule of the quartiles has none. A score of 0 is the least of 32 bits.
  const logs = Float64Array.from(scores, (score) => -Math.log(Math.max(score, 1e-45)));
  const [lower = Number.NaN, upper = Number.NaN] = quantiles(logs, [0.25, 0.75]);
  const cut = Math.exp(-(upper + fence * (upper - lower)));
  return Number.isNaN(cut) ? 0 : cut;
}

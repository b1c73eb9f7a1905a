import type { KnnGraph } from "../knn/knnGraph.ts";
import type { Task } from "../task.ts";

/** Neighbours that count; the graph's nearest ones when it has more. */
const typicalNeighbours = 20;
/** Rows between two reports of progress: about a millisecond. */
const rowsPerStep = 4_096;

/**
 * How typical each row is: the mean over its K nearest neighbours of exp(−d / mean), where the mean is over all these
 * distances of all rows. High in the middle of a crowd, near 0 far from everything.
 * @param graph its first min(K, k) neighbours count
 * @returns one score a row, above 0 up to 1; 1 where all rows are equal or there are no neighbours
 */
export function* typicality(graph: KnnGraph, neighbours = typicalNeighbours): Task<Float32Array> {
  const { rows, k, distances } = graph;
  const used = Math.min(neighbours, k);
  const scores = new Float32Array(rows).fill(1);
  const total = 2 * rows;
  let sum = 0;
  for (let row = 0; row < rows; row++) {
    for (let n = 0; n < used; n++) sum += distances[row * k + n]!;
    if (row % rowsPerStep === 0) yield { done: row, total };
  }
  const mean = sum / (rows * used);
  if (!(mean > 0)) return scores;
  for (let row = 0; row < rows; row++) {
    let score = 0;
    for (let n = 0; n < used; n++) score += Math.exp(-distances[row * k + n]! / mean);
    scores[row] = score / used;
    if (row % rowsPerStep === 0) yield { done: rows + row, total };
  }
  return scores;
}

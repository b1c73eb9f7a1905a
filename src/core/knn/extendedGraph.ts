import type { Kernels } from "../../kernels/load.ts";
import { type Matrix, matrix } from "../matrix.ts";
import type { Task } from "../task.ts";
import type { KnnGraph } from "./knnGraph.ts";
import { nearestRows } from "./nearestRows.ts";

/**
 * A kNN graph with the rows that were added since: each of them is compared with all rows, exact, and enters the lists
 * of those that it is nearer to than what they have. Work grows with added × all rows; the old rows are not compared
 * with one another again.
 *
 * An exact graph gives the exact graph of all rows. An approximate one misses what it missed before, and nothing of the
 * new rows, so that its recall is at least the one that was measured.
 * @param points n × d, finite; the first rows are those of the graph; kept, not changed
 * @param before of m ≤ n rows, with k neighbours a row, k ≤ m − 1; kept, not changed
 */
export function* extendedGraph(kernels: Kernels, points: Matrix, before: KnnGraph): Task<KnnGraph> {
  const { data, rows, cols } = points;
  const { rows: old, k, recall } = before;
  const added = matrix(data.subarray(old * cols), rows - old, cols);
  const indices = new Uint32Array(rows * k);
  const distances = new Float32Array(rows * k);
  indices.set(before.indices);
  distances.set(before.distances);
  const limits = new Float32Array(rows);
  for (let row = 0; row < old; row++) limits[row] = k === 0 ? 0 : distances[row * k + k - 1]!;
  const take = (row: number, query: number, distance: number): void => {
    const first = row * k;
    let place = first + k - 1;
    // Of equal distances the lower row comes first, and new rows are higher than all that are there.
    for (; place > first && distances[place - 1]! > distance; place--) {
      indices[place] = indices[place - 1]!;
      distances[place] = distances[place - 1]!;
    }
    indices[place] = old + query;
    distances[place] = distance;
    limits[row] = distances[first + k - 1]!;
  };
  // One more, because each finds itself.
  const near = yield* nearestRows(kernels, points, added, k + 1, undefined, { limits, take });
  for (let query = 0; query < added.rows; query++) {
    const row = old + query;
    for (let n = 0, at = row * k; at < (row + 1) * k; n++) {
      const other = near.indices[query * near.k + n]!;
      if (other === row) continue;
      indices[at] = other;
      distances[at++] = near.distances[query * near.k + n]!;
    }
  }
  return { rows, k, indices, distances, recall };
}

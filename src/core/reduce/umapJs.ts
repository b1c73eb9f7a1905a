import { UMAP } from "umap-js";
import { WinnowError } from "../errors.ts";
import type { KnnGraph } from "../knn/knnGraph.ts";
import type { Random } from "../random.ts";
import type { LayoutTask } from "./layout.ts";
import { umapMinRows } from "./umap.ts";

export interface UmapJsOptions {
  /** Neighbours a point, itself counted, as in umap-learn. Default 15. */
  neighbours?: number;
  /** Default: what umap-js chooses by the number of rows, 200 to 500. */
  epochs?: number;
  random: Random;
}

/**
 * UMAP (McInnes et al. 2018) by umap-js on a given exact kNN graph: the reference that tests and benchmarks compare
 * with. For thousands of rows; its graph is a map with string keys. A fresh instance a run, because a second `fit` of one instance never ends.
 * @param graph at least `neighbours` − 1 columns, the row itself left out
 * @throws WinnowError `empty` under {@link umapMinRows} rows
 */
export function umapJs(graph: KnnGraph, options: UmapJsOptions): LayoutTask {
  const { rows, k } = graph;
  if (rows < umapMinRows) {
    throw new WinnowError("empty", `UMAP needs at least ${umapMinRows} images; there are ${rows}.`, { rows });
  }
  const others = Math.min((options.neighbours ?? 15) - 1, k, rows - 2);
  const umap = new UMAP({
    nNeighbors: others + 1,
    random: () => options.random.float(),
    ...(options.epochs !== undefined && { nEpochs: options.epochs }),
  });
  let started = false;
  const layout = (): Float32Array => {
    const xy = new Float32Array(rows * 2);
    for (const [row, [x, y]] of umap.getEmbedding().entries()) {
      xy[row * 2] = x ?? 0;
      xy[row * 2 + 1] = y ?? 0;
    }
    return xy;
  };
  return {
    task: (function* () {
      const { indices, distances } = listsWithSelf(graph, others);
      umap.setPrecomputedKNN(indices, distances);
      // With neighbours given, the vectors themselves are only counted.
      const total = umap.initializeFit(Array.from({ length: rows }, () => [0]));
      started = true;
      for (let epoch = 0; epoch < total; epoch++) {
        umap.step();
        yield { done: epoch + 1, total };
      }
      return layout();
    })(),
    snapshot: () => (started ? layout() : null),
  };
}

function listsWithSelf(
  { rows, k, indices, distances }: KnnGraph,
  others: number,
): { indices: number[][]; distances: number[][] } {
  const lists = { indices: [] as number[][], distances: [] as number[][] };
  for (let row = 0; row < rows; row++) {
    lists.indices.push([row, ...indices.subarray(row * k, row * k + others)]);
    lists.distances.push([0, ...distances.subarray(row * k, row * k + others)]);
  }
  return lists;
}

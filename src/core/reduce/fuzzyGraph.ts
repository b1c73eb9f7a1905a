import type { KnnGraph } from "../knn/knnGraph.ts";
import { type SparseGraph, symmetrised } from "./layout.ts";

/** How UMAP sees distances from each point. */
export interface SmoothedDistances {
  /** Distance to the nearest neighbour that is not a duplicate. */
  rhos: Float32Array;
  /** Scale at which the neighbours' memberships sum to log₂ of their number. */
  sigmas: Float32Array;
}

const searchSteps = 64;
const searchTolerance = 1e-5;
/** No scale is smaller than this share of the mean distance. */
const leastScale = 1e-3;

/**
 * Local scales of a kNN graph (McInnes et al. 2018, algorithm 3).
 * @param neighbours as umap-learn counts them: the point itself is one
 */
export function smoothedDistances({ rows, k, distances }: KnnGraph, neighbours: number): SmoothedDistances {
  const used = Math.min(neighbours - 1, k);
  const target = Math.log2(neighbours);
  const rhos = new Float32Array(rows);
  const sigmas = new Float32Array(rows);
  let sum = 0;
  for (let row = 0; row < rows; row++) for (let n = 0; n < used; n++) sum += distances[row * k + n]!;
  // As umap-learn counts, with the zero distance to itself.
  const meanOfAll = sum / (rows * (used + 1));
  for (let row = 0; row < rows; row++) {
    const list = distances.subarray(row * k, row * k + used);
    const rho = list.find((d) => d > 0) ?? 0;
    rhos[row] = rho;
    let low = 0;
    let high = Number.POSITIVE_INFINITY;
    let sigma = 1;
    for (let step = 0; step < searchSteps; step++) {
      let total = 0;
      for (const d of list) total += d > rho ? Math.exp(-(d - rho) / sigma) : 1;
      if (Math.abs(total - target) < searchTolerance) break;
      if (total > target) {
        high = sigma;
        sigma = (low + high) / 2;
      } else {
        low = sigma;
        sigma = high === Number.POSITIVE_INFINITY ? sigma * 2 : (low + high) / 2;
      }
    }
    const mean = rho > 0 ? list.reduce((total, d) => total + d, 0) / (used + 1) : meanOfAll;
    sigmas[row] = Math.max(sigma, leastScale * mean);
  }
  return { rhos, sigmas };
}

/** The fuzzy union of all points' views: UMAP's weighted graph, symmetric. */
export function fuzzyGraph(graph: KnnGraph, neighbours: number): SparseGraph {
  const { rows, k, indices, distances } = graph;
  const used = Math.min(neighbours - 1, k);
  const { rhos, sigmas } = smoothedDistances(graph, neighbours);
  const others = new Uint32Array(rows * used);
  const weights = new Float32Array(rows * used);
  for (let row = 0; row < rows; row++) {
    for (let n = 0; n < used; n++) {
      const beyond = distances[row * k + n]! - rhos[row]!;
      others[row * used + n] = indices[row * k + n]!;
      weights[row * used + n] = beyond <= 0 || sigmas[row] === 0 ? 1 : Math.exp(-beyond / sigmas[row]!);
    }
  }
  return symmetrised(rows, used, others, weights, "union");
}

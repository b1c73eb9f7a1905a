import { WinnowError } from "../errors.ts";
import type { KnnGraph } from "../knn/knnGraph.ts";
import { quantiles } from "../quantiles.ts";
import type { Task } from "../task.ts";
import { UnionFind } from "./unionFind.ts";

export interface NearDuplicateOptions {
  /** Rows nearer than this are duplicates (Euclidean). Default {@link duplicateThreshold}. */
  threshold?: number;
  /** Pairs of rows that are known to be duplicates for another reason. */
  pairs?: Iterable<readonly [number, number]>;
}

/** Among ordinary photographs nothing but duplicates lies nearer than this (√features of length 1). */
const largestThreshold = 0.32;
/** Uniform images all lie close together: there only what is much nearer than usual is a duplicate. */
const shareOfMedian = 0.5;
/** Rows between two reports of progress: about a millisecond. */
const rowsPerStep = 4_096;

/**
 * The distance under which rows count as near duplicates unless a person says otherwise: half the median distance to
 * the nearest neighbour, at most 0.32. 0.32 without neighbours; 0 where most rows have an exact duplicate.
 */
export function duplicateThreshold({ rows, k, distances }: KnnGraph): number {
  if (rows === 0 || k === 0) return largestThreshold;
  const nearest = Float32Array.from({ length: rows }, (_, row) => distances[row * k]!);
  return Math.min(largestThreshold, shareOfMedian * quantiles(nearest, [0.5])[0]!);
}

/**
 * Groups of near duplicates: rows that hang together by edges of the graph shorter than the threshold. Rows at distance
 * 0 always do.
 * @returns groups of two and more: rows ascending, the largest group first, of equals the one with the lowest row
 * @throws WinnowError `shape` for a pair with a row out of range
 */
export function* nearDuplicates(
  graph: KnnGraph,
  { threshold = duplicateThreshold(graph), pairs = [] }: NearDuplicateOptions = {},
): Task<Uint32Array[]> {
  const { rows, k, indices, distances } = graph;
  const sets = new UnionFind(rows);
  for (const [a, b] of pairs) {
    for (const row of [a, b]) {
      if (!(Number.isInteger(row) && row >= 0 && row < rows)) {
        throw new WinnowError("shape", `expected pairs of row numbers under ${rows}, got ${row}`, { row });
      }
    }
    sets.join(a, b);
  }
  for (let row = 0; row < rows; row++) {
    for (let n = row * k; n < (row + 1) * k; n++) {
      const distance = distances[n]!;
      if (distance >= threshold && distance > 0) break;
      sets.join(row, indices[n]!);
    }
    if (row % rowsPerStep === 0) yield { done: row, total: rows };
  }
  return sets.groups();
}

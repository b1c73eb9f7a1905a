import type { KnnGraph } from "../knn/knnGraph.ts";
import { symmetrised } from "../reduce/layout.ts";

/**
 * How much each row would add to the coverage of a growing set: facility location on the symmetrised kNN graph. A row
 * covers itself with 1 and its neighbours with 1 − d²/4. Gains only fall, so they are computed again when asked for and
 * something near has changed.
 */
export class CoverageGain {
  private readonly first: Uint32Array;
  private readonly others: Uint32Array;
  private readonly similarities: Float64Array;
  /** By row: how well the chosen cover it so far. */
  private readonly covered: Float64Array;
  private readonly gains: Float64Array;
  private readonly stale: Uint8Array;

  /**
   * @param neighbours how many of the graph's neighbours count: a graph may have more
   * @param demand by row, 0 and up; null: 1 for all
   */
  constructor(
    graphOfAll: KnnGraph,
    neighbours: number,
    private readonly demand: Float64Array | null,
  ) {
    const { rows, k, indices, distances } = nearestOf(graphOfAll, neighbours);
    // An edge of either direction counts.
    const graph = symmetrised(rows, k, indices, new Float32Array(rows * k).fill(1), "union");
    this.first = graph.first;
    this.others = graph.others;
    this.similarities = new Float64Array(graph.others.length);
    for (let row = 0; row < rows; row++) {
      for (let e = row * k; e < (row + 1) * k; e++) {
        const similarity = 1 - distances[e]! ** 2 / 4;
        this.similarities[this.edge(row, indices[e]!)] = similarity;
        this.similarities[this.edge(indices[e]!, row)] = similarity;
      }
    }
    this.covered = new Float64Array(rows);
    this.gains = new Float64Array(rows);
    this.stale = new Uint8Array(rows).fill(1);
  }

  /** What choosing a row would add now. */
  of(row: number): number {
    if (this.stale[row] === 0) return this.gains[row]!;
    const { covered, first, others, similarities, demand } = this;
    let gain = (demand?.[row] ?? 1) * Math.max(0, 1 - covered[row]!);
    for (let e = first[row]!; e < first[row + 1]!; e++) {
      const more = similarities[e]! - covered[others[e]!]!;
      if (more > 0) gain += (demand?.[others[e]!] ?? 1) * more;
    }
    this.gains[row] = gain;
    this.stale[row] = 0;
    return gain;
  }

  choose(row: number): void {
    const { first, others, similarities } = this;
    this.cover(row, 1);
    for (let e = first[row]!; e < first[row + 1]!; e++) this.cover(others[e]!, similarities[e]!);
  }

  /** Where a row's edge to another stands; others are in ascending order. */
  private edge(row: number, other: number): number {
    let low = this.first[row]!;
    let high = this.first[row + 1]! - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.others[middle]! < other) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private cover(row: number, similarity: number): void {
    if (similarity <= this.covered[row]!) return;
    this.covered[row] = similarity;
    this.stale[row] = 1;
    for (let e = this.first[row]!; e < this.first[row + 1]!; e++) this.stale[this.others[e]!] = 1;
  }
}

/** The graph of each row's nearest few alone. */
function nearestOf(graph: KnnGraph, few: number): KnnGraph {
  const { rows, k, indices, distances } = graph;
  if (few >= k) return graph;
  const least = { ...graph, k: few, indices: new Uint32Array(rows * few), distances: new Float32Array(rows * few) };
  for (let row = 0; row < rows; row++) {
    least.indices.set(indices.subarray(row * k, row * k + few), row * few);
    least.distances.set(distances.subarray(row * k, row * k + few), row * few);
  }
  return least;
}

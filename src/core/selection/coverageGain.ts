import type { KnnGraph } from "../knn/knnGraph.ts";
import { groupOfPoints } from "../objects/objectPoints.ts";
import { symmetrised } from "../reduce/layout.ts";

/**
 * How much each unit would add to the coverage of a growing set: facility location on the symmetrised kNN graph of
 * points. A point covers itself with 1 and its neighbours with 1 − d²/4; a unit covers with the best of its points. Gains
 * only fall, so they are computed again when asked for and something near has changed.
 */
export class CoverageGain {
  private readonly first: Uint32Array;
  private readonly others: Uint32Array;
  private readonly similarities: Float64Array;
  /** By point: how well the chosen cover it so far. */
  private readonly covered: Float64Array;
  /** By unit. */
  private readonly gains: Float64Array;
  private readonly stale: Uint8Array;
  private readonly unitOf: Uint32Array | null;
  /** By point: how well a unit with several points covers it, while that is being found out. */
  private readonly reach: Float64Array | null;

  /**
   * @param neighbours how many of the graph's neighbours count: a graph may have more
   * @param demand by point, 0 and up; null: 1 for all
   * @param firstPoint units + 1: where each unit's points begin; null: unit i is point i
   */
  constructor(
    graphOfAll: KnnGraph,
    neighbours: number,
    private readonly demand: Float64Array | null,
    private readonly firstPoint: Uint32Array | null = null,
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
    const units = firstPoint ? firstPoint.length - 1 : rows;
    this.unitOf = firstPoint && groupOfPoints({ first: firstPoint, points: rows });
    this.reach = firstPoint && new Float64Array(rows);
    this.gains = new Float64Array(units);
    this.stale = new Uint8Array(units).fill(1);
  }

  /** What choosing a unit would add now. */
  of(unit: number): number {
    if (this.stale[unit] === 1) {
      const [from, to] = this.pointsOf(unit);
      // Several points may cover the same one: then the best counts.
      this.gains[unit] = to - from === 1 ? this.gainOfPoint(from) : this.gainOfPoints(from, to);
      this.stale[unit] = 0;
    }
    return this.gains[unit]!;
  }

  choose(unit: number): void {
    const { first, others, similarities } = this;
    const [from, to] = this.pointsOf(unit);
    for (let point = from; point < to; point++) {
      this.cover(point, 1);
      for (let e = first[point]!; e < first[point + 1]!; e++) this.cover(others[e]!, similarities[e]!);
    }
  }

  private pointsOf(unit: number): [number, number] {
    return this.firstPoint ? [this.firstPoint[unit]!, this.firstPoint[unit + 1]!] : [unit, unit + 1];
  }

  private gainOfPoint(point: number): number {
    const { covered, first, others, similarities, demand } = this;
    let gain = (demand?.[point] ?? 1) * Math.max(0, 1 - covered[point]!);
    for (let e = first[point]!; e < first[point + 1]!; e++) {
      const more = similarities[e]! - covered[others[e]!]!;
      if (more > 0) gain += (demand?.[others[e]!] ?? 1) * more;
    }
    return gain;
  }

  private gainOfPoints(from: number, to: number): number {
    const { covered, first, others, similarities, demand } = this;
    const reach = this.reach!;
    const reached: number[] = [];
    const cover = (point: number, similarity: number): void => {
      if (reach[point] === 0) reached.push(point);
      reach[point] = Math.max(reach[point]!, similarity);
    };
    for (let point = from; point < to; point++) {
      cover(point, 1);
      for (let e = first[point]!; e < first[point + 1]!; e++) cover(others[e]!, similarities[e]!);
    }
    let gain = 0;
    for (const point of reached) {
      gain += (demand?.[point] ?? 1) * Math.max(0, reach[point]! - covered[point]!);
      reach[point] = 0;
    }
    return gain;
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
    this.age(row);
    for (let e = this.first[row]!; e < this.first[row + 1]!; e++) this.age(this.others[e]!);
  }

  private age(point: number): void {
    this.stale[this.unitOf ? this.unitOf[point]! : point] = 1;
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

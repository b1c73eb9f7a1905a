import { type Matrix, requireFinite } from "../matrix.ts";
import type { Task } from "../task.ts";

/** For each row its nearest other rows, nearest first; ties go to the lower row. */
export interface KnnGraph {
  rows: number;
  /** Neighbours a row: the k asked for, or rows − 1 when there are fewer. */
  k: number;
  /** rows × k. */
  indices: Uint32Array;
  /** rows × k, Euclidean. */
  distances: Float32Array;
}

/** Rows of a tile: two tiles of 128 numbers a row stay in a 256 kB cache. */
const tileRows = 128;

/**
 * The exact k-nearest-neighbour graph by blocked dot products, each pair of rows computed once. Distances are f64 sums
 * over the f32 values.
 * @param points n × d, finite; kept, not changed
 * @throws WinnowError `shape` for a value that is not finite (names the row)
 */
export function* knnGraph(points: Matrix, kWanted: number): Task<KnnGraph> {
  requireFinite(points, "points");
  const { data, rows, cols } = points;
  const k = Math.max(0, Math.min(kWanted, rows - 1));
  const lists = new NeighbourLists(rows, k);
  const squares = new Float64Array(rows);
  for (let row = 0; row < rows; row++) squares[row] = dot(data, row * cols, row * cols, cols);
  const tiles = Math.ceil(rows / tileRows);
  const total = (tiles * (tiles + 1)) / 2;
  let done = 0;
  for (let a = 0; a < tiles && k > 0; a++) {
    for (let b = a; b < tiles; b++) {
      const aEnd = Math.min(rows, (a + 1) * tileRows);
      const bEnd = Math.min(rows, (b + 1) * tileRows);
      for (let i = a * tileRows; i < aEnd; i++) {
        for (let j = a === b ? i + 1 : b * tileRows; j < bEnd; j++) {
          const d = Math.max(0, squares[i]! + squares[j]! - 2 * dot(data, i * cols, j * cols, cols));
          lists.offer(i, j, d);
          lists.offer(j, i, d);
        }
      }
      yield { done: ++done, total };
    }
  }
  return { rows, k, indices: lists.indices, distances: Float32Array.from(lists.squared, Math.sqrt) };
}

function dot(data: Float32Array, a: number, b: number, cols: number): number {
  let even = 0;
  let odd = 0;
  let i = 0;
  for (; i + 1 < cols; i += 2) {
    even += data[a + i]! * data[b + i]!;
    odd += data[a + i + 1]! * data[b + i + 1]!;
  }
  return i < cols ? even + odd + data[a + i]! * data[b + i]! : even + odd;
}

/** The k nearest of each row so far, sorted: k is small, so an insertion is cheaper than a heap. */
class NeighbourLists {
  readonly indices: Uint32Array;
  readonly squared: Float64Array;

  constructor(
    rows: number,
    private readonly k: number,
  ) {
    this.indices = new Uint32Array(rows * k);
    this.squared = new Float64Array(rows * k).fill(Number.POSITIVE_INFINITY);
  }

  offer(row: number, other: number, squared: number): void {
    const first = row * this.k;
    let at = first + this.k - 1;
    if (squared > this.squared[at]! || (squared === this.squared[at] && other > this.indices[at]!)) return;
    while (at > first) {
      const before = this.squared[at - 1]!;
      if (before < squared || (before === squared && this.indices[at - 1]! < other)) break;
      this.squared[at] = before;
      this.indices[at] = this.indices[at - 1]!;
      at--;
    }
    this.squared[at] = squared;
    this.indices[at] = other;
  }
}

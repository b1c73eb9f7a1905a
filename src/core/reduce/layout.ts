import type { Task } from "../task.ts";

/** A layout that can be looked at while it is being computed. */
export interface LayoutTask {
  /** x, y of each row in turn, in the layout's own units. Yields epochs. */
  task: Task<Float32Array>;
  /** The layout so far in the same units; null before the first epoch. */
  snapshot(): Float32Array | null;
}

/** Edges of a graph, row by row: those of row i lie at first[i] … first[i + 1] − 1. */
export interface SparseGraph {
  rows: number;
  /** rows + 1. */
  first: Uint32Array;
  others: Uint32Array;
  weights: Float32Array;
}

/**
 * A + Aᵀ − A ∘ Aᵀ (`union`) or (A + Aᵀ) / 2 (`mean`) of a directed graph that has the same number of edges at every
 * row; the others of a row in ascending order, zero weights left out.
 * @param others rows × k
 * @param weights rows × k, ≥ 0
 */
export function symmetrised(
  rows: number,
  k: number,
  others: Uint32Array,
  weights: Float32Array,
  how: "union" | "mean",
): SparseGraph {
  // The transpose, by counting; rows in ascending order within each list.
  const inFirst = new Uint32Array(rows + 1);
  for (let e = 0; e < rows * k; e++) if (weights[e]! > 0) inFirst[others[e]! + 1]!++;
  for (let i = 0; i < rows; i++) inFirst[i + 1]! += inFirst[i]!;
  const inRows = new Uint32Array(inFirst[rows]!);
  const inWeights = new Float32Array(inFirst[rows]!);
  const fill = inFirst.slice(0, rows);
  for (let i = 0; i < rows; i++) {
    for (let e = i * k; e < (i + 1) * k; e++) {
      if (weights[e]! <= 0) continue;
      const at = fill[others[e]!]!++;
      inRows[at] = i;
      inWeights[at] = weights[e]!;
    }
  }
  const first = new Uint32Array(rows + 1);
  const outOthers = new Uint32Array(2 * inRows.length);
  const outWeights = new Float32Array(2 * inRows.length);
  const joined = how === "union" ? (a: number, b: number) => a + b - a * b : (a: number, b: number) => (a + b) / 2;
  const order = new Uint32Array(k);
  let at = 0;
  for (let i = 0; i < rows; i++) {
    let own = 0;
    for (let e = i * k; e < (i + 1) * k; e++) if (weights[e]! > 0) order[own++] = e;
    const sorted = order.subarray(0, own).sort((a, b) => others[a]! - others[b]!);
    let out = 0;
    let incoming = inFirst[i]!;
    while (out < own || incoming < inFirst[i + 1]!) {
      const a = out < own ? others[sorted[out]!]! : Number.POSITIVE_INFINITY;
      const b = incoming < inFirst[i + 1]! ? inRows[incoming]! : Number.POSITIVE_INFINITY;
      outOthers[at] = Math.min(a, b);
      outWeights[at] = joined(a <= b ? weights[sorted[out++]!]! : 0, b <= a ? inWeights[incoming++]! : 0);
      at++;
    }
    first[i + 1] = at;
  }
  return { rows, first, others: outOthers.slice(0, at), weights: outWeights.slice(0, at) };
}

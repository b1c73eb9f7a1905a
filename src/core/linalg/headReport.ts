import type { Kernels } from "../../kernels/load.ts";
import { knnGraph } from "../knn/knnGraph.ts";
import type { Matrix } from "../matrix.ts";
import { matrix } from "../matrix.ts";
import { Random } from "../random.ts";
import type { Task } from "../task.ts";
import { columnMeans, outerProducts, timesTransposed } from "./products.ts";
import { symmetricEigen } from "./symmetricEigen.ts";

/** How good an embedding is, without labels. */
export interface HeadReport {
  /** exp of the entropy of the covariance's eigenvalues (Roy & Vetterli 2007): 1 … dim; near 1 is a collapse. */
  effectiveRank: number;
  /** Mean standard deviation of the columns times √dim: 1 is even use of all columns, near 0 a collapse. */
  columnSpread: number;
  /** Mean cosine to the 10th neighbour. */
  neighbourSimilarity: number;
  /** Mean cosine of random pairs. */
  randomSimilarity: number;
  fittedRows: number;
}

/** All eigenvalues of a larger matrix take longer than a person waits. */
const widest = 256;
/** Rows that the neighbour similarity is measured on. */
const measuredRows = 1_000;
const measuredNeighbour = 10;

/** @param embeddings L2-normalised, n × d */
export function* reportOn(kernels: Kernels, embeddings: Matrix): Task<HeadReport> {
  const { data, rows, cols } = embeddings;
  const mean = columnMeans(embeddings);
  const variances = new Float64Array(cols);
  for (let row = 0, i = 0; row < rows; row++) {
    for (let c = 0; c < cols; c++, i++) variances[c] = variances[c]! + (data[i]! - mean[c]!) ** 2;
  }
  let spread = 0;
  for (const variance of variances) spread += Math.sqrt(variance / rows);
  const values = yield* spectrum(kernels, embeddings, mean);
  const random = new Random(1);
  const sampled = random.sample(rows, measuredRows);
  const part = new Float32Array(sampled.length * cols);
  for (const [to, row] of sampled.entries()) part.set(data.subarray(row * cols, (row + 1) * cols), to * cols);
  const graph = yield* knnGraph(kernels, matrix(part, sampled.length, cols), measuredNeighbour);
  let near = 0;
  let far = 0;
  for (let row = 0; row < sampled.length && graph.k > 0; row++) {
    near += 1 - graph.distances[(row + 1) * graph.k - 1]! ** 2 / 2;
    const other = random.below(sampled.length);
    for (let c = 0; c < cols; c++) far += part[row * cols + c]! * part[other * cols + c]!;
  }
  return {
    effectiveRank: effectiveRank(values),
    columnSpread: (spread / cols) * Math.sqrt(cols),
    neighbourSimilarity: near / Math.max(1, sampled.length),
    randomSimilarity: far / Math.max(1, sampled.length),
    fittedRows: rows,
  };
}

/**
 * Eigenvalues of the covariance, up to a factor. Of wide embeddings, such as raw features, from the inner products of a
 * sample of rows, which have the same ones.
 */
function* spectrum(kernels: Kernels, { data, rows, cols }: Matrix, mean: Float64Array): Task<Float64Array> {
  const centredRow = (row: number, to: Float64Array): void => {
    for (let c = 0; c < cols; c++) to[c] = data[row * cols + c]! - mean[c]!;
  };
  if (cols <= widest) {
    return (yield* symmetricEigen(yield* outerProducts(kernels, rows, cols, centredRow), cols)).values;
  }
  const sampled = new Random(1).sample(rows, widest);
  const x = new Float64Array(sampled.length * cols);
  for (const [i, row] of sampled.entries()) centredRow(row, x.subarray(i * cols, (i + 1) * cols));
  const gram = yield* timesTransposed(kernels, x, sampled.length, x, sampled.length, cols);
  return (yield* symmetricEigen(gram, sampled.length)).values;
}

function effectiveRank(values: Float64Array): number {
  const total = values.reduce((sum, value) => sum + Math.max(0, value), 0);
  if (total === 0) return 0;
  let entropy = 0;
  for (const value of values) if (value > 0) entropy -= (value / total) * Math.log(value / total);
  return Math.exp(entropy);
}

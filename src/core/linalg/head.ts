import { knnGraph } from "../knn/knnGraph.ts";
import { type Matrix, matrix, normaliseRows, requireFinite } from "../matrix.ts";
import type { Task } from "../task.ts";
import { fingerprint } from "./fingerprint.ts";
import { generalisedEigen } from "./generalisedEigen.ts";
import { type HeadReport, reportOn } from "./headReport.ts";
import { type Pca, pca } from "./pca.ts";
import { timesTransposed, transposed } from "./products.ts";
import type { TopEigenOptions } from "./topEigen.ts";

export type HeadMethod = "head" | "pca";

export interface HeadOptions {
  /** Numbers of the embedding, 1…256; fewer when the sample has fewer directions. Default 96. */
  dim?: number;
  method?: HeadMethod;
  /** Features may be negative: the root keeps the sign. Default false: negatives count as 0. */
  signedRoot?: boolean;
}

/** What turns features into embeddings: plain data that can be stored, exported and used on new images. */
export interface Head {
  method: HeadMethod;
  signedRoot: boolean;
  features: number;
  dim: number;
  /** dim × features. */
  weights: Float32Array;
  /** dim; subtracted after the product. */
  offset: Float32Array;
  report: HeadReport;
  /** Equal heads have equal hashes. */
  hash: string;
}

/** Principal directions that the head chooses among. */
const directions = 256;
/** Enough for an embedding: a last direction that is slightly off takes part of the one after it, and nobody sees. */
const accuracy: TopEigenOptions = { tolerance: 1e-4, rounds: 6 };
/** Directions in which neighbours are looked for. */
const neighbourDirections = 128;
/** Neighbours that count as another view of an image. */
const neighbours = 10;
/** Ridge on the within-neighbour scatter, whose mean eigenvalue is 1 after scaling. */
const ridge = 1;

/**
 * Fits the default embedding: the directions that tell images apart but hardly change between an image and its nearest
 * neighbours (locality-preserving projections, He & Niyogi 2003, with nearest neighbours as positives, as in NNCLR,
 * Dwibedi et al. 2021), in closed form and without labels. Method `pca` stops at the principal directions.
 *
 * A sample without any variation (one row, equal rows) gives a head of one number that is 1 for every image.
 * @param sample features, n × D, n ≥ 1, finite; kept
 * @throws WinnowError `shape` for a value that is not finite (names the row)
 */
export function* fitHead(sample: Matrix, options: HeadOptions = {}): Task<Head> {
  requireFinite(sample, "features");
  const { method = "head", signedRoot = false, dim = 96 } = options;
  const x = powerNormalised(sample, signedRoot);
  const found = yield* pca(x, method === "head" ? directions : dim, accuracy);
  if (found.count === 0) return withoutVariation(x, method, signedRoot);
  const size = Math.min(dim, found.count);
  const inDirections =
    method === "pca" || found.count === 1
      ? identity(size, found.count)
      : (yield* separatingDirections(x, found)).slice(0, size * found.count);
  const composed = yield* timesTransposed(
    inDirections,
    size,
    transposed(found.components, found.count, x.cols),
    x.cols,
    found.count,
  );
  const offset = new Float32Array(size);
  for (let i = 0; i < size; i++) {
    let sum = 0;
    for (let c = 0; c < x.cols; c++) sum += composed[i * x.cols + c]! * found.mean[c]!;
    offset[i] = sum;
  }
  const parts = { method, signedRoot, features: x.cols, dim: size, weights: Float32Array.from(composed), offset };
  const report = yield* reportOn(applyTo(parts, x));
  return { ...parts, report, hash: fingerprint([parts.weights, offset]) };
}

/**
 * Embeddings of features: L2-normalised rows, n × dim. A row that lies exactly in the middle stays zero.
 * @param features n × D as the head was fitted on; kept
 * @throws WinnowError `shape` when D differs or a value is not finite (names the row)
 */
export function applyHead(head: Head, features: Matrix): Matrix {
  if (features.cols !== head.features) {
    matrix(features.data, features.rows, head.features);
  }
  requireFinite(features, "features");
  return applyTo(head, powerNormalised(features, head.signedRoot));
}

type Parts = Pick<Head, "dim" | "weights" | "offset">;

function applyTo({ dim, weights, offset }: Parts, { data, rows, cols }: Matrix): Matrix {
  const out = new Float32Array(rows * dim);
  for (let row = 0; row < rows; row++) {
    const from = row * cols;
    for (let i = 0; i < dim; i++) {
      const weight = i * cols;
      let even = 0;
      let odd = 0;
      let c = 0;
      for (; c + 1 < cols; c += 2) {
        even += data[from + c]! * weights[weight + c]!;
        odd += data[from + c + 1]! * weights[weight + c + 1]!;
      }
      if (c < cols) even += data[from + c]! * weights[weight + c]!;
      out[row * dim + i] = even + odd - offset[i]!;
    }
  }
  return normaliseRows(matrix(out, rows, dim));
}

/** √max(0, x), or the signed root, then length 1: counts of features become comparable (Perronnin et al. 2010). */
function powerNormalised({ data, rows, cols }: Matrix, signedRoot: boolean): Matrix {
  const out = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    out[i] = value > 0 ? Math.sqrt(value) : signedRoot ? -Math.sqrt(-value) : 0;
  }
  return normaliseRows(matrix(out, rows, cols));
}

/** Generalised eigenvectors of total against within-neighbour scatter, as rows in the principal directions. */
function* separatingDirections(x: Matrix, { mean, components, variances, count }: Pca): Task<Float64Array> {
  const centredRows = new Float64Array(x.rows * x.cols);
  for (let i = 0; i < centredRows.length; i++) centredRows[i] = x.data[i]! - mean[i % x.cols]!;
  const z = yield* timesTransposed(centredRows, x.rows, components, count, x.cols);
  const searched = Math.min(neighbourDirections, count);
  const front = new Float32Array(x.rows * searched);
  for (let row = 0; row < x.rows; row++) {
    for (let i = 0; i < searched; i++) front[row * searched + i] = z[row * count + i]!;
  }
  const graph = yield* knnGraph(normaliseRows(matrix(front, x.rows, searched)), neighbours);
  const within = new Float64Array(count * count);
  const difference = new Float64Array(count);
  for (let row = 0; row < x.rows; row++) {
    for (let n = 0; n < graph.k; n++) {
      const other = graph.indices[row * graph.k + n]!;
      for (let i = 0; i < count; i++) difference[i] = z[other * count + i]! - z[row * count + i]!;
      for (let i = 0; i < count; i++) {
        const d = difference[i]!;
        for (let j = 0; j <= i; j++) within[i * count + j] = within[i * count + j]! + d * difference[j]!;
      }
    }
    if (row % 8 === 0) yield { done: row, total: x.rows };
  }
  let trace = 0;
  for (let i = 0; i < count; i++) trace += within[i * count + i]!;
  const scale = trace > 0 ? count / trace : 0;
  for (let i = 0; i < count; i++) {
    for (let j = 0; j <= i; j++) {
      const value = within[i * count + j]! * scale + (i === j ? ridge : 0);
      within[i * count + j] = value;
      within[j * count + i] = value;
    }
  }
  return (yield* generalisedEigen(variances.slice(0, count), within, count)).vectors;
}

function identity(rows: number, cols: number): Float64Array {
  const out = new Float64Array(rows * cols);
  for (let i = 0; i < rows; i++) out[i * cols + i] = 1;
  return out;
}

function withoutVariation(x: Matrix, method: HeadMethod, signedRoot: boolean): Head {
  const weights = x.data.slice(0, x.cols);
  // A zero vector has no direction to project on: the constant alone gives every image its 1.
  const offset = Float32Array.of(weights.some((value) => value !== 0) ? 0 : -1);
  const report = { effectiveRank: 0, columnSpread: 0, neighbourSimilarity: 1, randomSimilarity: 1, fittedRows: x.rows };
  return {
    method,
    signedRoot,
    features: x.cols,
    dim: 1,
    weights,
    offset,
    report,
    hash: fingerprint([weights, offset]),
  };
}

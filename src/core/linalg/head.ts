import type { Kernels } from "../../kernels/load.ts";
import { type Matrix, matrix, normaliseRows, requireFinite } from "../matrix.ts";
import type { Task } from "../task.ts";
import { fingerprint } from "./fingerprint.ts";
import { type HeadReport, reportOn } from "./headReport.ts";
import { pca } from "./pca.ts";
import { project, timesTransposed, transposed } from "./products.ts";
import { type AugmentedViews, separatingDirections } from "./separatingDirections.ts";
import type { TopEigenOptions } from "./topEigen.ts";

/**
 * - `head`: directions that tell images apart but hardly change between neighbours.
 * - `pca`: the principal directions.
 * - `raw`: the features themselves, L2-normalised, all D of them.
 */
export type HeadMethod = "head" | "pca" | "raw";

/** What a person chooses of a head. */
export interface HeadSettings {
  method: HeadMethod;
  /** Numbers of the embedding; not used by `raw`. */
  dim: number;
  /** See {@link HeadOptions.passes}; only used by `head`. */
  passes: number;
  /** Images whose augmented views take part (numerics.md, step 7); only used by `head`. Absent: none. */
  augmented?: number;
}

export const defaultHead: HeadSettings = { method: "head", dim: 96, passes: 1 };

export interface HeadOptions {
  /** Numbers of the embedding, 1…256; fewer when the sample has fewer directions. Default 96. */
  dim?: number;
  method?: HeadMethod;
  /** Features may be negative: the root keeps the sign. Default false: negatives count as 0. */
  signedRoot?: boolean;
  /** How often neighbours are looked for, 1…4; more than one helps most far from the model's own images. Default 1. */
  passes?: number;
  /** Features of augmented views of images, in which the head shall vary little too; only used by `head`. */
  views?: AugmentedViews | null;
}

/** What turns features into embeddings: plain data that can be stored, exported and used on new images. */
export interface Head {
  method: HeadMethod;
  signedRoot: boolean;
  features: number;
  dim: number;
  /** dim × features; empty for `raw`. */
  weights: Float32Array;
  /** dim; subtracted after the product; empty for `raw`. */
  offset: Float32Array;
  report: HeadReport;
  /** Equal heads have equal hashes. */
  hash: string;
}

/** Principal directions that the head chooses among. */
const directions = 256;
/** Enough for an embedding: a last direction that is slightly off takes part of the one after it, and nobody sees. */
const accuracy: TopEigenOptions = { tolerance: 1e-4, rounds: 6 };
/**
 * Fits the default embedding: the directions that tell images apart but hardly change between an image and its nearest
 * neighbours (locality-preserving projections, He & Niyogi 2003, with nearest neighbours as positives, as in NNCLR,
 * Dwibedi et al. 2021), in closed form and without labels. Method `pca` stops at the principal directions.
 *
 * A sample without any variation (one row, equal rows) gives a head of one number that is 1 for every image.
 * @param sample features, n × D, n ≥ 1, finite; kept
 * @throws WinnowError `shape` for a value that is not finite (names the row)
 */
export function* fitHead(kernels: Kernels, sample: Matrix, options: HeadOptions = {}): Task<Head> {
  requireFinite(sample, "features");
  const { method = "head", signedRoot = false, dim = 96, passes = 1, views = null } = options;
  if (method === "raw") return yield* rawHead(kernels, sample);
  const x = powerNormalised(sample, signedRoot);
  const found = yield* pca(kernels, x, method === "head" ? directions : dim, accuracy);
  if (found.count === 0) return withoutVariation(x, method, signedRoot);
  const size = Math.min(dim, found.count);
  const inDirections =
    method === "pca" || found.count === 1
      ? identity(size, found.count)
      : yield* separatingDirections(kernels, x, found, { size, passes, signedRoot, views });
  const composed = yield* timesTransposed(
    kernels,
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
  const weights = Float32Array.from(composed);
  const embedded = yield* project(kernels, x, { outputs: size, weights, offset }, { unit: true });
  const report = yield* reportOn(kernels, matrix(embedded, x.rows, size));
  const hash = fingerprint([weights, offset]);
  return { method, signedRoot, features: x.cols, dim: size, weights, offset, report, hash };
}

/**
 * Embeddings of features: L2-normalised rows, n × dim. A row that lies exactly in the middle stays zero.
 * @param features n × D as the head was fitted on; kept
 * @throws WinnowError `shape` when D differs or a value is not finite (names the row)
 */
export function* applyHead(kernels: Kernels, head: Head, features: Matrix): Task<Matrix> {
  if (features.cols !== head.features) {
    matrix(features.data, features.rows, head.features);
  }
  if (head.method === "raw") {
    requireFinite(features, "features");
    return normaliseRows(matrix(features.data.slice(), features.rows, features.cols));
  }
  const power = head.signedRoot ? "signed" : "unsigned";
  const projection = { outputs: head.dim, weights: head.weights, offset: head.offset };
  const data = yield* project(kernels, features, projection, { power, unit: true });
  return matrix(data, features.rows, head.dim);
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

function identity(rows: number, cols: number): Float64Array {
  const out = new Float64Array(rows * cols);
  for (let i = 0; i < rows; i++) out[i * cols + i] = 1;
  return out;
}

/** No projection at all: dim = D, no weights. */
function* rawHead(kernels: Kernels, sample: Matrix): Task<Head> {
  const { rows, cols } = sample;
  const none = new Float32Array(0);
  const report = yield* reportOn(kernels, normaliseRows(matrix(sample.data.slice(), rows, cols)));
  const hash = fingerprint([Float32Array.of(cols)]);
  return { method: "raw", signedRoot: false, features: cols, dim: cols, weights: none, offset: none, report, hash };
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

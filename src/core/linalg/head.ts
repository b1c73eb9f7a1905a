import type { Kernels } from "../../kernels/load.ts";
import { type KnnGraph, knnGraph } from "../knn/knnGraph.ts";
import { type Matrix, matrix, normaliseRows, requireFinite } from "../matrix.ts";
import type { Task } from "../task.ts";
import { fingerprint } from "./fingerprint.ts";
import { generalisedEigen } from "./generalisedEigen.ts";
import { type HeadReport, reportOn } from "./headReport.ts";
import { type Pca, pca } from "./pca.ts";
import { outerProducts, project, timesTransposed, transposed } from "./products.ts";
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
export function* fitHead(kernels: Kernels, sample: Matrix, options: HeadOptions = {}): Task<Head> {
  requireFinite(sample, "features");
  const { method = "head", signedRoot = false, dim = 96, passes = 1 } = options;
  if (method === "raw") return yield* rawHead(kernels, sample);
  const x = powerNormalised(sample, signedRoot);
  const found = yield* pca(kernels, x, method === "head" ? directions : dim, accuracy);
  if (found.count === 0) return withoutVariation(x, method, signedRoot);
  const size = Math.min(dim, found.count);
  const inDirections =
    method === "pca" || found.count === 1
      ? identity(size, found.count)
      : yield* separatingDirections(kernels, x, found, size, passes);
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

/**
 * The first `size` generalised eigenvectors of total against within-neighbour scatter, as rows in the principal
 * directions, size × count. Each further pass looks for the neighbours again, in the embedding of the pass before.
 */
function* separatingDirections(
  kernels: Kernels,
  x: Matrix,
  { mean, components, variances, count }: Pca,
  size: number,
  passes: number,
): Task<Float64Array> {
  const weights = Float32Array.from(components);
  const offset = Float32Array.from({ length: count }, (_, i) => {
    let sum = 0;
    for (let c = 0; c < x.cols; c++) sum += weights[i * x.cols + c]! * mean[c]!;
    return sum;
  });
  const z = matrix(yield* project(kernels, x, { outputs: count, weights, offset }), x.rows, count);
  let searched = firstColumns(z, Math.min(neighbourDirections, count));
  for (let pass = 1; ; pass++) {
    const graph = yield* knnGraph(kernels, normaliseRows(searched), neighbours);
    const within = yield* withinScatter(kernels, z, graph);
    const { vectors } = yield* generalisedEigen(variances.slice(0, count), within, count);
    const directionsOut = vectors.slice(0, size * count);
    if (pass >= passes) return directionsOut;
    const turn = { outputs: size, weights: Float32Array.from(directionsOut), offset: new Float32Array(size) };
    searched = matrix(yield* project(kernels, z, turn), x.rows, size);
  }
}

/** Mean outer product of the differences to the neighbours, scaled to trace = count, plus the ridge; count × count. */
function* withinScatter(kernels: Kernels, z: Matrix, graph: KnnGraph): Task<Float64Array> {
  const { data, cols: count } = z;
  const within = yield* outerProducts(kernels, graph.rows * graph.k, count, (pair, to) => {
    const from = Math.floor(pair / graph.k) * count;
    const other = graph.indices[pair]! * count;
    for (let i = 0; i < count; i++) to[i] = data[other + i]! - data[from + i]!;
  });
  let trace = 0;
  for (let i = 0; i < count; i++) trace += within[i * count + i]!;
  const scale = trace > 0 ? count / trace : 0;
  for (let i = 0; i < within.length; i++) within[i] = within[i]! * scale;
  for (let i = 0; i < count; i++) within[i * count + i]! += ridge;
  return within;
}

function firstColumns({ data, rows, cols }: Matrix, wanted: number): Matrix {
  const out = new Float32Array(rows * wanted);
  for (let row = 0; row < rows; row++) out.set(data.subarray(row * cols, row * cols + wanted), row * wanted);
  return matrix(out, rows, wanted);
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

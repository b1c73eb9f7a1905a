import type { Kernels } from "../../kernels/load.ts";
import { type KnnGraph, knnGraph } from "../knn/knnGraph.ts";
import { type Matrix, matrix, normaliseRows } from "../matrix.ts";
import type { Task } from "../task.ts";
import { generalisedEigen } from "./generalisedEigen.ts";
import type { Pca } from "./pca.ts";
import { outerProducts, type Projection, project } from "./products.ts";

/** Directions in which neighbours are looked for. */
const neighbourDirections = 128;
/** Neighbours that count as another view of an image. */
const neighbours = 10;
/** Ridge on the within-neighbour scatter, whose mean eigenvalue is 1 after scaling. */
const ridge = 1;

/** Features of several views of each of some images, the views of an image one after the other. */
export interface AugmentedViews {
  /** images · perImage × D. */
  features: Matrix;
  perImage: number;
}

export interface SeparatingOptions {
  /** Directions that are wanted. */
  size: number;
  /** How often neighbours are looked for. */
  passes: number;
  /** Features may be negative. */
  signedRoot: boolean;
  /** Views between which the directions shall change little too; null: none. */
  views: AugmentedViews | null;
}

/**
 * The first `size` generalised eigenvectors of total against within-neighbour scatter, as rows in the principal
 * directions, size × count. Each further pass looks for the neighbours again, in the embedding of the pass before.
 */
export function* separatingDirections(
  kernels: Kernels,
  x: Matrix,
  { mean, components, variances, count }: Pca,
  { size, passes, signedRoot, views }: SeparatingOptions,
): Task<Float64Array> {
  const weights = Float32Array.from(components);
  const offset = Float32Array.from({ length: count }, (_, i) => {
    let sum = 0;
    for (let c = 0; c < x.cols; c++) sum += weights[i * x.cols + c]! * mean[c]!;
    return sum;
  });
  const z = matrix(yield* project(kernels, x, { outputs: count, weights, offset }), x.rows, count);
  const scattered = views && (yield* viewScatter(kernels, views, { outputs: count, weights, offset }, signedRoot));
  let searched = firstColumns(z, Math.min(neighbourDirections, count));
  for (let pass = 1; ; pass++) {
    const graph = yield* knnGraph(kernels, normaliseRows(searched), neighbours);
    const parts = [yield* neighbourScatter(kernels, z, graph), ...(scattered ? [scattered] : [])];
    const within = sharedOut(parts, count);
    const { vectors } = yield* generalisedEigen(variances.slice(0, count), within, count);
    const directionsOut = vectors.slice(0, size * count);
    if (pass >= passes) return directionsOut;
    const turn = { outputs: size, weights: Float32Array.from(directionsOut), offset: new Float32Array(size) };
    searched = matrix(yield* project(kernels, z, turn), x.rows, size);
  }
}

/** Sum of the outer products of the differences to the neighbours, count × count. */
function* neighbourScatter(kernels: Kernels, z: Matrix, graph: KnnGraph): Task<Float64Array> {
  const { data, cols: count } = z;
  return yield* outerProducts(kernels, graph.rows * graph.k, count, (pair, to) => {
    const from = Math.floor(pair / graph.k) * count;
    const other = graph.indices[pair]! * count;
    for (let i = 0; i < count; i++) to[i] = data[other + i]! - data[from + i]!;
  });
}

/** Sum of the outer products of the views' differences to the mean of their image's views, count × count. */
function* viewScatter(
  kernels: Kernels,
  { features, perImage }: AugmentedViews,
  projection: Projection,
  signedRoot: boolean,
): Task<Float64Array> {
  const { outputs: count } = projection;
  const z = yield* project(kernels, features, projection, { power: signedRoot ? "signed" : "unsigned" });
  const mean = new Float64Array(count);
  return yield* outerProducts(kernels, features.rows, count, (view, to) => {
    const first = view - (view % perImage);
    // The views of an image are asked for in turn.
    if (view === first) {
      mean.fill(0);
      for (let v = 0; v < perImage; v++) {
        for (let i = 0; i < count; i++) mean[i] = mean[i]! + z[(first + v) * count + i]! / perImage;
      }
    }
    for (let i = 0; i < count; i++) to[i] = z[view * count + i]! - mean[i]!;
  });
}

/** The scatters with equal shares, together of trace = count, plus the ridge. One without any variation has no share. */
function sharedOut(parts: readonly Float64Array[], count: number): Float64Array {
  const trace = (part: Float64Array): number => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += part[i * count + i]!;
    return sum;
  };
  const varying = parts.filter((part) => trace(part) > 0);
  const within = new Float64Array(count * count);
  for (const part of varying) {
    const scale = count / varying.length / trace(part);
    for (let i = 0; i < within.length; i++) within[i] = within[i]! + part[i]! * scale;
  }
  for (let i = 0; i < count; i++) within[i * count + i]! += ridge;
  return within;
}

function firstColumns({ data, rows, cols }: Matrix, wanted: number): Matrix {
  const out = new Float32Array(rows * wanted);
  for (let row = 0; row < rows; row++) out.set(data.subarray(row * cols, row * cols + wanted), row * wanted);
  return matrix(out, rows, wanted);
}

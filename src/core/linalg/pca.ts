import type { Kernels } from "../../kernels/load.ts";
import { type Matrix, requireFinite } from "../matrix.ts";
import type { Task } from "../task.ts";
import { centred, columnMeans, outerProducts, timesTransposed, transposed } from "./products.ts";
import { fixSign } from "./symmetricEigen.ts";
import { type TopEigenOptions, topEigen } from "./topEigen.ts";

export interface Pca {
  mean: Float64Array;
  /** Unit directions as rows, count × cols, most variance first; largest-magnitude component positive. */
  components: Float64Array;
  /** Variance along each (divided by n − 1). */
  variances: Float64Array;
  count: number;
}

/** Directions with less variance than this share of the largest are rounding noise. */
const rankTolerance = 1e-10;

/**
 * The first principal components. Fewer come back when the data has fewer directions: none for one row or equal rows.
 * With fewer rows than columns the rows' inner products are decomposed instead of the covariance, which gives the same.
 * @param points n × d, finite; kept
 * @throws WinnowError `shape` for a value that is not finite (names the row)
 */
export function* pca(kernels: Kernels, points: Matrix, wanted: number, accuracy: TopEigenOptions = {}): Task<Pca> {
  requireFinite(points, "points");
  const { data, rows, cols } = points;
  const mean = columnMeans(points);
  const freedom = Math.max(1, rows - 1);
  const most = Math.min(wanted, cols, Math.max(0, rows - 1));
  if (rows >= cols) {
    const scatter = yield* outerProducts(kernels, rows, cols, (row, to) => {
      const from = row * cols;
      for (let c = 0; c < cols; c++) to[c] = data[from + c]! - mean[c]!;
    });
    const { values, vectors } = yield* topEigen(kernels, scatter, cols, most, accuracy);
    return keepRank({ mean, components: vectors, variances: values.map((v) => v / freedom), count: most }, cols);
  }
  const x = centred(points, mean);
  const gram = yield* timesTransposed(kernels, x, rows, x, rows, cols);
  const { values, vectors } = yield* topEigen(kernels, gram, rows, most, accuracy);
  const components = yield* timesTransposed(kernels, vectors, most, transposed(x, rows, cols), cols, rows);
  for (let i = 0; i < most; i++) {
    const component = components.subarray(i * cols, (i + 1) * cols);
    const scale = values[i]! > 0 ? 1 / Math.sqrt(values[i]!) : 0;
    for (let c = 0; c < cols; c++) component[c] = component[c]! * scale;
    fixSign(component);
  }
  return keepRank({ mean, components, variances: values.map((v) => v / freedom), count: most }, cols);
}

function keepRank({ mean, components, variances, count }: Pca, cols: number): Pca {
  let rank = 0;
  while (rank < count && variances[rank]! > rankTolerance * variances[0]! && variances[rank]! > 0) rank++;
  return {
    mean,
    components: components.slice(0, rank * cols),
    variances: variances.slice(0, rank),
    count: rank,
  };
}

import { Random } from "../random.ts";
import type { Task } from "../task.ts";
import { timesTransposed, transposed } from "./products.ts";
import { type Eigen, fixSign, symmetricEigen } from "./symmetricEigen.ts";

/** Extra vectors carried along: the wanted ones converge at the rate of the first unwanted one beyond these. */
const guardVectors = 24;

export interface TopEigenOptions {
  /** Residual ‖Av − λv‖ of every wanted vector at the end, relative to the largest eigenvalue. Default 1e-7. */
  tolerance?: number;
  /** Rounds after which it ends in any case. Default 60. */
  rounds?: number;
}

/**
 * The `count` largest eigenvalues and eigenvectors of a symmetric positive semidefinite matrix, by block subspace
 * iteration with Rayleigh–Ritz (Saad, Numerical Methods for Large Eigenvalue Problems, ch. 5). Where the block would
 * be most of the matrix, the full decomposition is cheaper and is used.
 * @param a n × n, symmetric; kept
 */
export function* topEigen(a: Float64Array, n: number, count: number, options: TopEigenOptions = {}): Task<Eigen> {
  const { tolerance = 1e-7, rounds = 60 } = options;
  const block = Math.min(n, count + guardVectors);
  if (n <= 96 || block * 3 > n * 2) return firstOf(yield* symmetricEigen(a.slice(), n), n, Math.min(n, count));
  const random = new Random(1);
  let basis: Float64Array = Float64Array.from({ length: block * n }, () => random.normal());
  for (let round = 1; ; round++) {
    orthonormalise(basis, block, n);
    const image = yield* timesTransposed(basis, block, a, n, n);
    const small = yield* timesTransposed(basis, block, image, block, n);
    const ritz = yield* symmetricEigen(small, block);
    basis = yield* timesTransposed(ritz.vectors, block, transposed(basis, block, n), n, block);
    const turnedImage = yield* timesTransposed(ritz.vectors, block, transposed(image, block, n), n, block);
    const worst = worstResidual(turnedImage, basis, ritz.values, Math.min(count, block), n);
    if (worst <= tolerance * Math.abs(ritz.values[0]!) || round === rounds) {
      for (let i = 0; i < count; i++) fixSign(basis.subarray(i * n, (i + 1) * n));
      return firstOf({ values: ritz.values, vectors: basis }, n, count);
    }
    basis = turnedImage;
  }
}

const firstOf = ({ values, vectors }: Eigen, n: number, count: number): Eigen => ({
  values: values.slice(0, count),
  vectors: vectors.slice(0, count * n),
});

function worstResidual(
  image: Float64Array,
  basis: Float64Array,
  values: Float64Array,
  count: number,
  n: number,
): number {
  let worst = 0;
  for (let i = 0; i < count; i++) {
    let squares = 0;
    for (let j = 0; j < n; j++) squares += (image[i * n + j]! - values[i]! * basis[i * n + j]!) ** 2;
    worst = Math.max(worst, squares);
  }
  return Math.sqrt(worst);
}

/** Modified Gram–Schmidt, twice, on rows; a row that vanishes becomes zero. */
function orthonormalise(rows: Float64Array, count: number, n: number): void {
  for (let i = 0; i < count; i++) {
    const row = rows.subarray(i * n, (i + 1) * n);
    const before = length(row);
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < i; j++) {
        const other = rows.subarray(j * n, (j + 1) * n);
        let sum = 0;
        for (let c = 0; c < n; c++) sum += row[c]! * other[c]!;
        for (let c = 0; c < n; c++) row[c] = row[c]! - sum * other[c]!;
      }
    }
    const left = length(row);
    const scale = left > before * 1e-12 ? 1 / left : 0;
    for (let c = 0; c < n; c++) row[c] = row[c]! * scale;
  }
}

function length(row: Float64Array): number {
  let squares = 0;
  for (const x of row) squares += x * x;
  return Math.sqrt(squares);
}

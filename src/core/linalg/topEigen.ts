import type { Kernels } from "../../kernels/load.ts";
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
export function* topEigen(
  kernels: Kernels,
  a: Float64Array,
  n: number,
  count: number,
  options: TopEigenOptions = {},
): Task<Eigen> {
  const { tolerance = 1e-7, rounds = 60 } = options;
  const block = Math.min(n, count + guardVectors);
  if (n <= 96 || block * 3 > n * 2) return firstOf(yield* symmetricEigen(a.slice(), n), n, Math.min(n, count));
  const random = new Random(1);
  let basis: Float64Array = Float64Array.from({ length: block * n }, () => random.normal());
  for (let round = 1; ; round++) {
    basis = orthonormal(kernels, basis, block, n);
    const image = yield* timesTransposed(kernels, basis, block, a, n, n);
    const small = yield* timesTransposed(kernels, basis, block, image, block, n);
    const ritz = yield* symmetricEigen(small, block);
    basis = yield* timesTransposed(kernels, ritz.vectors, block, transposed(basis, block, n), n, block);
    const turnedImage = yield* timesTransposed(kernels, ritz.vectors, block, transposed(image, block, n), n, block);
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

/** Orthonormal rows that span the same; a row that depends on those before it becomes zero. */
function orthonormal(kernels: Kernels, rows: Float64Array, count: number, n: number): Float64Array {
  const { memory, module } = kernels;
  const padded = n + (n % 2);
  const at = memory.alloc(8 * count * padded);
  try {
    const out = new Float64Array(count * n);
    const placed = memory.f64(at, count * padded);
    for (let i = 0; i < count; i++) placed.set(rows.subarray(i * n, (i + 1) * n), i * padded);
    module.orthonormalise(at, count, padded);
    for (let i = 0; i < count; i++) out.set(placed.subarray(i * padded, i * padded + n), i * n);
    return out;
  } finally {
    memory.free(at);
  }
}

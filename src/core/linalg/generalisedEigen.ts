import { WinnowError } from "../errors.ts";
import type { Task } from "../task.ts";
import { type Eigen, fixSign, symmetricEigen } from "./symmetricEigen.ts";

/**
 * Solves S v = μ W v for a diagonal S and a symmetric positive definite W, by the Cholesky factor of W.
 * @param diagonal n values of S
 * @param w n × n; overwritten
 * @returns eigenvectors as rows with vᵀ W v = 1, largest μ first
 * @throws WinnowError `internal` when W is not positive definite
 */
export function* generalisedEigen(diagonal: Float64Array, w: Float64Array, n: number): Task<Eigen> {
  cholesky(w, n);
  const inverse = invertLower(w, n);
  // C = L⁻¹ S L⁻ᵀ: row i of L⁻¹, weighted, against row j.
  const c = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k <= j; k++) sum += inverse[i * n + k]! * diagonal[k]! * inverse[j * n + k]!;
      c[i * n + j] = sum;
      c[j * n + i] = sum;
    }
    if (i % 8 === 0) yield { done: i, total: n };
  }
  const { values, vectors } = yield* symmetricEigen(c, n);
  // v = L⁻ᵀ y
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const v = out.subarray(i * n, (i + 1) * n);
    for (let row = 0; row < n; row++) {
      const y = vectors[i * n + row]!;
      for (let k = 0; k <= row; k++) v[k] = v[k]! + inverse[row * n + k]! * y;
    }
    fixSign(v);
  }
  return { values, vectors: out };
}

/** Lower factor L of A = L Lᵀ, in place; the upper half is left as it was. */
function cholesky(a: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= a[i * n + k]! * a[j * n + k]!;
      if (i > j) a[i * n + j] = sum / a[j * n + j]!;
      else if (sum > 0) a[i * n + i] = Math.sqrt(sum);
      else throw new WinnowError("internal", `the matrix is not positive definite at row ${i}`, { row: i });
    }
  }
}

function invertLower(l: Float64Array, n: number): Float64Array {
  const inverse = new Float64Array(n * n);
  for (let column = 0; column < n; column++) {
    for (let i = column; i < n; i++) {
      let sum = i === column ? 1 : 0;
      for (let k = column; k < i; k++) sum -= l[i * n + k]! * inverse[k * n + column]!;
      inverse[i * n + column] = sum / l[i * n + i]!;
    }
  }
  return inverse;
}

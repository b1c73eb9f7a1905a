/** The lower Cholesky factor L of a symmetric positive definite matrix A = L Lᵀ, size × size, f64; A is kept. */
export function choleskyFactor(a: Float64Array, size: number): Float64Array {
  const l = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * size + j]!;
      for (let k = 0; k < j; k++) sum -= l[i * size + k]! * l[j * size + k]!;
      // Rounding may leave a pivot of a nearly singular matrix below zero.
      l[i * size + j] = i === j ? Math.sqrt(Math.max(sum, 1e-14)) : sum / l[j * size + j]!;
    }
  }
  return l;
}

/** Solves L Lᵀ x = b for `size` numbers of b from `at` on, in place. */
export function choleskySolve(l: Float64Array, size: number, b: Float64Array, at: number): void {
  for (let i = 0; i < size; i++) {
    let sum = b[at + i]!;
    for (let k = 0; k < i; k++) sum -= l[i * size + k]! * b[at + k]!;
    b[at + i] = sum / l[i * size + i]!;
  }
  for (let i = size - 1; i >= 0; i--) {
    let sum = b[at + i]!;
    for (let k = i + 1; k < size; k++) sum -= l[k * size + i]! * b[at + k]!;
    b[at + i] = sum / l[i * size + i]!;
  }
}

import { WinnowError } from "../errors.ts";
import type { Task } from "../task.ts";

export interface Eigen {
  /** Largest first. */
  values: Float64Array;
  /** Unit eigenvectors as rows, n × n, in the order of the values; the component of largest magnitude is positive. */
  vectors: Float64Array;
}

/**
 * All eigenvalues and eigenvectors of a symmetric matrix: Householder reduction to tridiagonal form, then QL with
 * implicit shifts (Golub & Van Loan, Matrix Computations, ch. 8). About 9 n³ floating-point operations.
 * @param a n × n, symmetric; overwritten
 * @throws WinnowError `internal` when QL does not converge, which finite input does not cause
 */
export function* symmetricEigen(a: Float64Array, n: number): Task<Eigen> {
  const { diagonal, off, basis } = yield* tridiagonalise(a, n);
  yield* implicitQl(diagonal, off, basis, n);
  return sorted(diagonal, basis, n);
}

/** `basis` has the columns of the orthogonal transformation as rows, so that QL turns two contiguous rows. */
function* tridiagonalise(
  a: Float64Array,
  n: number,
): Task<{ diagonal: Float64Array; off: Float64Array; basis: Float64Array }> {
  const diagonal = new Float64Array(n);
  const off = new Float64Array(n);
  const reflectors: { from: number; v: Float64Array }[] = [];
  const w = new Float64Array(n);
  for (let k = 0; k < n - 2; k++) {
    const from = k + 1;
    const m = n - from;
    const v = a.slice(k * n + from, (k + 1) * n);
    let norm = 0;
    for (const x of v) norm += x * x;
    norm = Math.sqrt(norm);
    if (norm > 0) {
      const alpha = v[0]! > 0 ? -norm : norm;
      off[k] = alpha;
      v[0] = v[0]! - alpha;
      let length = 0;
      for (const x of v) length += x * x;
      length = Math.sqrt(length);
      if (length > 0) {
        for (let i = 0; i < m; i++) v[i] = v[i]! / length;
        let vp = 0;
        for (let i = 0; i < m; i++) {
          const line = (from + i) * n + from;
          let sum = 0;
          for (let j = 0; j < m; j++) sum += a[line + j]! * v[j]!;
          w[i] = sum;
          vp += sum * v[i]!;
        }
        for (let i = 0; i < m; i++) w[i] = w[i]! - vp * v[i]!;
        for (let i = 0; i < m; i++) {
          const line = (from + i) * n + from;
          const vi = 2 * v[i]!;
          const wi = 2 * w[i]!;
          for (let j = 0; j < m; j++) a[line + j] = a[line + j]! - vi * w[j]! - wi * v[j]!;
        }
        reflectors.push({ from, v });
      }
    }
    if (k % 8 === 0) yield { done: k, total: 3 * n };
  }
  for (let k = 0; k < n; k++) diagonal[k] = a[k * n + k]!;
  if (n > 1) off[n - 2] = a[(n - 2) * n + n - 1]!;

  // Qᵀ = H_last … H_first, built from the last, whose reach is smallest.
  const basis = new Float64Array(n * n);
  for (let i = 0; i < n; i++) basis[i * n + i] = 1;
  for (let r = reflectors.length - 1; r >= 0; r--) {
    const { from, v } = reflectors[r]!;
    for (let i = from; i < n; i++) {
      const line = i * n + from;
      let sum = 0;
      for (let j = 0; j < v.length; j++) sum += basis[line + j]! * v[j]!;
      sum *= 2;
      for (let j = 0; j < v.length; j++) basis[line + j] = basis[line + j]! - sum * v[j]!;
    }
    if (r % 8 === 0) yield { done: 2 * n - r, total: 3 * n };
  }
  return { diagonal, off, basis };
}

function* implicitQl(d: Float64Array, e: Float64Array, basis: Float64Array, n: number): Task<void> {
  // Under the rounding of the whole matrix a coupling is nothing; a matrix of low rank has only such couplings left.
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, Math.abs(d[i]!), Math.abs(e[i]!));
  const negligible = Number.EPSILON * largest;
  for (let low = 0; low < n; low++) {
    for (let sweep = 0; ; sweep++) {
      let high = low;
      while (high < n - 1 && Math.abs(e[high]!) > negligible) high++;
      if (high === low) break;
      if (sweep === 60) throw new WinnowError("internal", "the eigenvalue iteration did not converge", { n });
      let g = (d[low + 1]! - d[low]!) / (2 * e[low]!);
      let r = Math.hypot(g, 1);
      g = d[high]! - d[low]! + e[low]! / (g + (g >= 0 ? r : -r));
      let s = 1;
      let c = 1;
      let p = 0;
      let i = high - 1;
      for (; i >= low; i--) {
        const f = s * e[i]!;
        const b = c * e[i]!;
        r = Math.hypot(f, g);
        e[i + 1] = r;
        if (r === 0) {
          d[i + 1] = d[i + 1]! - p;
          e[high] = 0;
          break;
        }
        s = f / r;
        c = g / r;
        g = d[i + 1]! - p;
        r = (d[i]! - g) * s + 2 * c * b;
        p = s * r;
        d[i + 1] = g + p;
        g = c * r - b;
        rotate(basis, i * n, (i + 1) * n, n, c, s);
      }
      if (r === 0 && i >= low) continue;
      d[low] = d[low]! - p;
      e[low] = g;
      e[high] = 0;
    }
    if (low % 8 === 0) yield { done: 2 * n + low, total: 3 * n };
  }
}

function rotate(rows: Float64Array, a: number, b: number, n: number, c: number, s: number): void {
  for (let j = 0; j < n; j++) {
    const x = rows[a + j]!;
    const y = rows[b + j]!;
    rows[b + j] = s * x + c * y;
    rows[a + j] = c * x - s * y;
  }
}

function sorted(diagonal: Float64Array, basis: Float64Array, n: number): Eigen {
  const order = Array.from({ length: n }, (_, i) => i).sort((a, b) => diagonal[b]! - diagonal[a]! || a - b);
  const values = new Float64Array(n);
  const vectors = new Float64Array(n * n);
  for (const [to, from] of order.entries()) {
    values[to] = diagonal[from]!;
    const vector = basis.subarray(from * n, (from + 1) * n);
    vectors.set(vector, to * n);
    fixSign(vectors.subarray(to * n, (to + 1) * n));
  }
  return { values, vectors };
}

/** Turns a vector in place so that its component of largest magnitude (the first of equals) is positive. */
export function fixSign(vector: Float64Array): void {
  let largest = 0;
  for (const x of vector) if (Math.abs(x) > Math.abs(largest)) largest = x;
  if (largest < 0) for (let i = 0; i < vector.length; i++) vector[i] = -vector[i]!;
}

import type { Matrix } from "../matrix.ts";
import type { Task } from "../task.ts";

/** Column means of a matrix, f64. */
export function columnMeans({ data, rows, cols }: Matrix): Float64Array {
  const mean = new Float64Array(cols);
  for (let row = 0, i = 0; row < rows; row++) for (let c = 0; c < cols; c++, i++) mean[c] = mean[c]! + data[i]!;
  for (let c = 0; c < cols; c++) mean[c] = mean[c]! / Math.max(1, rows);
  return mean;
}

/** Rows of a matrix minus a mean, f64, rows × cols. */
export function centred({ data, rows, cols }: Matrix, mean: Float64Array): Float64Array {
  const out = new Float64Array(rows * cols);
  for (let row = 0, i = 0; row < rows; row++) for (let c = 0; c < cols; c++, i++) out[i] = data[i]! - mean[c]!;
  return out;
}

/**
 * Sum of outer products Σ xᵢ xᵢᵀ of the rows of x, cols × cols, symmetric. Four rows are taken at a time, so that each
 * sum is loaded and stored once for four products.
 * @param x rows × cols
 */
export function* outerProducts(x: Float64Array, rows: number, cols: number): Task<Float64Array> {
  const sums = new Float64Array(cols * cols);
  for (let row = 0; row < rows; row += 4) {
    const [p, q, r, s] = [row, row + 1, row + 2, row + 3].map((at) =>
      at < rows ? x.subarray(at * cols, (at + 1) * cols) : new Float64Array(cols),
    ) as [Float64Array, Float64Array, Float64Array, Float64Array];
    for (let i = 0; i < cols; i++) {
      const [pi, qi, ri, si] = [p[i]!, q[i]!, r[i]!, s[i]!];
      const line = i * cols;
      for (let j = i; j < cols; j++) {
        sums[line + j] = sums[line + j]! + pi * p[j]! + qi * q[j]! + ri * r[j]! + si * s[j]!;
      }
    }
    yield { done: Math.min(rows, row + 4), total: rows };
  }
  for (let i = 0; i < cols; i++) for (let j = 0; j < i; j++) sums[i * cols + j] = sums[j * cols + i]!;
  return sums;
}

/**
 * a · bᵀ for matrices whose rows are contiguous: out[i, j] = aᵢ · bⱼ, aRows × bRows.
 * @param a aRows × cols
 * @param b bRows × cols
 */
export function* timesTransposed(
  a: Float64Array,
  aRows: number,
  b: Float64Array,
  bRows: number,
  cols: number,
): Task<Float64Array> {
  const out = new Float64Array(aRows * bRows);
  for (let i = 0; i < aRows; i++) {
    const left = i * cols;
    let j = 0;
    for (; j + 3 < bRows; j += 4) {
      const [b0, b1, b2, b3] = [j * cols, (j + 1) * cols, (j + 2) * cols, (j + 3) * cols];
      let [s0, s1, s2, s3] = [0, 0, 0, 0];
      for (let c = 0; c < cols; c++) {
        const value = a[left + c]!;
        s0 += value * b[b0 + c]!;
        s1 += value * b[b1 + c]!;
        s2 += value * b[b2 + c]!;
        s3 += value * b[b3 + c]!;
      }
      out.set([s0, s1, s2, s3], i * bRows + j);
    }
    for (; j < bRows; j++) {
      let sum = 0;
      for (let c = 0; c < cols; c++) sum += a[left + c]! * b[j * cols + c]!;
      out[i * bRows + j] = sum;
    }
    if (i % 8 === 7) yield { done: i + 1, total: aRows };
  }
  return out;
}

/** The transpose of a rows × cols matrix. */
export function transposed(a: Float64Array, rows: number, cols: number): Float64Array {
  const out = new Float64Array(a.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) out[j * rows + i] = a[i * cols + j]!;
  return out;
}

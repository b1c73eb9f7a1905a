import type { Kernels } from "../../kernels/load.ts";
import { Blocks } from "../../kernels/memory.ts";
import { kernelRows, rowsPerChunk } from "../kernelRows.ts";
import type { Matrix } from "../matrix.ts";
import type { Task } from "../task.ts";

/** Numbers of a chunk of rows: half of a second-level cache of 1 MB in f64. */
const chunkNumbers = 65_536;
/** Strips of four rows of a result that a thread takes at once. */
const stripsPerChunk = 8;
/** Rows that are projected in one call: some tens of milliseconds. */
const rowsPerCall = 8_192;

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
 * Sum of outer products Σ xᵢ xᵢᵀ of rows, f64, cols × cols, symmetric. The rows are asked for in turn, a few at a time.
 * @param fill writes row `row` of x into `to`, cols numbers
 */
export function* outerProducts(
  kernels: Kernels,
  rows: number,
  cols: number,
  fill: (row: number, to: Float64Array) => void,
): Task<Float64Array> {
  const padded = Math.ceil(cols / 4) * 4;
  const most = Math.max(1, Math.min(rows, Math.floor(chunkNumbers / padded)));
  const blocks = new Blocks(kernels.memory);
  try {
    const x = blocks.alloc(8 * most * padded);
    const sums = blocks.alloc(8 * padded * padded);
    for (let first = 0; first < rows; first += most) {
      const count = Math.min(most, rows - first);
      const chunk = kernels.memory.f64(x, count * padded);
      for (let i = 0; i < count; i++) fill(first + i, chunk.subarray(i * padded, i * padded + cols));
      kernels.range("addOuterProducts", padded / 4, stripsPerChunk, x, count, padded, sums);
      yield { done: first + count, total: rows };
    }
    const upper = kernels.memory.f64(sums, padded * padded);
    const out = new Float64Array(cols * cols);
    for (let i = 0; i < cols; i++) {
      for (let j = 0; j < cols; j++) out[i * cols + j] = upper[Math.min(i, j) * padded + Math.max(i, j)]!;
    }
    return out;
  } finally {
    blocks.free();
  }
}

/**
 * a · bᵀ in f64 for matrices whose rows are contiguous: out[i, j] = aᵢ · bⱼ, aRows × bRows.
 * @param a aRows × cols
 * @param b bRows × cols
 */
export function* timesTransposed(
  kernels: Kernels,
  a: Float64Array,
  aRows: number,
  b: Float64Array,
  bRows: number,
  cols: number,
): Task<Float64Array> {
  const { memory } = kernels;
  const padded = cols + (cols % 2);
  const blocks = new Blocks(memory);
  const place = (from: Float64Array, rows: number): number => {
    const at = blocks.alloc(8 * rows * padded);
    const to = memory.f64(at, rows * padded);
    if (padded === cols) to.set(from.subarray(0, rows * cols));
    else for (let row = 0; row < rows; row++) to.set(from.subarray(row * cols, (row + 1) * cols), row * padded);
    return at;
  };
  try {
    const left = place(a, aRows);
    const right = place(b, bRows);
    const out = blocks.alloc(8 * aRows * bRows);
    // About 20 ms of work a call.
    const perCall = Math.max(16, Math.ceil(60_000_000 / Math.max(1, bRows * padded)));
    for (let first = 0; first < aRows; first += perCall) {
      const count = Math.min(perCall, aRows - first);
      const [from, to] = [left + 8 * first * padded, out + 8 * first * bRows];
      kernels.range("multiplyTransposedF64", count, 8, from, right, bRows, padded, to);
      yield { done: first + count, total: aRows };
    }
    return memory.f64(out, aRows * bRows).slice();
  } finally {
    blocks.free();
  }
}

/** Linear map of rows, as a head holds it. */
export interface Projection {
  /** Numbers that come out. */
  outputs: number;
  /** outputs × cols. */
  weights: Float32Array;
  /** outputs; subtracted after the product. */
  offset: Float32Array;
}

export interface ProjectOptions {
  /** Before the product each row becomes √max(0, x) of length 1; `signed` keeps the sign of x. */
  power?: "unsigned" | "signed";
  /** After it each row is scaled to length 1; a zero row stays. */
  unit?: boolean;
}

/**
 * x · weightsᵀ − offset for every row of x, f32, rows × outputs.
 * @throws WinnowError `shape` for a value that is not finite (names the row)
 */
export function* project(
  kernels: Kernels,
  x: Matrix,
  { outputs, weights, offset }: Projection,
  { power, unit = false }: ProjectOptions = {},
): Task<Float32Array> {
  const { memory } = kernels;
  const padded = Math.ceil(outputs / 4) * 4;
  const out = new Float32Array(x.rows * outputs);
  const fixed = new Blocks(memory);
  try {
    const stride = Math.max(4, Math.ceil(x.cols / 4) * 4);
    const weightsAt = fixed.alloc(4 * padded * stride);
    const offsetAt = fixed.alloc(4 * padded);
    for (let o = 0; o < outputs; o++) {
      memory.f32(weightsAt + 4 * o * stride, stride).set(weights.subarray(o * x.cols, (o + 1) * x.cols));
    }
    memory.f32(offsetAt, outputs).set(offset);
    for (let first = 0; first < x.rows; first += rowsPerCall) {
      const rows = Math.min(rowsPerCall, x.rows - first);
      const data = x.data.subarray(first * x.cols, (first + rows) * x.cols);
      const blocks = new Blocks(memory);
      try {
        const part = kernelRows(kernels, (bytes) => blocks.alloc(bytes), { data, rows, cols: x.cols }, "features", {
          first,
          of: x.rows,
        });
        const to = blocks.alloc(4 * rows * padded);
        const chunk = rowsPerChunk / 4;
        if (power) kernels.range("powerNormalise", rows, chunk, part.data, stride, power === "signed" ? 1 : 0);
        kernels.range("project", rows, chunk, part.data, stride, weightsAt, offsetAt, padded, to, padded, unit ? 1 : 0);
        const result = memory.f32(to, rows * padded);
        for (let row = 0; row < rows; row++) {
          out.set(result.subarray(row * padded, row * padded + outputs), (first + row) * outputs);
        }
      } finally {
        blocks.free();
      }
      yield { done: first + rows, total: x.rows };
    }
    return out;
  } finally {
    fixed.free();
  }
}

/** The transpose of a rows × cols matrix. */
export function transposed(a: Float64Array, rows: number, cols: number): Float64Array {
  const out = new Float64Array(a.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) out[j * rows + i] = a[i * cols + j]!;
  return out;
}

import type { Kernels } from "../kernels/load.ts";
import { WinnowError } from "./errors.ts";
import type { Matrix } from "./matrix.ts";

/** Rows of a matrix in the kernels' memory. */
export interface KernelRows {
  /** Byte offset of f32 rows × stride. */
  readonly data: number;
  readonly rows: number;
  readonly cols: number;
  /** Numbers a row, cols rounded up to a multiple of 4; the rest is zero. */
  readonly stride: number;
  /** Byte offset of f32 squared lengths, with room for 8 more. */
  readonly norms: number;
}

/** Rows that one call of a kernel over rows should take at least. */
export const rowsPerChunk = 1_024;

/**
 * Copies a matrix into the kernels' memory.
 * @param alloc gives the blocks; who frees them owns the rows
 * @param what the rows' name in an error
 * @param part where these rows lie in a larger matrix, for an error; `order`: which row of the matrix each copied row is,
 *   when they are to lie otherwise
 * @throws WinnowError `shape` for a value that is not finite (names the row)
 */
export function kernelRows(
  kernels: Kernels,
  alloc: (bytes: number) => number,
  { data, rows, cols }: Matrix,
  what: string,
  part: { first: number; of: number; order?: Uint32Array } = { first: 0, of: rows },
): KernelRows {
  const stride = Math.max(4, Math.ceil(cols / 4) * 4);
  const { memory } = kernels;
  const at = alloc(4 * rows * stride);
  const norms = alloc(4 * (rows + 8));
  const finite = memory.alloc(rows);
  try {
    const target = memory.f32(at, rows * stride);
    const from = (row: number): number => part.order?.[row] ?? row;
    if (stride === cols && !part.order) target.set(data);
    else {
      for (let row = 0; row < rows; row++) {
        target.set(data.subarray(from(row) * cols, (from(row) + 1) * cols), row * stride);
      }
    }
    kernels.range("rowStatistics", rows, rowsPerChunk, at, cols, stride, norms, finite);
    const first = memory.u8(finite, rows).indexOf(0);
    if (first >= 0) {
      const bad = from(first);
      const value = data.subarray(bad * cols, (bad + 1) * cols).find((x) => !Number.isFinite(x));
      const found = value ?? "numbers that are too large";
      const row = part.first + bad;
      throw new WinnowError("shape", `row ${row} of ${part.of} ${what} holds ${found}, expected finite numbers`, {
        row,
      });
    }
  } finally {
    memory.free(finite);
  }
  return { data: at, rows, cols, stride, norms };
}

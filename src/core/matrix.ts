import { WinnowError } from "./errors.ts";

/** Numbers in rows: `data[row * cols + col]`. */
export interface Matrix {
  readonly data: Float32Array;
  readonly rows: number;
  readonly cols: number;
}

/**
 * A matrix over an array, which is kept, not copied.
 * @throws WinnowError `shape` when the array's length is not rows · cols
 */
export function matrix(data: Float32Array, rows: number, cols: number): Matrix {
  if (data.length !== rows * cols) {
    throw new WinnowError("shape", `expected ${rows} × ${cols} = ${rows * cols} values, got ${data.length}`);
  }
  return { data, rows, cols };
}

/**
 * Refuses values that are not numbers.
 * @param part where these rows lie in a larger matrix, for the error
 * @throws WinnowError `shape` that names the first bad row
 */
export function requireFinite(
  { data, rows, cols }: Matrix,
  what: string,
  part: { first: number; of: number } = { first: 0, of: rows },
): void {
  for (let i = 0; i < data.length; i++) {
    if (!Number.isFinite(data[i])) {
      const row = part.first + Math.floor(i / cols);
      throw new WinnowError("shape", `row ${row} of ${part.of} ${what} holds ${data[i]}, expected finite numbers`, {
        row,
      });
    }
  }
}

/**
 * Scales each row to length 1, in place; a zero row stays zero.
 * @returns the same matrix
 */
export function normaliseRows(m: Matrix): Matrix {
  const { data, rows, cols } = m;
  for (let row = 0; row < rows; row++) {
    let squares = 0;
    for (let i = row * cols; i < (row + 1) * cols; i++) squares += data[i]! * data[i]!;
    if (squares === 0) continue;
    const scale = 1 / Math.sqrt(squares);
    for (let i = row * cols; i < (row + 1) * cols; i++) data[i] = data[i]! * scale;
  }
  return m;
}

import type { Kernels } from "../../kernels/load.ts";
import { WinnowError } from "../errors.ts";
import { nearestRows } from "../knn/nearestRows.ts";
import { type Matrix, matrix, normaliseRows } from "../matrix.ts";
import type { Task } from "../task.ts";
import { FarthestFirst } from "./farthestFirst.ts";

/** What a search starts from: a row's number, or a vector of the embedding such as that of a dropped file. */
export type Example = number | Float32Array;

export interface Examples {
  /** What results should be like; at least one. */
  positives: Iterable<Example>;
  /** What they should not be like. Default none. */
  negatives?: Iterable<Example>;
}

export interface SimilarOptions {
  /** How many rows are wanted. */
  k: number;
  /** The only rows that may be results. Default all. */
  among?: Iterable<number>;
  /** Whether rows that are examples themselves may be results. Default false. */
  withExamples?: boolean;
}

/** Rows like a query, nearest first. */
export interface SimilarRows {
  rows: Uint32Array;
  /** Euclidean distance to the query, 0…2 for rows of length 1. */
  distances: Float32Array;
}

const negativeWeight = 0.5;

/**
 * One vector for several examples: mean(positives) − ½ · mean(negatives), scaled to length 1. Where that is zero, it
 * stays zero.
 * @param embeddings n × d, rows of length 1
 * @returns d numbers
 * @throws WinnowError `empty` without positives; `shape` for a row out of range, a vector that has not d numbers, or a
 *   value that is not finite
 */
export function queryOf(embeddings: Matrix, { positives, negatives = [] }: Examples): Float32Array {
  const { cols } = embeddings;
  const wanted = meanOf(embeddings, positives);
  if (wanted === null) throw new WinnowError("empty", "A search needs at least one image to look like.");
  const unwanted = meanOf(embeddings, negatives);
  const query = Float32Array.from(wanted, (x, c) => x - negativeWeight * (unwanted?.[c] ?? 0));
  return normaliseRows(matrix(query, 1, cols)).data;
}

/**
 * The k rows most similar to some examples, exact: nearest to {@link queryOf} of them, which for rows of length 1 is
 * the order of cosines. Ties go to the lower row.
 * @param embeddings n × d, rows of length 1
 * @throws WinnowError as {@link queryOf}; `shape` for a value of any row that is not finite (names the row)
 */
export function* mostSimilar(
  kernels: Kernels,
  embeddings: Matrix,
  examples: Examples,
  { k, among, withExamples = false }: SimilarOptions,
): Task<SimilarRows> {
  const positives = [...examples.positives];
  const negatives = [...(examples.negatives ?? [])];
  const query = queryOf(embeddings, { positives, negatives });
  const skip = new Uint8Array(embeddings.rows);
  if (among) {
    skip.fill(1);
    for (const row of among) skip[inRange(row, embeddings.rows)] = 0;
  }
  if (!withExamples) {
    for (const example of [...positives, ...negatives]) if (typeof example === "number") skip[example] = 1;
  }
  const found = yield* nearestRows(kernels, embeddings, matrix(query, 1, embeddings.cols), k, skip);
  return { rows: found.indices, distances: found.distances };
}

/**
 * Cosine of every row to {@link queryOf} some examples, −1…1; 0 where either is zero.
 * @param embeddings n × d, rows of length 1 or 0
 * @throws WinnowError as {@link queryOf}
 */
export function cosinesTo(embeddings: Matrix, examples: Examples): Float32Array {
  const query = queryOf(embeddings, examples);
  const { data, rows, cols } = embeddings;
  const cosines = new Float32Array(rows);
  for (let row = 0, i = 0; row < rows; row++) {
    let dot = 0;
    for (let c = 0; c < cols; c++, i++) dot += data[i]! * query[c]!;
    cosines[row] = Math.max(-1, Math.min(1, dot));
  }
  return cosines;
}

/**
 * Similarity of every row to the nearest of some rows: exp(−d / mean d), where d is the Euclidean distance to that
 * nearest one and the mean is over all rows. 1 for the rows themselves and their duplicates, above 0 for all.
 * @param embeddings n × d, finite
 * @throws WinnowError `empty` without query rows; `shape` for a row out of range or a value that is not finite
 */
export function* similarityTo(kernels: Kernels, embeddings: Matrix, queryRows: Uint32Array): Task<Float32Array> {
  if (queryRows.length === 0) throw new WinnowError("empty", "Similarity needs at least one image to compare with.");
  const nearest = new FarthestFirst(kernels, embeddings, queryRows.length, { lazy: false });
  try {
    for (const [done, row] of queryRows.entries()) {
      yield* nearest.choose(row);
      yield { done: done + 1, total: queryRows.length };
    }
    const distances = nearest.distances();
    const mean = distances.reduce((sum, d) => sum + d, 0) / distances.length;
    return mean === 0 ? distances.fill(1) : distances.map((d) => Math.exp(-d / mean));
  } finally {
    nearest.free();
  }
}

/** Column means of examples in f64; null when there are none. */
function meanOf(embeddings: Matrix, examples: Iterable<Example>): Float64Array | null {
  const sum = new Float64Array(embeddings.cols);
  let count = 0;
  for (const example of examples) {
    const vector = vectorOf(embeddings, example);
    for (let c = 0; c < sum.length; c++) sum[c] = sum[c]! + vector[c]!;
    count++;
  }
  return count === 0 ? null : sum.map((x) => x / count);
}

function vectorOf({ data, rows, cols }: Matrix, example: Example): Float32Array {
  const isRow = typeof example === "number";
  const vector = isRow ? data.subarray(inRange(example, rows) * cols, (example + 1) * cols) : example;
  if (vector.length !== cols) {
    throw new WinnowError("shape", `expected an example of ${cols} numbers, got ${vector.length}`);
  }
  const bad = vector.find((x) => !Number.isFinite(x));
  if (bad === undefined) return vector;
  const what = isRow ? `row ${example} of ${rows} embeddings` : "an example";
  throw new WinnowError("shape", `${what} holds ${bad}, expected finite numbers`, isRow ? { row: example } : {});
}

function inRange(row: number, rows: number): number {
  if (Number.isInteger(row) && row >= 0 && row < rows) return row;
  throw new WinnowError("shape", `expected a row number under ${rows}, got ${row}`, { row });
}

import type { Kernels } from "../../kernels/load.ts";
import { nearestRows } from "../knn/nearestRows.ts";
import { type Matrix, matrix } from "../matrix.ts";
import { Random } from "../random.ts";
import type { Task } from "../task.ts";

/** Images whose neighbours are compared: a share's standard error is under 0.02 then. */
const comparedRows = 800;
const neighboursCompared = 15;
/** Neighbours that vote for a label. */
const votes = 10;
/** Labelled images among which neighbours are looked for. */
const mostLabelled = 20_000;

export interface EmbeddingComparison {
  /** Images whose neighbours were compared. */
  rows: number;
  /** Share of the 15 nearest neighbours that both have, 0…1; null where those are more than half of all images. */
  overlap: number | null;
  /**
   * Share of labelled images whose 10 nearest labelled others, weighted by cosine, vote for their label; null without
   * labels. By embedding.
   */
  accuracy: readonly [number, number] | null;
  /** Labelled images that were asked. */
  labelled: number;
}

/**
 * How far two embeddings of the same images agree, and which of them knows a person's labels better. Exact on a sample
 * of the images.
 * @param embeddings two matrices of the same rows, rows of length 1
 * @param labels by row: a class from 0, −1 for none; null: nobody gave any
 */
export function* compareEmbeddings(
  kernels: Kernels,
  embeddings: readonly [Matrix, Matrix],
  labels: Int32Array | null,
  seed: number,
): Task<EmbeddingComparison> {
  const random = new Random(seed);
  const [first, second] = embeddings;
  const rows = random.sample(first.rows, comparedRows);
  const k = Math.min(neighboursCompared, first.rows - 1);
  let shared = 0;
  for (const [done, row] of rows.entries()) {
    const near = new Set(yield* neighbours(kernels, first, row, k));
    for (const other of yield* neighbours(kernels, second, row, k)) if (near.has(other)) shared++;
    yield { done, total: rows.length * 2 };
  }
  const known = labels ? Array.from(labels.keys()).filter((row) => labels[row]! >= 0 && row < first.rows) : [];
  const overlap = first.rows > 2 * neighboursCompared ? shared / (rows.length * k) : null;
  if (!labels || known.length <= votes) return { rows: rows.length, overlap, accuracy: null, labelled: 0 };
  const among = Array.from(random.sample(known.length, mostLabelled), (i) => known[i]!);
  const asked = Array.from({ length: Math.min(comparedRows, among.length) }, (_, i) => i);
  const accuracy: [number, number] = [0, 0];
  for (const [which, all] of embeddings.entries()) {
    const own = rowsOf(all, among);
    let right = 0;
    for (const i of asked) {
      if ((yield* vote(kernels, own, i, among, labels)) === labels[among[i]!]) right++;
      yield { done: rows.length + i, total: rows.length * 2 };
    }
    accuracy[which] = right / asked.length;
  }
  return { rows: rows.length, overlap, accuracy, labelled: asked.length };
}

function* neighbours(kernels: Kernels, embeddings: Matrix, row: number, k: number): Task<Uint32Array> {
  return (yield* nearest(kernels, embeddings, row, k)).indices;
}

function* nearest(
  kernels: Kernels,
  embeddings: Matrix,
  row: number,
  k: number,
): Task<{ indices: Uint32Array; distances: Float32Array }> {
  const { data, rows, cols } = embeddings;
  const skip = new Uint8Array(rows);
  skip[row] = 1;
  const query = matrix(data.slice(row * cols, (row + 1) * cols), 1, cols);
  return yield* nearestRows(kernels, embeddings, query, k, skip);
}

function* vote(kernels: Kernels, own: Matrix, i: number, among: readonly number[], labels: Int32Array): Task<number> {
  const { indices, distances } = yield* nearest(kernels, own, i, votes);
  const weights = new Map<number, number>();
  for (const [n, other] of indices.entries()) {
    const label = labels[among[other]!]!;
    // Rows have length 1: d² = 2 − 2 cos.
    weights.set(label, (weights.get(label) ?? 0) + Math.max(1e-6, 1 - distances[n]! ** 2 / 2));
  }
  return [...weights].reduce((best, next) => (next[1] > best[1] ? next : best))[0];
}

function rowsOf({ data, cols }: Matrix, rows: readonly number[]): Matrix {
  const own = new Float32Array(rows.length * cols);
  for (const [i, row] of rows.entries()) own.set(data.subarray(row * cols, (row + 1) * cols), i * cols);
  return matrix(own, rows.length, cols);
}

import type { Kernels } from "../../kernels/load.ts";
import { Blocks } from "../../kernels/memory.ts";
import { distanceSquared } from "../distance.ts";
import { WinnowError } from "../errors.ts";
import { type KernelRows, kernelRows, rowsPerChunk } from "../kernelRows.ts";
import type { Matrix } from "../matrix.ts";
import type { Task } from "../task.ts";
import { BoundedHeaps } from "./boundedHeap.ts";
import type { KnnGraph } from "./knnGraph.ts";

/** Queries of a block: its products with a block of rows take one megabyte, about a second-level cache. */
const queriesPerBlock = 256;
/** Fewer products are not worth waking a thread for. */
const productsPerThread = 1_000_000;
/** Sums of f32 products may lose this much where they are too small for f32. */
const underflow = 1e-40;

/** The other direction of the same comparisons (there are none for k = 0): which queries come near to each row. */
export interface Reach {
  /** By row, Euclidean: only a query that is nearer is told of. May fall while queries are told. */
  limits: Float32Array;
  /** Called once for each pair within the limit, rows ascending within a block of queries. */
  take(row: number, query: number, distance: number): void;
}

/**
 * The k rows of a matrix that are nearest to each of some query vectors, exact. Products of rows and queries in f32
 * give a lower bound of every distance; whatever could be among the k nearest is computed again in f64 sums over the
 * f32 values. So the result is that of a plain f64 loop, on any number of threads.
 *
 * Memory: the queries and a block of rows beside the result; the matrix is never copied as a whole.
 * @param points n × d, finite; kept, not changed
 * @param queries m × d, finite; kept, not changed
 * @param kWanted 0 and up; fewer are found when fewer rows are left
 * @param skip n; 1 for a row that is never a result, nor told to `reach`
 * @returns a graph whose `rows` are the queries and whose `indices` are rows of `points`, nearest first, ties by the
 *   lower row
 * @throws WinnowError `shape` for a value that is not finite (names the row) or another number of columns
 */
export function* nearestRows(
  kernels: Kernels,
  points: Matrix,
  queries: Matrix,
  kWanted: number,
  skip?: Uint8Array,
  reach?: Reach,
): Task<KnnGraph> {
  if (points.cols !== queries.cols) {
    throw new WinnowError("shape", `expected queries of ${points.cols} columns, got ${queries.cols}`);
  }
  const left = skip ? points.rows - skip.reduce((sum, one) => sum + one, 0) : points.rows;
  const k = Math.max(0, Math.min(kWanted, left));
  const heaps = new BoundedHeaps(queries.rows, k);
  const blocks = new Blocks(kernels.memory);
  try {
    const asked = paddedQueries(kernels, blocks, queries);
    const dots = blocks.alloc(4 * rowsPerChunk * queriesPerBlock);
    const offset = blocks.alloc(4 * queriesPerBlock);
    for (let first = 0; first < points.rows; first += rowsPerChunk) {
      const rows = Math.min(rowsPerChunk, points.rows - first);
      const data = points.data.subarray(first * points.cols, (first + rows) * points.cols);
      const own = new Blocks(kernels.memory);
      try {
        const part = { first, of: points.rows };
        const block = kernelRows(kernels, (n) => own.alloc(n), { data, rows, cols: points.cols }, "embeddings", part);
        for (let query = 0; k > 0 && query < queries.rows; query += queriesPerBlock) {
          const count = Math.min(queriesPerBlock, queries.rows - query);
          const outputs = Math.ceil(count / 4) * 4;
          const from = asked.data + 4 * query * asked.stride;
          const { stride } = block;
          const chunk = Math.ceil(productsPerThread / (outputs * stride));
          kernels.range("project", rows, chunk, block.data, stride, from, offset, outputs, dots, outputs, 0);
          offerBlock(
            kernels,
            heaps,
            { block, first, asked, query, count, dots, outputs, points, queries },
            skip,
            reach,
          );
          yield { done: first, total: points.rows };
        }
      } finally {
        own.free();
      }
      yield { done: first + rows, total: points.rows };
    }
    return graphOf(heaps, queries.rows, k);
  } finally {
    blocks.free();
  }
}

/** The queries in the kernels' memory, with zero rows up to a multiple of 4, as the products want them. */
function paddedQueries(kernels: Kernels, blocks: Blocks, { data, rows, cols }: Matrix): KernelRows {
  const padded = Math.ceil(rows / 4) * 4;
  const all = new Float32Array(padded * cols);
  all.set(data);
  const part = { first: 0, of: rows };
  return kernelRows(kernels, (bytes) => blocks.alloc(bytes), { data: all, rows: padded, cols }, "queries", part);
}

/** A block of rows that has met a block of queries. */
interface Met {
  block: KernelRows;
  /** Row of `points` that the block begins with. */
  first: number;
  asked: KernelRows;
  /** First query. */
  query: number;
  count: number;
  /** Byte offset of f32 rows × outputs. */
  dots: number;
  outputs: number;
  points: Matrix;
  queries: Matrix;
}

function offerBlock(
  kernels: Kernels,
  heaps: BoundedHeaps,
  met: Met,
  skip: Uint8Array | undefined,
  reach: Reach | undefined,
): void {
  const { block, first, asked, query, count, outputs, points, queries } = met;
  const { memory } = kernels;
  const { cols } = points;
  const dots = memory.f32(met.dots, block.rows * outputs);
  const norms = memory.f32(block.norms, block.rows);
  const queryNorms = memory.f32(asked.norms + 4 * query, count);
  const worst = heaps.worst.subarray(query, query + count);
  // Rounding of a product of `stride` values summed in four lanes, as a share of both squared lengths.
  const share = 1 - (block.stride / 4 + 10) * 6e-8;
  for (let i = 0; i < block.rows; i++) {
    const row = first + i;
    if (skip?.[row]) continue;
    const limit = reach ? reach.limits[row]! ** 2 : 0;
    for (let q = 0; q < count; q++) {
      const least = (norms[i]! + queryNorms[q]!) * share - 2 * dots[i * outputs + q]! - underflow;
      // A bound that is too large for f32 says nothing.
      if (least > worst[q]! && least >= limit && least < Number.POSITIVE_INFINITY) continue;
      const at = (query + q) * cols;
      const squared = distanceSquared(queries.data, at, points.data, row * cols, cols);
      heaps.offer(query + q, squared, row);
      if (reach && squared < limit) {
        const distance = Math.fround(Math.sqrt(squared));
        if (distance < reach.limits[row]!) reach.take(row, query + q, distance);
      }
    }
  }
}

function graphOf(heaps: BoundedHeaps, rows: number, k: number): KnnGraph {
  const indices = new Uint32Array(rows * k);
  const distances = new Float32Array(rows * k);
  for (let query = 0; query < rows && k > 0; query++) {
    const found = heaps.sorted(query);
    indices.set(found.rows, query * k);
    for (let n = 0; n < k; n++) distances[query * k + n] = Math.sqrt(found.squared[n]!);
  }
  return { rows, k, indices, distances, recall: 1 };
}

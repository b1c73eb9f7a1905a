import type { Kernels } from "../../kernels/load.ts";
import { type Matrix, requireFinite } from "../matrix.ts";
import { Random } from "../random.ts";
import type { Task } from "../task.ts";
import { BlockMeetings, requireNeighbours } from "./blockMeetings.ts";
import { compactOrder } from "./compactOrder.ts";
import { type KnnGraph, knnGraph } from "./knnGraph.ts";
import { measuredRecall } from "./measuredRecall.ts";

/**
 * Up to so many rows the exact graph is worth its wait: 200,000 × 64 take 22 s on two threads, and four times as long
 * with each doubling. The approximate one takes 5 s there and 29 s for 1,000,000.
 */
export const mostExactRows = 200_000;

/**
 * Rows of a block. Of the same number of comparisons small blocks find more: at 200,000 rows, 16 % of all pairs give a
 * recall of .942 in blocks of 512, .966 in blocks of 256, .976 in blocks of 128; the last cost more than they bring.
 */
const blockRows = 256;
/** At 200,000 × 64 photographs 48 give a recall of .918, 96 of .966; at 1,000,000 96 give .967. */
const nearBlocksByDefault = 96;
/** A share of 500 · k neighbours: its standard error is under .01. */
const rowsOfRecall = 500;

export interface ApproximateGraphOptions {
  /** Decides the directions of the cuts and the rows of the measurement. */
  seed: number;
  /** Nearest blocks that each block of 256 rows meets, 1…240: twice as many take about 1.7 times as long. */
  nearBlocks?: number;
  /** Called once the rows are in the kernels' memory: `points` are not looked at any more, and may give theirs back. */
  copied?: () => void;
}

/**
 * A k-nearest-neighbour graph that may miss neighbours and says how many. The rows are put into an order in which blocks
 * of 256 are compact; each block meets only the 96 whose mean rows are nearest, in the way of {@link knnGraph}. The
 * distances of the neighbours found are exact, and equal ones go by row. With few rows, where all blocks would meet, it
 * is the exact graph. The same seed gives the same graph for any number of threads.
 *
 * Time grows as the rows, not as their square. The share that is found depends on the data: photographs with near
 * copies .966; the same with so much noise that nothing has near neighbours .88 at 200,000 rows, .72 at 1,000,000.
 *
 * Memory: see {@link BlockMeetings}, 30 bytes a row and then 16 MB, beside the result.
 * @param points n × d, finite; kept, not changed
 * @param kWanted 0…240
 * @returns `recall` is measured on 500 rows of the seed against all rows
 * @throws WinnowError `shape` for a value that is not finite (names the row) or a k out of range
 */
export function* approximateGraph(
  kernels: Kernels,
  points: Matrix,
  kWanted: number,
  { seed, nearBlocks = nearBlocksByDefault, copied }: ApproximateGraphOptions,
): Task<KnnGraph> {
  requireNeighbours(kWanted);
  const { rows } = points;
  // Every block would meet every other.
  if (Math.ceil(rows / blockRows) <= nearBlocks + 1) return yield* knnGraph(kernels, points, kWanted);
  requireFinite(points, "points");
  const random = new Random(seed);
  const order = yield* compactOrder(points, blockRows, random);
  const pairs = yield* nearPairs(kernels, points, order, nearBlocks);
  const meetings = new BlockMeetings(kernels, points, kWanted, blockRows, order);
  copied?.();
  try {
    const { k } = meetings;
    yield* meetings.meet(roundsOf(pairs, meetings.blockCount), pairs.length);
    meetings.rerank();
    const list = random.sample(rows, rowsOfRecall);
    const found = new Float32Array(list.length * k);
    const { distances } = meetings.results();
    for (const [i, row] of list.entries()) found.set(distances.subarray(row * k, (row + 1) * k), i * k);
    const recall = yield* measuredRecall(kernels, meetings.rows, { list, distances: found, k });
    return { rows, k, ...inFirstOrder(meetings.results(), order, k), recall };
  } finally {
    meetings.free();
  }
}

/**
 * Each block with itself and with its nearest blocks by their mean rows, each pair once, ascending.
 * @returns lower block · blocks + higher block
 */
function* nearPairs(kernels: Kernels, points: Matrix, order: Uint32Array, nearBlocks: number): Task<Uint32Array> {
  const { data, rows, cols } = points;
  const count = Math.ceil(rows / blockRows);
  const means = new Float32Array(count * cols);
  for (let i = 0; i < rows; i++) {
    const block = Math.floor(i / blockRows);
    const share = 1 / Math.min(blockRows, rows - block * blockRows);
    const from = order[i]! * cols;
    for (let c = 0; c < cols; c++) means[block * cols + c]! += data[from + c]! * share;
  }
  const near = yield* knnGraph(kernels, { data: means, rows: count, cols }, nearBlocks);
  const pairs = new Set<number>();
  for (let block = 0; block < count; block++) {
    pairs.add(block * count + block);
    for (const other of near.indices.subarray(block * near.k, (block + 1) * near.k)) {
      pairs.add(Math.min(block, other) * count + Math.max(block, other));
    }
  }
  return Uint32Array.from(pairs).sort();
}

/** Pairs in rounds in which no block is twice: each round takes whatever pairs it can, in their order. */
function* roundsOf(pairs: Uint32Array, count: number): Generator<[number, number][]> {
  let left = pairs;
  while (left.length > 0) {
    const busy = new Uint8Array(count);
    const round: [number, number][] = [];
    left = left.filter((pair) => {
      const [a, b] = [Math.floor(pair / count), pair % count];
      if (busy[a] === 1 || busy[b] === 1) return true;
      busy[a] = 1;
      busy[b] = 1;
      round.push([a, b]);
      return false;
    });
    yield round;
  }
}

/** Rows back in the order of the points; equal distances by row. */
function inFirstOrder(
  { indices, distances }: Pick<KnnGraph, "indices" | "distances">,
  order: Uint32Array,
  k: number,
): Pick<KnnGraph, "indices" | "distances"> {
  const to = { indices: new Uint32Array(indices.length), distances: new Float32Array(distances.length) };
  for (const [at, row] of order.entries()) {
    const first = row * k;
    to.distances.set(distances.subarray(at * k, (at + 1) * k), first);
    for (let n = 0; n < k; n++) {
      const other = order[indices[at * k + n]!]!;
      const distance = to.distances[first + n]!;
      let place = n;
      for (; place > 0 && to.distances[first + place - 1] === distance; place--) {
        if (to.indices[first + place - 1]! < other) break;
        to.indices[first + place] = to.indices[first + place - 1]!;
      }
      to.indices[first + place] = other;
    }
  }
  return to;
}

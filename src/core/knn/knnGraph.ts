import type { Kernels } from "../../kernels/load.ts";
import type { Matrix } from "../matrix.ts";
import type { Task } from "../task.ts";
import { BlockMeetings, requireNeighbours } from "./blockMeetings.ts";

/** For each row its nearest other rows, nearest first; ties go to the lower row. */
export interface KnnGraph {
  rows: number;
  /** Neighbours a row: the k asked for, or rows − 1 when there are fewer. */
  k: number;
  /** rows × k. */
  indices: Uint32Array;
  /** rows × k, Euclidean. */
  distances: Float32Array;
  /** The share of true neighbours that it holds, 0 to 1: 1 for an exact graph, measured for an approximate one. */
  recall: number;
}

/** Rows of a block: two blocks of 128 16-bit numbers a row stay in a second-level cache of 512 kB. */
const blockRows = 1_024;

/**
 * The exact k-nearest-neighbour graph. Every pair of rows is estimated once from 16-bit numbers; the best k + 6 of each
 * row are then computed in f64 sums over the f32 values. Where the estimate could have hidden a neighbour, the row is
 * compared with all others in f64. The result is the same for any number of threads.
 *
 * Memory: see {@link BlockMeetings}, beside the result.
 * @param points n × d, finite; kept, not changed
 * @param kWanted 0…240
 * @throws WinnowError `shape` for a value that is not finite (names the row) or a k out of range
 */
export function* knnGraph(kernels: Kernels, points: Matrix, kWanted: number): Task<KnnGraph> {
  requireNeighbours(kWanted);
  const meetings = new BlockMeetings(kernels, points, kWanted, blockRows);
  try {
    const { rows } = points;
    const { k, blockCount } = meetings;
    if (k === 0) return { rows, k, indices: new Uint32Array(0), distances: new Float32Array(0), recall: 1 };
    yield* meetings.meet(everyPair(blockCount), (blockCount * (blockCount + 1)) / 2);
    const unsure = kernels.memory.u8(meetings.rerank(), rows);
    const again = Uint32Array.from({ length: rows }, (_, row) => row).filter((row) => unsure[row] === 1);
    yield* meetings.compareWithAll(again);
    const { indices, distances } = meetings.results();
    return { rows, k, indices: indices.slice(), distances: distances.slice(), recall: 1 };
  } finally {
    meetings.free();
  }
}

/**
 * Each block meets itself and every other once, as in a tournament: the pairs of one round share no block, so threads
 * never write to the same rows.
 */
function* everyPair(blockCount: number): Generator<[number, number][]> {
  yield Array.from({ length: blockCount }, (_, block) => [block, block]);
  // The circle method: one seat stays, the others go round; with an odd number one block pauses.
  const seats = blockCount + (blockCount % 2);
  for (let round = 0; round < seats - 1; round++) {
    const at = (seat: number): number => (seat === 0 ? seats - 1 : (round + seat) % (seats - 1));
    const pairs: [number, number][] = [];
    for (let seat = 0; seat < seats / 2; seat++) {
      const [a, b] = [at(seat), at(seats - 1 - seat)];
      if (a < blockCount && b < blockCount) pairs.push([Math.min(a, b), Math.max(a, b)]);
    }
    yield pairs;
  }
}

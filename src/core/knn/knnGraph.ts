import type { Kernels } from "../../kernels/load.ts";
import { Blocks } from "../../kernels/memory.ts";
import { knnFields as field } from "../../kernels/state.ts";
import { WinnowError } from "../errors.ts";
import { kernelRows, rowsPerChunk } from "../kernelRows.ts";
import type { Matrix } from "../matrix.ts";
import type { Task } from "../task.ts";

/** For each row its nearest other rows, nearest first; ties go to the lower row. */
export interface KnnGraph {
  rows: number;
  /** Neighbours a row: the k asked for, or rows − 1 when there are fewer. */
  k: number;
  /** rows × k. */
  indices: Uint32Array;
  /** rows × k, Euclidean. */
  distances: Float32Array;
}

/** Rows of a block: two blocks of 128 16-bit numbers a row stay in a second-level cache of 512 kB. */
const blockRows = 1_024;
/** Pairs of blocks a call: some tens of milliseconds, so that a cancel arrives. */
const pairsPerCall = 8;
/** Candidates beyond k: with these, almost no row needs a second look on real embeddings. */
const spare = 6;
/** Lists are kept in 2 kB a thread. */
export const mostNeighbours = 240;
/** Largest 16-bit value that is used: a dot product of two rows of this length stays under 2³¹. */
const quantisedLength = 32_767;

/**
 * The exact k-nearest-neighbour graph. Every pair of rows is estimated once from 16-bit numbers; the best k + 6 of each
 * row are then computed in f64 sums over the f32 values. Where the estimate could have hidden a neighbour, the row is
 * compared with all others in f64. The result is the same for any number of threads.
 *
 * Memory: rows × (4 · cols + 2 · cols + 8 · (k + 6)) bytes beside the result.
 * @param points n × d, finite; kept, not changed
 * @param kWanted 0…240
 * @throws WinnowError `shape` for a value that is not finite (names the row) or a k out of range
 */
export function* knnGraph(kernels: Kernels, points: Matrix, kWanted: number): Task<KnnGraph> {
  if (!(kWanted >= 0 && kWanted <= mostNeighbours)) {
    throw new WinnowError("shape", `expected 0 to ${mostNeighbours} neighbours, got ${kWanted}`);
  }
  const { memory } = kernels;
  const blocks = new Blocks(memory);
  const alloc = (bytes: number): number => blocks.alloc(bytes);
  try {
    const { data, rows, stride, norms } = kernelRows(kernels, alloc, points, "points");
    const k = Math.max(0, Math.min(kWanted, rows - 1));
    const kept = Math.max(0, Math.min(k + spare, rows - 1));
    const panels = Math.ceil(rows / 8);
    const lists = {
      panels: alloc(panels * 8 * stride * 2),
      estimates: alloc(4 * rows * kept),
      candidates: alloc(4 * rows * kept),
      worst: alloc(4 * panels * 8),
      pairs: alloc(8 * pairsPerCall),
      indices: alloc(4 * rows * k),
      distances: alloc(4 * rows * k),
      unsure: alloc(rows),
    };
    const scratch = alloc(4_096 * kernels.threads);
    const state = alloc(4 * field.words);
    let longest = 0;
    for (const squared of memory.f32(norms, rows)) longest = Math.max(longest, squared);
    longest = Math.sqrt(longest) || 1;
    const scale = quantisedLength / longest;
    const words = memory.i32(state, field.words);
    words[field.data] = data;
    words[field.rows] = rows;
    words[field.stride] = stride;
    words[field.norms] = norms;
    words[field.kept] = kept;
    words[field.blockPanels] = blockRows / 8;
    memory.f32(state, field.words)[field.factor] = 2 / (scale * scale);
    words[field.k] = k;
    for (const [name, at] of Object.entries(lists)) words[field[name as keyof typeof lists]] = at;
    memory.f32(lists.estimates, rows * kept).fill(Number.POSITIVE_INFINITY);
    memory.u32(lists.candidates, rows * kept).fill(0xffffffff);
    // Rows that only fill the last panel want no neighbours.
    memory
      .f32(lists.worst, panels * 8)
      .fill(Number.POSITIVE_INFINITY, 0, rows)
      .fill(-1, rows);
    if (k > 0) {
      kernels.range("quantise", panels, rowsPerChunk / 8, state, scale);
      yield* meetAll(kernels, state, lists.pairs, Math.ceil(rows / blockRows));
      // Each value is off by at most half a step, so a row by √stride / 2 steps; both rows of a product, and the f32
      // sums that turn it into a distance.
      const rowError = Math.sqrt(stride) / 2 / scale;
      const margin = 2 * (2 * longest * rowError + rowError ** 2) + 8 * longest ** 2 * 2 ** -22;
      kernels.range("knnRerank", rows, rowsPerChunk, state, margin, kept === rows - 1 ? 1 : 0, scratch);
      const unsure = memory.u8(lists.unsure, rows);
      const again = Uint32Array.from({ length: rows }, (_, row) => row).filter((row) => unsure[row] === 1);
      const list = alloc(4 * again.length);
      memory.u32(list, again.length).set(again);
      const perCall = Math.max(kernels.threads, Math.ceil(20_000_000 / (rows * stride)));
      for (let first = 0; first < again.length; first += perCall) {
        const count = Math.min(perCall, again.length - first);
        kernels.range("knnExactRows", count, Math.ceil(count / kernels.threads), state, list + 4 * first, scratch);
        yield { done: rows - again.length + first + count, total: rows };
      }
    }
    return {
      rows,
      k,
      indices: memory.u32(lists.indices, rows * k).slice(),
      distances: memory.f32(lists.distances, rows * k).slice(),
    };
  } finally {
    blocks.free();
  }
}

/**
 * Lets each block meet itself and every other once, as in a tournament: the pairs of one round share no block, so
 * threads never write to the same rows.
 */
function* meetAll(kernels: Kernels, state: number, pairsAt: number, blockCount: number): Task<void> {
  const total = (blockCount * (blockCount + 1)) / 2;
  let done = 0;
  const meet = function* (pairs: [number, number][]): Task<void> {
    for (let first = 0; first < pairs.length; first += pairsPerCall) {
      const some = pairs.slice(first, first + pairsPerCall);
      kernels.memory.i32(pairsAt, 2 * some.length).set(some.flat());
      kernels.range("knnPairs", some.length, 1, state);
      done += some.length;
      yield { done, total };
    }
  };
  yield* meet(Array.from({ length: blockCount }, (_, block) => [block, block]));
  // The circle method: one seat stays, the others go round; with an odd number one block pauses.
  const seats = blockCount + (blockCount % 2);
  for (let round = 0; round < seats - 1; round++) {
    const at = (seat: number): number => (seat === 0 ? seats - 1 : (round + seat) % (seats - 1));
    const pairs: [number, number][] = [];
    for (let seat = 0; seat < seats / 2; seat++) {
      const [a, b] = [at(seat), at(seats - 1 - seat)];
      if (a < blockCount && b < blockCount) pairs.push([Math.min(a, b), Math.max(a, b)]);
    }
    yield* meet(pairs);
  }
}

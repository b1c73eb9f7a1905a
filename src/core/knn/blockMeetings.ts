import type { Kernels } from "../../kernels/load.ts";
import { Blocks } from "../../kernels/memory.ts";
import { knnFields as field } from "../../kernels/state.ts";
import { WinnowError } from "../errors.ts";
import { type KernelRows, kernelRows, rowsPerChunk } from "../kernelRows.ts";
import type { Matrix } from "../matrix.ts";
import type { Task } from "../task.ts";

/** Candidates beyond k: with these, almost no row needs a second look on real embeddings. */
const spare = 6;
/** Lists are kept in 2 kB a thread. */
export const mostNeighbours = 240;
/** Largest 16-bit value that is used: a dot product of two rows of this length stays under 2³¹. */
const quantisedLength = 32_767;
/** Comparisons of rows a call: some tens of milliseconds, so that a cancel arrives. */
const comparisonsPerCall = 16 * 1_024 ** 2;

/** @throws WinnowError `shape` for a k out of range */
export function requireNeighbours(kWanted: number): void {
  if (!(kWanted >= 0 && kWanted <= mostNeighbours)) {
    throw new WinnowError("shape", `expected 0 to ${mostNeighbours} neighbours, got ${kWanted}`);
  }
}

/**
 * Rows in the kernels' memory, as f32 and as 16-bit numbers, and for each the k + 6 nearest of those it has met. Blocks
 * of rows meet in pairs; then the candidates are computed in f64.
 *
 * Memory: rows × (4 · cols + 2 · cols + 8 · (k + 6)) bytes while blocks meet, rows × (4 · cols + 8 · (2k + 6)) after.
 */
export class BlockMeetings {
  readonly rows: KernelRows;
  /** Neighbours a row: the k asked for, or rows − 1 when there are fewer. */
  readonly k: number;
  readonly blockCount: number;
  /** Byte offset of the kernels' state. */
  readonly state: number;
  private readonly blocks: Blocks;
  private readonly kept: number;
  private readonly scale: number;
  private readonly longest: number;
  private readonly scratch: number;
  private readonly pairsPerCall: number;
  private readonly pairsAt: number;

  /**
   * @param blockRows rows of a block, a multiple of 8
   * @param order the row of `points` that each row in the kernels' memory is; default: the same
   * @throws WinnowError `shape` for a value that is not finite (names the row); nothing is held then
   */
  constructor(
    private readonly kernels: Kernels,
    points: Matrix,
    kWanted: number,
    blockRows: number,
    order?: Uint32Array,
  ) {
    const { memory } = kernels;
    this.blocks = new Blocks(memory);
    const alloc = (bytes: number): number => this.blocks.alloc(bytes);
    try {
      const part = { first: 0, of: points.rows, ...(order && { order }) };
      this.rows = kernelRows(kernels, alloc, points, "points", part);
      const { data, rows, stride, norms } = this.rows;
      this.k = Math.max(0, Math.min(kWanted, rows - 1));
      this.kept = Math.max(0, Math.min(this.k + spare, rows - 1));
      this.blockCount = Math.ceil(rows / blockRows);
      this.pairsPerCall = Math.ceil(comparisonsPerCall / blockRows ** 2);
      this.pairsAt = alloc(8 * this.pairsPerCall);
      this.scratch = alloc(4_096 * kernels.threads);
      this.state = alloc(4 * field.words);
      const panels = Math.ceil(rows / 8);
      const lists = {
        panels: alloc(panels * 8 * stride * 2),
        estimates: alloc(4 * rows * this.kept),
        candidates: alloc(4 * rows * this.kept),
        worst: alloc(4 * panels * 8),
        unsure: alloc(rows),
      };
      let longest = 0;
      for (const squared of memory.f32(norms, rows)) longest = Math.max(longest, squared);
      this.longest = Math.sqrt(longest) || 1;
      this.scale = quantisedLength / this.longest;
      const words = memory.i32(this.state, field.words);
      words[field.data] = data;
      words[field.rows] = rows;
      words[field.stride] = stride;
      words[field.norms] = norms;
      words[field.kept] = this.kept;
      words[field.blockPanels] = blockRows / 8;
      memory.f32(this.state, field.words)[field.factor] = 2 / (this.scale * this.scale);
      words[field.pairs] = this.pairsAt;
      words[field.k] = this.k;
      for (const [name, at] of Object.entries(lists)) words[field[name as keyof typeof lists]] = at;
      memory.f32(lists.estimates, rows * this.kept).fill(Number.POSITIVE_INFINITY);
      memory.u32(lists.candidates, rows * this.kept).fill(0xffffffff);
      // Rows that only fill the last panel want no neighbours.
      memory
        .f32(lists.worst, panels * 8)
        .fill(Number.POSITIVE_INFINITY, 0, rows)
        .fill(-1, rows);
      kernels.range("quantise", panels, rowsPerChunk / 8, this.state, this.scale);
    } catch (error) {
      this.blocks.free();
      throw error;
    }
  }

  /** Lets the pairs of blocks (a ≤ b) meet that are given; no block is in two pairs of one round. */
  *meet(rounds: Iterable<[number, number][]>, total: number): Task<void> {
    let done = 0;
    for (const pairs of rounds) {
      for (let first = 0; first < pairs.length; first += this.pairsPerCall) {
        const some = pairs.slice(first, first + this.pairsPerCall);
        this.kernels.memory.i32(this.pairsAt, 2 * some.length).set(some.flat());
        this.kernels.range("knnPairs", some.length, 1, this.state);
        done += some.length;
        yield { done, total };
      }
    }
  }

  /**
   * Computes the candidates in f64: from now on there are results and no 16-bit numbers, and no blocks can meet.
   * @returns byte offset of a 1 for each row of which a neighbour could be missing although all blocks have met
   */
  rerank(): number {
    const { kernels, k } = this;
    const { rows, stride } = this.rows;
    const words = (): Int32Array => kernels.memory.i32(this.state, field.words);
    this.blocks.release(words()[field.panels]! >>> 0);
    for (const list of ["indices", "distances"] as const) {
      const at = this.blocks.alloc(4 * rows * k);
      words()[field[list]] = at;
    }
    // Each value is off by at most half a step, so a row by √stride / 2 steps; both rows of a product, and the f32
    // sums that turn it into a distance.
    const rowError = Math.sqrt(stride) / 2 / this.scale;
    const margin = 2 * (2 * this.longest * rowError + rowError ** 2) + 8 * this.longest ** 2 * 2 ** -22;
    const complete = this.kept === rows - 1 ? 1 : 0;
    kernels.range("knnRerank", rows, rowsPerChunk, this.state, margin, complete, this.scratch);
    return words()[field.unsure]! >>> 0;
  }

  /** Compares rows with all others in f64, after {@link rerank}. */
  *compareWithAll(list: Uint32Array): Task<void> {
    const { rows, stride } = this.rows;
    const at = this.blocks.alloc(4 * list.length);
    this.kernels.memory.u32(at, list.length).set(list);
    const perCall = Math.max(this.kernels.threads, Math.ceil(20_000_000 / (rows * stride)));
    for (let first = 0; first < list.length; first += perCall) {
      const count = Math.min(perCall, list.length - first);
      const chunk = Math.ceil(count / this.kernels.threads);
      this.kernels.range("knnExactRows", count, chunk, this.state, at + 4 * first, this.scratch);
      yield { done: rows - list.length + first + count, total: rows };
    }
  }

  /** Rows × k, after {@link rerank}: views, good until the next block of memory is asked for. */
  results(): { indices: Uint32Array; distances: Float32Array } {
    const { memory } = this.kernels;
    const words = memory.u32(this.state, field.words);
    const size = this.rows.rows * this.k;
    return { indices: memory.u32(words[field.indices]!, size), distances: memory.f32(words[field.distances]!, size) };
  }

  free(): void {
    this.blocks.free();
  }
}

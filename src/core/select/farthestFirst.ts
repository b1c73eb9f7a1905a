import type { Kernels } from "../../kernels/load.ts";
import { Blocks } from "../../kernels/memory.ts";
import { kCenterFields as field } from "../../kernels/state.ts";
import { WinnowError } from "../errors.ts";
import { kernelRows, rowsPerChunk } from "../kernelRows.ts";
import type { Matrix } from "../matrix.ts";
import type { Task } from "../task.ts";

/** The farthest row and what is known of it. */
export interface Farthest {
  row: number;
  /** Squared distance to the nearest chosen row; Infinity when none is chosen. */
  squared: number;
  /** That nearest chosen row; −1 when none is. */
  nearest: number;
}

/**
 * While this many rows are chosen, every row is compared with every new one, on all threads: nearly all of these
 * comparisons are needed anyway. Then rows wait in a heap and are compared only when they come to its top.
 */
const comparedWithAll = 64;
/** Distances computed between two reports of progress: about a millisecond. */
const budget = 50_000;

/** The chosen set and every row's distance to it, in the kernels' memory. Call {@link free} at the end. */
export class FarthestFirst {
  private readonly blocks: Blocks;
  private readonly state: number;
  private readonly rows: number;
  private readonly nearest: number;
  private readonly nearestRow: number;
  private readonly seen: number;
  private readonly bestSquared: number;
  private readonly bestRow: number;
  private readonly lazy: boolean;
  private readonly weighed: boolean;
  private heaped = false;
  private best: Farthest | null = null;

  /**
   * @param embeddings n × d, finite
   * @param capacity how many rows will be chosen at most, those chosen from the start included
   * @param options.lazy false to compare every row with every chosen one, which keeps all distances up to date
   * @param options.candidates n, 1 for a row that may be the farthest; default all
   * @param options.weights n, above 0: the farthest is the row whose squared distance (at least 1e-18) times its weight
   *   is largest; lazy only
   * @throws WinnowError `shape` for a value that is not finite (names the row)
   */
  constructor(
    private readonly kernels: Kernels,
    embeddings: Matrix,
    capacity: number,
    options: { lazy?: boolean; candidates?: Uint8Array; weights?: Float64Array } = {},
  ) {
    const { lazy = true, candidates, weights } = options;
    this.lazy = lazy;
    this.weighed = weights !== undefined;
    const { memory } = kernels;
    const blocks = new Blocks(memory);
    this.blocks = blocks;
    const alloc = (bytes: number): number => blocks.alloc(bytes);
    try {
      const { data, rows, stride, norms } = kernelRows(kernels, alloc, embeddings, "embeddings");
      this.rows = rows;
      this.nearest = alloc(8 * rows);
      this.nearestRow = alloc(4 * rows);
      this.seen = alloc(4 * rows);
      const chunks = Math.ceil(rows / rowsPerChunk);
      this.bestSquared = alloc(8 * chunks);
      this.bestRow = alloc(4 * chunks);
      this.state = alloc(4 * field.words);
      const weightsAt = weights ? alloc(8 * rows) : 0;
      const pointers: [number, number][] = [
        [field.data, data],
        [field.rows, rows],
        [field.stride, stride],
        [field.norms, norms],
        [field.nearest, this.nearest],
        [field.nearestRow, this.nearestRow],
        [field.seen, this.seen],
        [field.heap, alloc(4 * rows)],
        [field.centres, alloc(4 * (capacity + 1) * stride)],
        [field.centreRows, alloc(4 * (capacity + 1))],
        [field.centreNorms, alloc(4 * (capacity + 4))],
        [field.weights, weightsAt],
      ];
      const words = memory.i32(this.state, field.words);
      for (const [index, value] of pointers) words[index] = value;
      memory.f64(this.nearest, rows).fill(Number.POSITIVE_INFINITY);
      memory.i32(this.nearestRow, rows).fill(-1);
      if (weights) memory.f64(weightsAt, rows).set(weights);
      if (candidates) {
        const seen = memory.i32(this.seen, rows);
        for (let row = 0; row < rows; row++) if (candidates[row] === 0) seen[row] = -1;
      }
    } catch (error) {
      blocks.free();
      throw error;
    }
  }

  /** Makes a row chosen: the farthest, or any other. */
  *choose(row: number): Task<void> {
    if (row >= this.rows) throw new WinnowError("shape", `chosen row ${row} of ${this.rows} rows`, { row });
    const { memory } = this.kernels;
    const words = memory.i32(this.state, field.words);
    const count = words[field.centreCount]!;
    const stride = words[field.stride]!;
    const from = words[field.data]! + 4 * row * stride;
    memory.f32(words[field.centres]! + 4 * count * stride, stride).set(memory.f32(from, stride));
    memory.i32(words[field.centreRows]!, count + 1)[count] = row;
    memory.f32(words[field.centreNorms]!, count + 1)[count] = memory.f32(words[field.norms]!, this.rows)[row]!;
    words[field.centreCount] = count + 1;
    memory.i32(this.seen, this.rows)[row] = -1;
    if (!this.lazy || (!this.heaped && !this.weighed && count < comparedWithAll)) yield* this.compareAll(count);
  }

  /** Puts other numbers into a row that nothing was compared with yet. */
  place(row: number, values: Float32Array): void {
    const { memory } = this.kernels;
    const words = memory.i32(this.state, field.words);
    const stride = words[field.stride]!;
    memory.f32(words[field.data]! + 4 * row * stride, stride).set(values);
    memory.f32(words[field.norms]!, this.rows)[row] = values.reduce((sum, x) => sum + x * x, 0);
  }

  /** The sum over all rows of the distance (Euclidean) to the nearest chosen one. Not in lazy mode. */
  sumOfDistances(): number {
    const squared = this.kernels.memory.f64(this.nearest, this.rows);
    const seen = this.kernels.memory.i32(this.seen, this.rows);
    let sum = 0;
    // A row that is chosen, or no candidate, counts nothing.
    for (let row = 0; row < this.rows; row++) if (seen[row]! >= 0) sum += Math.sqrt(squared[row]!);
    return sum;
  }

  /** The row that is farthest from all chosen ones, the lowest of equals; null when every row is chosen. */
  *farthest(): Task<Farthest | null> {
    const { memory, module } = this.kernels;
    if (memory.i32(this.state, field.words)[field.centreCount] === 0) {
      return this.rows > 0 ? { row: 0, squared: Number.POSITIVE_INFINITY, nearest: -1 } : null;
    }
    const few = !this.weighed && memory.i32(this.state, field.words)[field.centreCount]! <= comparedWithAll;
    if (!this.heaped && (!this.lazy || few)) return this.best;
    if (!this.heaped) {
      module.kCenterHeapify(this.state);
      this.heaped = true;
    }
    while (module.kCenterSettle(this.state, budget) === 0) yield { done: 0, total: 0 };
    const words = memory.i32(this.state, field.words);
    return words[field.heapSize] === 0 ? null : this.about(memory.i32(words[field.heap]!, 1)[0]!);
  }

  /** Every row's distance (Euclidean) to its nearest chosen row; Infinity when none is. Not in lazy mode. */
  distances(): Float32Array {
    const { memory } = this.kernels;
    const squared = memory.f64(this.nearest, this.rows);
    const seen = memory.i32(this.seen, this.rows);
    const distances = new Float32Array(this.rows);
    // A chosen row is not compared any more.
    for (let row = 0; row < this.rows; row++) distances[row] = seen[row]! < 0 ? 0 : Math.sqrt(squared[row]!);
    return distances;
  }

  /** Every row's squared distance to its nearest chosen row, a view; stale for chosen rows. Not in lazy mode. */
  squared(): Float64Array {
    return this.kernels.memory.f64(this.nearest, this.rows);
  }

  /** The chosen row that a row is nearest to, by row, a view; −1 for none. Not in lazy mode. */
  nearestChosen(): Int32Array {
    return this.kernels.memory.i32(this.nearestRow, this.rows);
  }

  free(): void {
    this.blocks.free();
  }

  private about(row: number): Farthest {
    const { memory } = this.kernels;
    const nearest = memory.i32(this.nearestRow, this.rows)[row]!;
    return { row, squared: memory.f64(this.nearest, this.rows)[row]!, nearest };
  }

  private *compareAll(centre: number): Task<void> {
    const { memory } = this.kernels;
    const chunks = Math.ceil(this.rows / rowsPerChunk);
    this.kernels.range(
      "distanceUpdate",
      this.rows,
      rowsPerChunk,
      this.state,
      centre,
      rowsPerChunk,
      this.bestSquared,
      this.bestRow,
    );
    const squared = memory.f64(this.bestSquared, chunks);
    const rows = memory.i32(this.bestRow, chunks);
    let best = -1;
    let value = -1;
    for (let chunk = 0; chunk < chunks; chunk++) {
      if (squared[chunk]! > value) {
        value = squared[chunk]!;
        best = rows[chunk]!;
      }
    }
    this.best = best < 0 ? null : this.about(best);
    yield { done: 0, total: 0 };
  }
}

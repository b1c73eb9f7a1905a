import type { Kernels } from "../../kernels/load.ts";
import { type Matrix, matrix } from "../matrix.ts";
import { Random } from "../random.ts";
import { FarthestFirst } from "../select/farthestFirst.ts";
import type { Task } from "../task.ts";

/** Distances that measuring one choice may take, about a second's work. Beyond it a sample of the rows is measured. */
const mostDistances = 6e7;
/** A sample is never smaller: a radius of fewer rows says little. */
const leastMeasured = 5_000;

/** How far the picks so far reach. */
export interface Reach {
  /** Largest distance of a measured row to its nearest chosen one. */
  radius: number;
  /** Mean of these distances. */
  mean: number;
}

/**
 * The rows in which coverage is measured: all of the part where that is affordable, else a random sample of them.
 * @param part ascending; null: all `rows`
 * @returns ascending; null: all
 */
export function measuredRows(rows: number, part: Uint32Array | null, picks: number, seed: number): Uint32Array | null {
  const all = part?.length ?? rows;
  const most = Math.max(leastMeasured, Math.floor(mostDistances / Math.max(1, picks)));
  if (all <= most) return part;
  const sample = new Random(seed).sample(all, most).sort();
  return part ? sample.map((i) => part[i]!) : sample;
}

/** Measures a growing choice pick after pick. Call {@link free} at the end. */
export class CoverageMeter {
  private readonly set: FarthestFirst;
  /** Place of a row in what is measured. */
  private readonly placeOf: Map<number, number> | null;
  private readonly measured: number;
  /** Where the next chosen row goes that is not measured itself. */
  private spare: number;

  /**
   * @param embeddings L2-normalised, rows × dim
   * @param among rows in which coverage is measured, ascending; null: all
   * @param capacity how many rows will be chosen at most
   */
  constructor(
    kernels: Kernels,
    private readonly embeddings: Matrix,
    among: Uint32Array | null,
    capacity: number,
  ) {
    this.measured = among?.length ?? embeddings.rows;
    this.spare = this.measured;
    this.placeOf = among && new Map(Array.from(among, (row, place) => [row, place]));
    if (among === null) {
      this.set = new FarthestFirst(kernels, embeddings, capacity, { lazy: false });
      return;
    }
    const { cols } = embeddings;
    const total = this.measured + capacity;
    const data = new Float32Array(total * cols);
    for (const [place, row] of among.entries()) data.set(this.vector(row), place * cols);
    const candidates = new Uint8Array(total).fill(1, 0, this.measured);
    this.set = new FarthestFirst(kernels, matrix(data, total, cols), capacity, { lazy: false, candidates });
  }

  /** Chooses a row. */
  *choose(row: number): Task<Reach> {
    let place = this.placeOf ? this.placeOf.get(row) : row;
    if (place === undefined) {
      place = this.spare++;
      this.set.place(place, this.vector(row));
    }
    yield* this.set.choose(place);
    const farthest = yield* this.set.farthest();
    return {
      radius: Math.sqrt(farthest?.squared ?? 0),
      mean: this.set.sumOfDistances() / this.measured,
    };
  }

  free(): void {
    this.set.free();
  }

  private vector(row: number): Float32Array {
    const { data, cols } = this.embeddings;
    return data.subarray(row * cols, (row + 1) * cols);
  }
}

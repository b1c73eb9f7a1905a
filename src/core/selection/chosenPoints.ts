import type { Kernels } from "../../kernels/load.ts";
import type { Matrix } from "../matrix.ts";
import { groupOfPoints } from "../objects/objectPoints.ts";
import { FarthestFirst } from "../select/farthestFirst.ts";
import type { Task } from "../task.ts";

/** What units stand for in the embedding: unit i is point i, or it has the points first[i] … first[i + 1]. */
export interface UnitPoints {
  embeddings: Matrix;
  first: Uint32Array | null;
}

export interface ChosenPointsOptions {
  /** False to keep all distances up to date. Default true. */
  lazy?: boolean;
  /** By unit: 1 where it may be the farthest. Default all. */
  candidates?: Uint8Array;
  /** By unit, above 0: the farthest is the one whose squared distance times this is largest; lazy only. */
  weights?: Float64Array;
}

/**
 * The points of the chosen units, and how far other units are from them: a unit is as far as the farthest of its points.
 * Call {@link free} at the end.
 */
export class ChosenPoints {
  private readonly nearest: FarthestFirst;
  private readonly unitOf: Uint32Array | null;
  private readonly far: Float64Array | null;
  private points = 0;

  /** @param most how many units will be chosen */
  constructor(
    kernels: Kernels,
    private readonly of: UnitPoints,
    most: number,
    { lazy = true, candidates, weights }: ChosenPointsOptions = {},
  ) {
    const { embeddings, first } = of;
    this.unitOf = first && groupOfPoints({ first, points: embeddings.rows });
    this.far = first && new Float64Array(first.length - 1);
    const unitOf = this.unitOf;
    this.nearest = new FarthestFirst(kernels, embeddings, mostPoints(first, most), {
      lazy,
      ...(candidates && { candidates: unitOf ? Uint8Array.from(unitOf, (unit) => candidates[unit]!) : candidates }),
      ...(weights && { weights: unitOf ? Float64Array.from(unitOf, (unit) => weights[unit]!) : weights }),
    });
  }

  /** No point is chosen, so everything is equally far. */
  get isEmpty(): boolean {
    return this.points === 0;
  }

  /** The unit that is farthest from all that is chosen, the lowest of equals; null when none is left. */
  *farthest(): Task<{ unit: number; squared: number } | null> {
    const found = yield* this.nearest.farthest();
    return found && { unit: this.unitOf ? this.unitOf[found.row]! : found.row, squared: found.squared };
  }

  *choose(unit: number): Task<void> {
    const { first } = this.of;
    const from = first ? first[unit]! : unit;
    const to = first ? first[unit + 1]! : unit + 1;
    for (let point = from; point < to; point++) yield* this.nearest.choose(point);
    this.points += to - from;
  }

  /** By unit the squared distance to the nearest chosen point; stale for chosen units. Not in lazy mode. */
  squared(): Float64Array {
    const squared = this.nearest.squared();
    const { far, of } = this;
    if (far === null || of.first === null) return squared;
    for (let unit = 0; unit < far.length; unit++) {
      let most = 0;
      for (let i = of.first[unit]!; i < of.first[unit + 1]!; i++) most = Math.max(most, squared[i]!);
      far[unit] = most;
    }
    return far;
  }

  free(): void {
    this.nearest.free();
  }
}

/** How many points `most` units have at most. */
function mostPoints(first: Uint32Array | null, most: number): number {
  if (first === null) return most;
  const sizes = Uint32Array.from({ length: first.length - 1 }, (_, unit) => first[unit + 1]! - first[unit]!);
  return sizes
    .sort()
    .subarray(Math.max(0, sizes.length - most))
    .reduce((sum, size) => sum + size, 0);
}

import type { Kernels } from "../../kernels/load.ts";
import type { Task } from "../task.ts";
import { ChosenPoints } from "./chosenPoints.ts";
import { leastFactor } from "./logFloor.ts";
import type { Play } from "./play.ts";

/** The factors of DIVERSITY strategies that look at the same points: how far every unit is from the chosen ones. */
export class DistanceFactors {
  private readonly chosen: ChosenPoints;
  private readonly least: number;
  private readonly strength: number;
  private readonly seen: Float64Array;
  private readonly logs: Float64Array;
  /** Null while nothing is chosen: everything is equally far. */
  private squared: Float64Array | null = null;

  constructor(
    kernels: Kernels,
    private readonly parts: Play["diversity"],
    most: number,
  ) {
    const { points } = parts[0]!;
    this.chosen = new ChosenPoints(kernels, points, most, { lazy: false });
    this.least = parts.reduce((largest, { minDistance }) => Math.max(largest, minDistance), 0) ** 2;
    this.strength = parts.reduce((sum, part) => sum + part.strength, 0);
    const units = points.first ? points.first.length - 1 : points.embeddings.rows;
    this.seen = new Float64Array(units).fill(Number.NaN);
    this.logs = new Float64Array(units);
  }

  choose(unit: number): Task<void> {
    return this.chosen.choose(unit);
  }

  /** Before units are looked at, after others were chosen. */
  update(): void {
    this.squared = this.chosen.isEmpty ? null : this.chosen.squared();
  }

  isTooNear(unit: number): boolean {
    return this.squared !== null && this.squared[unit]! < this.least;
  }

  /** Σ strength · ln distance. */
  logOf(unit: number): number {
    if (this.squared === null) return 0;
    const d = this.squared[unit]!;
    if (d !== this.seen[unit]) {
      this.seen[unit] = d;
      this.logs[unit] = 0.5 * Math.log(Math.max(leastFactor ** 2, d));
    }
    return this.strength * this.logs[unit]!;
  }

  addFactors(unit: number, factors: Map<number, number>): void {
    for (const { strategy } of this.parts) factors.set(strategy, this.squared ? Math.sqrt(this.squared[unit]!) : 1);
  }

  free(): void {
    this.chosen.free();
  }
}

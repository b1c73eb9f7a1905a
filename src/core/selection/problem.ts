import type { KnnGraph } from "../knn/knnGraph.ts";
import type { Matrix } from "../matrix.ts";
import type { ObjectPoints } from "../objects/objectPoints.ts";
import type { Task } from "../task.ts";
import type { SelectionInput } from "./config.ts";

/** How often each class occurs in each image: a category has one class with count 1. */
export interface ClassCounts {
  names: readonly string[];
  /** rows + 1: where each row's entries begin. */
  first: Uint32Array;
  classes: Uint32Array;
  counts: Float64Array;
}

/** What strategies look at. What is asked for and not there is a WinnowError `config` that says what there is. */
export interface SelectionData {
  rows: number;
  /** L2-normalised, rows × dim. */
  embeddings: Matrix;
  /** The kNN graph of these embeddings with at least k neighbours, or all others. */
  graph(k: number): Task<KnnGraph>;
  path(row: number): string;
  /** By row; NaN where an image has none. */
  numbers(input: Extract<SelectionInput, { type: "SCORES" | "METADATA" | "PREDICTIONS" }>): Float64Array;
  classes(input: Extract<SelectionInput, { type: "METADATA" | "PREDICTIONS" }>): ClassCounts;
  /** The objects of a task, as points of the same space; by row. */
  objects(task: string): ObjectPoints;
  /** Rows with a tag. */
  tagged(name: string): Iterable<number>;
}

/** Which images may be chosen, and which are. */
export interface SelectionScope {
  /** Rows that count as chosen and are never returned; in any order. */
  alreadyChosen: Uint32Array;
  /** The only rows that may be chosen and are to be covered; null: all. */
  among: Uint32Array | null;
  /** How many further images are named, those that would come next. Default 0. */
  beyond?: number;
}

/** What was chosen, and why. */
export interface SelectionOutcome {
  /** In pick order; without those chosen already. */
  rows: Uint32Array;
  /** What would have come next, in that order. */
  next: Uint32Array;
  /** How many were asked for; fewer are chosen when fewer are left or a condition stops. */
  requested: number;
  /** picks × strategies: the factor of each strategy, before its strength, when the pick was taken; NaN for a THRESHOLD. */
  factors: Float64Array;
  /** Why it ended, for people, when it ended early; “” otherwise. */
  stopped: string;
  /** What a person should know: images left out for want of a value, weights that were mapped. */
  notes: string[];
}

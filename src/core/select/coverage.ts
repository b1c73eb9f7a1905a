import type { Kernels } from "../../kernels/load.ts";
import type { Matrix } from "../matrix.ts";
import type { Task } from "../task.ts";
import { FarthestFirst } from "./farthestFirst.ts";

/**
 * Covering radius after each pick of a given order: the largest distance (Euclidean) of any row to its nearest chosen
 * one. Serves to compare a selection with another, such as a random one.
 * @param rows picks in order
 * @param alreadyChosen rows that count as chosen from the start
 */
export function* radiiOf(
  kernels: Kernels,
  embeddings: Matrix,
  rows: Uint32Array,
  alreadyChosen: Uint32Array,
): Task<Float32Array> {
  return (yield* coverageOf(kernels, embeddings, rows, alreadyChosen)).radii;
}

/** How far picks in a given order have come, and how each stands to those before it. */
export interface Coverage {
  /** Covering radius after each pick. */
  radii: Float32Array;
  /** For each pick its nearest row among those chosen before; −1 for a first pick of an empty set. */
  nearestChosen: Int32Array;
  /** For each pick its distance to that row; 0 for a first pick of an empty set. */
  pickDistances: Float32Array;
}

/**
 * {@link Coverage} of picks.
 * @param rows picks in order
 * @param alreadyChosen rows that count as chosen from the start
 */
export function* coverageOf(
  kernels: Kernels,
  embeddings: Matrix,
  rows: Uint32Array,
  alreadyChosen: Uint32Array,
): Task<Coverage> {
  const radii = new Float32Array(rows.length);
  const nearestChosen = new Int32Array(rows.length).fill(-1);
  const pickDistances = new Float32Array(rows.length);
  const total = rows.length;
  const chosen = new FarthestFirst(kernels, embeddings, total + alreadyChosen.length, { lazy: false });
  try {
    for (const row of alreadyChosen) {
      yield* chosen.choose(row);
      yield { done: 0, total };
    }
    for (let pick = 0; pick < total; pick++) {
      const row = rows[pick]!;
      if (pick > 0 || alreadyChosen.length > 0) {
        nearestChosen[pick] = chosen.nearestChosen()[row]!;
        pickDistances[pick] = Math.sqrt(chosen.squared()[row]!);
      }
      yield* chosen.choose(row);
      radii[pick] = Math.sqrt((yield* chosen.farthest())?.squared ?? 0);
      yield { done: pick + 1, total };
    }
    return { radii, nearestChosen, pickDistances };
  } finally {
    chosen.free();
  }
}
